// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase)
struct PreparedStatementsTests {
  private func names(_ connection: PostgresConnection) async throws -> [String] {
    // Not prepared itself, so that it does not count.
    let query = Query("select statement from pg_prepared_statements order by 1", prepared: false)
    return try await connection.execute(query).map { row in try row.decode(0, as: String.self) }
  }

  @Test func preparesOncePerTextAndTypes() async throws {
    let connection = try await TestDatabase.current.connect()
    for _ in 0..<3 { _ = try await connection.execute(Query("select $1", 1)) }
    _ = try await connection.execute(Query("select $1", "text"))
    _ = try await connection.pipeline([Query("select 'p'"), Query("select 'p'")])
    #expect(try await names(connection) == ["select $1", "select $1", "select 'p'"])
    let uses: Int = try await connection.value(
      Query(
        "select max(generic_plans + custom_plans) from pg_prepared_statements", prepared: false))
    #expect(uses == 3)
  }

  @Test func keepsNothingInNoneModeOrWhenAskedNotTo() async throws {
    let none = try await TestDatabase.current.connect(cache: .none)
    _ = try await none.execute(Query("select 1"))
    #expect(try await names(none).isEmpty)
    let zero = try await TestDatabase.current.connect(cache: .cached(limit: 0))
    _ = try await zero.execute(Query("select 1"))
    #expect(try await names(zero).isEmpty)
    let cached = try await TestDatabase.current.connect()
    _ = try await cached.execute(Query("select 1", prepared: false))
    #expect(try await names(cached).isEmpty)
  }

  @Test func evictsTheLeastRecentlyUsedOnTheServerToo() async throws {
    let connection = try await TestDatabase.current.connect(cache: .cached(limit: 3))
    for name in ["a", "b", "c", "a", "d"] {
      _ = try await connection.execute(Query("select '\(name)'"))
    }
    #expect(try await names(connection) == ["select 'a'", "select 'c'", "select 'd'"])
    // More new statements in one pipeline than the cache holds, the first again at the end.
    let many = (["x"] + (0..<20).map { "n\($0)" } + ["x"]).map { Query("select '\($0)'") }
    let results = try await connection.pipeline(many)
    #expect(try results.last?.first?.decode(0, as: String.self) == "x")
    #expect(try await names(connection) == ["select 'n18'", "select 'n19'", "select 'x'"])
    #expect(await connection.preparedStatementCount == 3)
  }

  @Test func doesNotRememberAPrepareThatFailedOrWasAborted() async throws {
    let connection = try await TestDatabase.current.connect()
    _ = try await postgresError {
      try await connection.pipeline([
        Query("select 'good'"), Query("select * from later"), Query("select 'aborted'"),
      ])
    }
    #expect(try await names(connection) == ["select 'good'"])
    #expect(await connection.preparedStatementCount == 1)
    _ = try await connection.execute(Query("create table later (id int8)", prepared: false))
    let results = try await connection.pipeline([
      Query("select 'good'"), Query("select * from later"), Query("select 'aborted'"),
    ])
    #expect(results.count == 3)
  }

  @Test func survivesAFailureInAPipelineThatEvicts() async throws {
    let connection = try await TestDatabase.current.connect(cache: .cached(limit: 2))
    _ = try await connection.pipeline([Query("select 'a'"), Query("select 'b'")])
    _ = try await postgresError {
      try await connection.pipeline([
        Query("select broken", prepared: false), Query("select 'c'"), Query("select 'd'"),
        Query("select 'e'"),
      ])
    }
    for name in ["a", "b", "c", "d", "e", "a"] {
      let value: String = try await connection.value(Query("select '\(name)'"))
      #expect(value == name)
    }
    #expect(try await names(connection) == ["select 'a'", "select 'e'"])
  }

  @Test func preparesAgainWhatTheServerHasLostOrOutgrown() async throws {
    let connection = try await TestDatabase.current.connect()
    try await connection.script("create table t (id int8)")
    _ = try await connection.execute(Query("select * from t"))
    try await connection.script("alter table t add column v text")
    let outgrown = try await postgresError {
      try await connection.execute(Query("select * from t"))
    }
    #expect(outgrown.sqlState == .featureNotSupported)
    #expect(try await connection.execute(Query("select * from t")).columns == ["id", "v"])
    try await connection.script("deallocate all")
    let lost = try await postgresError { try await connection.execute(Query("select * from t")) }
    #expect(lost.sqlState == .invalidStatementName)
    #expect(try await connection.execute(Query("select * from t")).columns == ["id", "v"])
  }

  @Test func rollsBackEvenIfSomethingIsToBeDeallocated() async throws {
    let connection = try await TestDatabase.current.connect(cache: .cached(limit: 1))
    for _ in 0..<3 {
      let error = try await postgresError {
        try await connection.withTransaction { transaction in
          _ = try await transaction.execute(Query("select 'a'"))
          _ = try await transaction.execute(Query("select 1/0"))
        }
      }
      #expect(error.sqlState?.rawValue == "22012")
      #expect(await connection.isReusable)
    }
  }
}

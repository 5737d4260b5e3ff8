// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase)
struct PostgresConnectionTests {
  @Test func runsStatementsWithParameters() async throws {
    let connection = try await TestDatabase.current.connect()
    let created = try await connection.execute(
      Query("create table t (id int8 primary key, v text)"))
    #expect(created.isEmpty)
    let inserted = try await connection.execute(
      Query(
        "insert into t select unnest($1::int8[]), unnest($2::text[])", [1, 2, 3], ["a", nil, "c"]))
    #expect(inserted.affectedRows == 3)
    let rows = try await connection.execute(Query("select id, v from t order by id"))
    let values = try rows.map { row in
      try (row.decode(0, as: Int.self), row.decode(1, as: String?.self))
    }
    #expect(values.map(\.0) == [1, 2, 3])
    #expect(values.map(\.1) == ["a", nil, "c"])
    #expect(await connection.isReusable)
  }

  @Test func carriesLargeParametersAndResults() async throws {
    let connection = try await TestDatabase.current.connect()
    let bytes = (0..<(8 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let back: [UInt8] = try await connection.value(Query("select $1::bytea", bytes))
    #expect(back == bytes)
    let rows = try await connection.execute(Query("select generate_series(1, 100000)::int8"))
    #expect(rows.count == 100_000)
    #expect(try rows[99_999].decode(0, as: Int.self) == 100_000)
  }

  @Test func sendsAPipelineLargerThanAllBuffersWithoutDeadlock() async throws {
    let connection = try await TestDatabase.current.connect()
    let megabyte = [UInt8](repeating: 9, count: 1 << 20)
    let queries = (0..<24).map { _ in Query("select $1::bytea", megabyte) }
    let results = try await connection.pipeline(queries)
    #expect(results.count == 24)
    #expect(try results.allSatisfy { try $0[0].decode(0, as: [UInt8].self) == megabyte })
  }

  @Test func pipelinesInOneTransaction() async throws {
    let connection = try await TestDatabase.current.connect()
    let results = try await connection.pipeline([
      Query("create table t (id int8)"), Query("insert into t values ($1)", 1),
      Query("select id from t"), Query("select txid_current()"), Query("select txid_current()"),
    ])
    #expect(results.map(\.affectedRows) == [0, 1, 1, 1, 1])
    #expect(try results[3][0].decode(0, as: Int.self) == results[4][0].decode(0, as: Int.self))
    #expect(try await connection.pipeline([]).isEmpty)
  }

  @Test(arguments: [0, 1, 50, 99])
  func namesTheStatementThatFailedAndStaysUsable(index: Int) async throws {
    let connection = try await TestDatabase.current.connect()
    _ = try await connection.execute(Query("create table t (id int8 not null)"))
    let queries = (0..<100).map { number in
      number == index
        ? Query("insert into t values (null)") : Query("insert into t values ($1)", number)
    }
    let error = try await postgresError { try await connection.pipeline(queries) }
    #expect(error.code == .server)
    #expect(error.sqlState == .notNullViolation)
    #expect(error.failedStatement == index)
    #expect(await connection.isReusable)
    #expect(try await connection.value(Query("select count(*) from t"), as: Int.self) == 0)
  }

  @Test func namesAStatementThatCannotBePrepared() async throws {
    let connection = try await TestDatabase.current.connect()
    for prepared in [true, false] {
      let error = try await postgresError {
        try await connection.pipeline([
          Query("select 1"), Query("select nonsense", prepared: prepared), Query("select 2"),
        ])
      }
      #expect(error.failedStatement == 1)
    }
    #expect(try await connection.value(Query("select 2"), as: Int.self) == 2)
  }

  @Test func saysWhichConstraintWasViolatedAndNeverWhichValue() async throws {
    let connection = try await TestDatabase.current.connect()
    try await connection.script(
      "create table accounts (name text constraint accounts_name_key unique)")
    let insert = Query("insert into accounts values ($1)", "planted-value-4711")
    _ = try await connection.execute(insert)
    let error = try await postgresError { try await connection.execute(insert) }
    #expect(error.sqlState == .uniqueViolation)
    #expect(error.constraint == "accounts_name_key")
    #expect(error.table == "accounts")
    // The plant works: the server's message does hold the value.
    let message = try #require(error.serverMessage)
    #expect(message.contains("planted-value-4711"))
    var dumped = ""
    dump(error, to: &dumped)
    for text in [error.description, "\(error)", String(reflecting: error), dumped] {
      #expect(!text.contains("4711"))
      #expect(text.contains("accounts_name_key") && text.contains("23505"))
    }
  }

  @Test func refusesWhatTheProtocolCannotCarry() async throws {
    let connection = try await TestDatabase.current.connect()
    let many = Query("select 1", parameters: [Int](repeating: 1, count: 65_536))
    for query in [many, Query("select 1\0; drop table t")] {
      let error = try await postgresError { try await connection.execute(query) }
      #expect(error.code == .misuse)
    }
    #expect(await connection.isReusable)
    let nul = try await postgresError { try await connection.execute(Query("select $1", "a\0b")) }
    #expect(nul.sqlState?.rawValue == "22021")
    let most = (1...65_535).map { "$\($0)::int8" }.joined(separator: ",")
    let numbers = [Int](repeating: 1, count: 65_535)
    let result = try await connection.execute(
      Query("select array[\(most)]", parameters: numbers, prepared: false))
    #expect(try result[0].decode(0, as: [Int].self) == numbers)
  }

  @Test func takesOneStatementAtATimeOnly() async throws {
    let connection = try await TestDatabase.current.connect()
    let error = try await postgresError {
      try await connection.execute(Query("select 1; select 2"))
    }
    #expect(error.sqlState == .syntaxError)
  }

  @Test func closesWhenAskedToCopy() async throws {
    let connection = try await TestDatabase.current.connect()
    let error = try await postgresError {
      try await connection.execute(Query("copy (select 1) to stdout"))
    }
    #expect(error.code == .misuse)
    #expect(await !connection.isReusable)
  }

  @Test func refusesASecondExchangeMeanwhile() async throws {
    let database = TestDatabase.current
    let connection = try await database.connect()
    async let first = connection.execute(Query("select pg_advisory_lock(1)"))
    _ = try await first
    let holder = try await database.connect()
    async let blocked = holder.execute(Query("select pg_advisory_lock(1) as blocked"))
    try await database.waitUntil(holder.backendProcessID, runs: "blocked")
    let error = try await postgresError { try await holder.execute(Query("select 1")) }
    #expect(error.code == .connectionBusy)
    _ = try await connection.execute(Query("select pg_advisory_unlock(1)"))
    _ = try await blocked
    #expect(await holder.isReusable)
  }

  @Test func runsScripts() async throws {
    let connection = try await TestDatabase.current.connect()
    try await connection.script(
      "create table a (); create table b (); select 1; insert into a default values")
    let error = try await postgresError {
      try await connection.script("create table c (); create table a (); create table d ()")
    }
    #expect(error.sqlState?.rawValue == "42P07")
    #expect(await connection.isReusable)
    let count: Int = try await connection.value(
      Query("select count(*) from pg_class where relname in ('a', 'b', 'c', 'd') and relkind = 'r'")
    )
    #expect(count == 2)
    let copy = try await postgresError { try await connection.script("copy a to stdout") }
    #expect(copy.code == .misuse)
    #expect(await !connection.isReusable)
  }

  @Test func takesOnTheRole() async throws {
    let database = TestDatabase.current
    try await database.psql("create role visitor_\(database.name)")
    let role = "visitor_\(database.name)"
    let connection = try await PostgresConnection.connect(database.configuration(role: role))
    #expect(try await connection.value(Query("select current_user"), as: String.self) == role)
    await connection.close()
    try await database.psql("drop role \(role)")
    for bad in [
      "Visitor", "a b", "", "1a", "a\"; drop table t; --", String(repeating: "a", count: 64),
    ] {
      let error = try await postgresError {
        try await PostgresConnection.connect(database.configuration(role: bad))
      }
      #expect(error.code == .misuse)
    }
    let missing = try await postgresError {
      try await PostgresConnection.connect(database.configuration(role: "nobody_here"))
    }
    #expect(missing.code == .connectionFailed)
  }

  @Test func saysWhyItCannotConnect() async throws {
    var configuration = TestDatabase.current.configuration()
    configuration.conninfo = TestDatabase.current.server.postgres.conninfo(database: "absent")
    let absent = try await postgresError { try await PostgresConnection.connect(configuration) }
    #expect(absent.code == .connectionFailed)
    #expect(absent.sqlState == .unknownDatabase)
    configuration.conninfo = "host=/nonexistent port=1"
    let away = try await postgresError { try await PostgresConnection.connect(configuration) }
    #expect(away.code == .connectionFailed && away.isConnectionFailure)
    configuration.conninfo = "host=x passwort=geheim-4711"
    let unreadable = try await postgresError { try await PostgresConnection.connect(configuration) }
    #expect(unreadable.code == .misuse)
    #expect(!"\(unreadable)".contains("4711"))
  }

  @Test func countsNotices() async throws {
    let connection = try await TestDatabase.current.connect()
    let before = await connection.noticeCount
    try await connection.script("do $$ begin raise warning 'one'; raise warning 'two'; end $$")
    #expect(await connection.noticeCount == before + 2)
  }
}

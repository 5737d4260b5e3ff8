// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase)
struct TransactTests {
  private let database = TestDatabase.current

  private func makeTable(_ connection: PostgresConnection) async throws {
    try await connection.script(
      """
      create table t (
        id int8 constraint t_id_check check (id > 0),
        parent int8 constraint t_parent_key unique deferrable initially deferred)
      """)
  }

  private func insert(_ id: Int, parent: Int? = nil) -> Query {
    Query("insert into t values ($1, $2)", id, parent)
  }

  private func count(_ connection: PostgresConnection) async throws -> Int {
    try await connection.value(Query("select count(*) from t"))
  }

  @Test func commitsInOneRoundTrip() async throws {
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration()
    configuration.conninfo = relay.conninfo(database: database.name)
    let connection = try await PostgresConnection.connect(configuration)
    try await makeTable(connection)
    let before = relay.roundTrips
    let results = try await connection.transact([
      Query("set local hansard.tenant_id = 'x'", prepared: false), insert(1),
      Query("select current_setting('hansard.tenant_id')"),
    ])
    #expect(relay.roundTrips - before == 1)
    #expect(results.map(\.affectedRows) == [0, 1, 1])
    #expect(try results[2][0].decode(0, as: String.self) == "x")
    #expect(try await database.psql("select count(*) from t") == "1\n")
    #expect(await connection.isReusable)
  }

  @Test func undoesEverythingAndNamesTheStatementThatFailed() async throws {
    let connection = try await database.connect()
    try await makeTable(connection)
    let error = try await postgresError {
      try await connection.transact([insert(1), insert(-1), insert(2)])
    }
    #expect(error.constraint == "t_id_check" && error.failedStatement == 1)
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func namesNoStatementWhenCommitItselfFails() async throws {
    let connection = try await database.connect()
    try await makeTable(connection)
    let error = try await postgresError {
      try await connection.transact([insert(1, parent: 7), insert(2, parent: 7)])
    }
    #expect(error.constraint == "t_parent_key" && error.failedStatement == nil)
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func isUnknownWhenTheAnswerIsLost() async throws {
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration()
    configuration.conninfo = relay.conninfo(database: database.name)
    let connection = try await PostgresConnection.connect(configuration)
    try await makeTable(connection)
    relay.loseAnswers(to: "commit")
    let error = try await postgresError { try await connection.transact([insert(1)]) }
    #expect(error.code == .outcomeUnknown)
    #expect(try await database.psql("select count(*) from t") == "1\n")
  }

  @Test func refusesToRunInsideATransaction() async throws {
    let connection = try await database.connect()
    try await makeTable(connection)
    let error = try await postgresError {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(insert(1))
        _ = try await connection.transact([insert(2)])
      }
    }
    #expect(error.code == .misuse)
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }
}

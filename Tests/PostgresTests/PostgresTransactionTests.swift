// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase)
struct PostgresTransactionTests {
  private struct Refusal: Error {}

  private func connection() async throws -> PostgresConnection {
    let connection = try await TestDatabase.current.connect()
    try await connection.script(
      """
      create table t (
        id int8 constraint t_id_check check (id > 0),
        parent int8 constraint t_parent_key unique deferrable initially deferred)
      """)
    return connection
  }

  private func count(_ connection: PostgresConnection) async throws -> Int {
    try await connection.value(Query("select count(*) from t"))
  }

  private func insert(_ id: Int, parent: Int? = nil) -> Query {
    Query("insert into t values ($1, $2)", id, parent)
  }

  @Test func commitsWhatTheBodyDid() async throws {
    let connection = try await connection()
    let value = try await connection.withTransaction { transaction in
      transaction.enqueue(insert(1))
      _ = try await transaction.pipeline([insert(2), insert(3)])
      transaction.enqueue(insert(4))
      return try await transaction.execute(Query("select count(*) from t"))[0].decode(
        0, as: Int.self)
    }
    #expect(value == 4)
    #expect(try await count(connection) == 4)
    #expect(await connection.isReusable)
  }

  @Test func rollsBackWhenTheBodyThrows() async throws {
    let connection = try await connection()
    await #expect(throws: Refusal.self) {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(insert(1))
        transaction.enqueue(insert(2))
        throw Refusal()
      }
    }
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func rollsBackWhenTheBodySwallowsAnError() async throws {
    let connection = try await connection()
    let error = try await postgresError {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(insert(1))
        _ = try? await transaction.execute(insert(-1))
      }
    }
    #expect(error.constraint == "t_id_check")
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func failsWhenAnEnqueuedStatementFails() async throws {
    let connection = try await connection()
    let atCommit = try await postgresError {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(insert(1))
        transaction.enqueue(insert(-1))
        transaction.enqueue(insert(2))
      }
    }
    #expect(atCommit.constraint == "t_id_check" && atCommit.failedStatement == nil)
    let midway = try await postgresError {
      try await connection.withTransaction { transaction in
        transaction.enqueue(insert(-1))
        _ = try await transaction.execute(insert(1))
      }
    }
    #expect(midway.constraint == "t_id_check" && midway.failedStatement == nil)
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  /// Wherever it stands, also when it fails while it is being prepared.
  @Test func namesTheLabelOfTheStatementThatFailed() async throws {
    let connection = try await connection()
    let unknown = Query("select 1 from nowhere").labelled("unknown")
    for (bad, label) in [(insert(-1).labelled("bad"), "bad"), (unknown, "unknown")] {
      let atCommit = try await postgresError {
        try await connection.withTransaction { transaction in
          transaction.enqueue(insert(1).labelled("good"))
          transaction.enqueue(bad)
          transaction.enqueue(insert(2).labelled("late"))
        }
      }
      let midway = try await postgresError {
        try await connection.withTransaction { transaction in
          transaction.enqueue(bad)
          _ = try await transaction.execute(insert(1))
        }
      }
      let alone = try await postgresError { try await connection.transact([insert(1), bad]) }
      #expect([atCommit, midway, alone].map(\.label) == [label, label, label])
    }
    let other = try await postgresError {
      try await connection.withTransaction { transaction in
        transaction.enqueue(insert(1).labelled("good"))
        transaction.enqueue(insert(-1))
      }
    }
    #expect(other.label == nil)
  }

  @Test func failsWhenCommitItselfFails() async throws {
    let connection = try await connection()
    let error = try await postgresError {
      try await connection.withTransaction { transaction in
        _ = try await transaction.pipeline([insert(1, parent: 7), insert(2, parent: 7)])
      }
    }
    #expect(error.code == .server && error.constraint == "t_parent_key")
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func failsWhenTheOpeningFails() async throws {
    let connection = try await connection()
    let error = try await postgresError {
      try await connection.withTransaction(opening: [Query("set local nonsense = 1")]) {
        _ = try await $0.execute(insert(1))
      }
    }
    #expect(error.code == .server && error.failedStatement == nil)
    #expect(await connection.isReusable)
  }

  @Test func namesTheCallersStatementInsideATransaction() async throws {
    let connection = try await connection()
    let error = try await postgresError {
      try await connection.withTransaction(opening: [Query("set local work_mem = '1MB'")]) {
        $0.enqueue(insert(5))
        _ = try await $0.pipeline([insert(1), insert(-1), insert(2)])
      }
    }
    #expect(error.failedStatement == 1)
  }

  @Test func refusesNestingAndUseAfterTheEnd() async throws {
    let connection = try await connection()
    let nested = try await postgresError {
      try await connection.withTransaction { _ in
        try await connection.withTransaction { _ in }
      }
    }
    #expect(nested.code == .misuse)
    let leaked = try await connection.withTransaction { $0 }
    let late = try await postgresError { try await leaked.execute(insert(1)) }
    #expect(late.code == .misuse)
    leaked.enqueue(insert(1))
    _ = try await connection.withTransaction { _ = try await $0.execute(insert(2)) }
    #expect(try await count(connection) == 1)
    _ = try await connection.execute(Query("begin"))
    #expect(await !connection.isReusable)
    let inside = try await postgresError { try await connection.withTransaction { _ in } }
    #expect(inside.code == .misuse)
  }

  @Test func rollsBackWhenTheTaskIsCancelledBeforeCommit() async throws {
    let connection = try await connection()
    let task = Task {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(insert(1))
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    let error = try await postgresError { try await task.value }
    #expect(error.code == .cancelled)
    #expect(try await count(connection) == 0)
    #expect(await connection.isReusable)
  }

  @Test func costsTheRoundTripsThatItClaims() async throws {
    let database = TestDatabase.current
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration()
    configuration.conninfo = relay.conninfo(database: database.name)
    let connection = try await PostgresConnection.connect(configuration)
    try await connection.script("create table t (id int8, parent int8)")
    let opening = [Query("set local hansard.tenant_id = 'x'", prepared: false)]
    func turns(_ body: (PostgresTransaction) async throws -> Void) async throws -> Int {
      let before = relay.roundTrips
      try await connection.withTransaction(opening: opening, body)
      return relay.roundTrips - before
    }
    #expect(try await turns { _ in } == 0)
    #expect(try await turns { $0.enqueue(insert(1)) } == 1)
    #expect(try await turns { _ = try await $0.execute(insert(1)) } == 2)
    #expect(
      try await turns {
        _ = try await $0.pipeline((1...50).map { insert($0) })
        $0.enqueue(insert(51))
      } == 2)
    // The relay can count: the same work as separate exchanges.
    let before = relay.roundTrips
    for statement in ["begin", "select 1", "commit"] {
      _ = try await connection.execute(Query(statement))
    }
    #expect(relay.roundTrips - before == 3)
    #expect(try await count(connection) == 53)
    await connection.close()
  }
}

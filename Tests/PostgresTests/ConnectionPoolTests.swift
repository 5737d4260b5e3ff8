// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase)
struct ConnectionPoolTests {
  private let database = TestDatabase.current
  private struct Refusal: Error {}

  private func backend(_ pool: ConnectionPool) async throws -> Int32 {
    try await pool.withConnection { $0.backendProcessID }
  }

  @Test func reusesAConnection() async throws {
    let pool = database.pool(size: 3)
    let first = try await backend(pool)
    for _ in 0..<10 { #expect(try await backend(pool) == first) }
    #expect(pool.statistics.opened == 1 && pool.statistics.idle == 1)
    await pool.close()
  }

  @Test func serializesTenThousandBorrowersOnFewConnections() async throws {
    let pool = database.pool(size: 4, queueLimit: 10_000, waitLimit: .seconds(300))
    try await pool.withConnection {
      try await $0.script("create table c (n int8); insert into c values (0)")
    }
    let inside = Tally()
    let crowded = Tally()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<10_000 {
        group.addTask {
          try await pool.withConnection { connection in
            if inside.increase() > 4 { crowded.increase() }
            defer { inside.decrease() }
            return try await connection.value(Query("select $1::int8", number))
          }
        }
      }
      var sum = 0
      for try await number in group { sum += number }
      #expect(sum == 10_000 * 9_999 / 2)
    }
    #expect(crowded.value == 0)
    #expect(pool.statistics.opened <= 4 && pool.statistics.lent == 0)
    await pool.close()
  }

  @Test func boundsItsQueue() async throws {
    let pool = database.pool(size: 1, queueLimit: 2)
    let gate = Latch()
    let lent = Latch()
    async let holder: Void = pool.withConnection { _ in
      lent.open()
      try await gate.wait()
    }
    try await lent.wait()
    async let second = backend(pool)
    async let third = backend(pool)
    try await eventually { pool.statistics.waiting == 2 }
    let error = try await postgresError { try await backend(pool) }
    #expect(error.code == .poolExhausted)
    gate.open()
    _ = try await (holder, second, third)
    #expect(pool.statistics.refused == 1)
    await pool.close()
  }

  @Test func endsAWaitAtItsLimit() async throws {
    let pool = database.pool(size: 1, waitLimit: .milliseconds(100))
    // Connecting may take longer than that.
    try await eventually("a connection is idle") {
      _ = try? await backend(pool)
      return pool.statistics.idle == 1
    }
    let gate = Latch()
    let lent = Latch()
    async let holder: Void = pool.withConnection { _ in
      lent.open()
      try await gate.wait()
    }
    try await lent.wait()
    let error = try await postgresError { try await backend(pool) }
    #expect(error.code == .poolExhausted)
    #expect(pool.statistics.waiting == 0)
    gate.open()
    try await holder
    _ = try await backend(pool)
    await pool.close()
  }

  @Test func aCancelledWaiterLeavesTheQueue() async throws {
    let pool = database.pool(size: 1)
    let gate = Latch()
    let lent = Latch()
    async let holder: Void = pool.withConnection { _ in
      lent.open()
      try await gate.wait()
    }
    try await lent.wait()
    let task = Task { try await pool.withConnection { $0.backendProcessID } }
    try await eventually { pool.statistics.waiting == 1 }
    task.cancel()
    let error = try await postgresError { try await task.value }
    #expect(error.code == .cancelled)
    #expect(pool.statistics.waiting == 0)
    gate.open()
    try await holder
    await pool.close()
  }

  @Test func takesBackNoConnectionInATransaction() async throws {
    let pool = database.pool(size: 1)
    let first = try await pool.withConnection { connection in
      _ = try await connection.execute(Query("begin"))
      return connection.backendProcessID
    }
    #expect(try await backend(pool) != first)
    let second = try await backend(pool)
    await #expect(throws: Refusal.self) {
      try await pool.withTransaction { transaction in
        _ = try await transaction.execute(Query("create table t ()"))
        throw Refusal()
      }
    }
    #expect(try await backend(pool) == second)
    try await pool.withConnection { try await $0.listen(to: "news") }
    #expect(try await backend(pool) != second)
    await pool.close()
  }

  @Test func doesNotLeakTheTenantToTheNextBorrower() async throws {
    let pool = database.pool(size: 1)
    let read = Query("select nullif(current_setting('hansard.tenant_id', true), '')")
    for tenant in ["a", "b"] {
      let opening = [Query("set local hansard.tenant_id = '\(tenant)'", prepared: false)]
      let seen = try await pool.withTransaction(opening: opening) { transaction in
        try await transaction.execute(read)[0].decode(0, as: String?.self)
      }
      #expect(seen == tenant)
      let after = try await pool.withConnection { try await $0.value(read, as: String?.self) }
      #expect(after == nil)
      await #expect(throws: Refusal.self) {
        try await pool.withTransaction(opening: opening) { transaction in
          _ = try await transaction.execute(read)
          throw Refusal()
        }
      }
      let afterRollback = try await pool.withConnection {
        try await $0.value(read, as: String?.self)
      }
      #expect(afterRollback == nil)
    }
    #expect(pool.statistics.opened == 1)
    await pool.close()
  }

  @Test func replacesAConnectionThatDiedWhileIdle() async throws {
    let pool = database.pool(size: 1)
    let first = try await backend(pool)
    try await database.psql("select pg_terminate_backend(\(first), 20000)")
    let second: Int32 = try await pool.withConnection { connection in
      try await connection.value(Query("select pg_backend_pid()"))
    }
    #expect(second != first)
    await pool.close()
  }

  @Test func replacesAConnectionAfterADeadline() async throws {
    let pool = database.pool(size: 1)
    let error = try await postgresError {
      try await pool.withConnection {
        try await $0.execute(Query("select pg_sleep(600)"), deadline: .milliseconds(50))
      }
    }
    #expect(error.code == .timedOut)
    #expect(
      try await pool.withConnection { try await $0.value(Query("select 1::int8"), as: Int.self) }
        == 1)
    #expect(pool.statistics.opened == 2)
    await pool.close()
  }

  @Test func preparesEachConnectionOnceAndPassesOnARefusal() async throws {
    let prepared = Tally()
    let pool = ConnectionPool(
      configuration: database.configuration(), size: 1, queueLimit: 5, waitLimit: .seconds(20)
    ) { connection in
      prepared.increase()
      _ = try await connection.execute(Query("select 1"))
    }
    for _ in 0..<3 { _ = try await backend(pool) }
    #expect(prepared.value == 1)
    await pool.close()
    let unsafe = ConnectionPool(
      configuration: database.configuration(), size: 1, queueLimit: 5, waitLimit: .seconds(20)
    ) { _ in throw Refusal() }
    await #expect(throws: Refusal.self) { try await backend(unsafe) }
    #expect(unsafe.statistics.failedAttempts == 1)
    await unsafe.close()
  }

  @Test func closingWaitsForBorrowersAndRefusesNewcomers() async throws {
    let pool = database.pool(size: 1)
    let gate = Latch()
    let lent = Latch()
    async let holder = pool.withConnection { connection in
      lent.open()
      try await gate.wait()
      return try await connection.value(Query("select 1::int8"), as: Int.self)
    }
    try await lent.wait()
    async let waiter = postgresError { try await backend(pool) }
    try await eventually { pool.statistics.waiting == 1 }
    async let closing: Void = pool.close()
    #expect(try await waiter.code == .poolClosed)
    let late = try await postgresError { try await backend(pool) }
    #expect(late.code == .poolClosed)
    gate.open()
    #expect(try await holder == 1)
    await closing
    #expect(pool.statistics.idle + pool.statistics.lent == 0)
  }

  @Test func closesUnderABorrowerThatDoesNotComeBack() async throws {
    let pool = database.pool(size: 1)
    let task = Task {
      try await pool.withConnection { try await $0.execute(Query("select pg_sleep(600)")) }
    }
    try await eventually { pool.statistics.lent == 1 }
    await pool.close(within: .milliseconds(50))
    let error = try await postgresError { try await task.value }
    #expect(error.code == .connectionLost)
  }

  @Test func survivesStartAndStopUnderLoad() async throws {
    for round in 0..<25 {
      let pool = database.pool(size: 3, queueLimit: 8)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<16 {
          group.addTask {
            do {
              try await pool.withTransaction {
                _ = try await $0.execute(Query("select pg_sleep($1)", Double(number) / 10_000))
              }
            } catch {
              // Refused, cancelled or closed: only the pool's own state is looked at.
            }
          }
        }
        if round % 3 == 0 { group.cancelAll() }
        if round % 3 == 1 { await pool.close(within: .milliseconds(2)) }
      }
      await pool.close()
      let statistics = pool.statistics
      #expect(statistics.idle + statistics.lent + statistics.connecting + statistics.waiting == 0)
    }
    try await eventually("all backends are gone") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = 'hansard' and datname = current_database()"
      ) == "0\n"
    }
  }
}

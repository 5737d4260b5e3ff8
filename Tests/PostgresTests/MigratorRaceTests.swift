// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase) struct MigratorRaceTests {
  let database = TestDatabase.current

  @Test(arguments: 1...50) func fiveAtOnceApplyEachStepOnce(round: Int) async throws {
    let outcomes = await race(.init())
    #expect(try outcomes.map { try $0.get() }.flatMap { $0 }.sorted() == [1, 2, 3])
    #expect(try await database.psql("select count(*) from witness") == "3\n")
    #expect(try await database.appliedVersions() == ["1:applied", "2:applied", "3:applied"])
  }

  @Test func fiveAtOnceApplyEachOfTheProjectsMigrationsOnce() async throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let database = database
    let versions = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 1...5 {
        group.addTask { try await database.migrateUp(set).map(\.version) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(versions.sorted() == Array(1...set.latest))
    let whole = try await TestDatabase.with(migrated: true) { try await $0.pgDump() }
    #expect(try await database.pgDump() == whole)
  }

  /// The planted defect: without the lock the race above has to be lost.
  @Test func withoutTheLockTheyGetInEachOthersWay() async throws {
    // With the version table there already, only the migrations can collide.
    try await database.migrateUp(MigrationSet(migrations: []))
    var options = Migrator.Options()
    options.takesLock = false
    let everybodyHasPlanned = Gate(parties: 5)
    // Each waits before its first change until all have seen the empty database.
    options.beforeMessage = { await everybodyHasPlanned.pass() }
    let outcomes = await race(options)
    #expect(outcomes.contains { if case .failure = $0 { true } else { false } })
  }

  @Test func saysWhoIsMigrating() async throws {
    let holder = try await database.connect(role: "postgres")
    _ = try await holder.execute(Query("select pg_advisory_lock($1)", Migrator.lockKey))
    var options = Migrator.Options()
    options.otherMigratorLimit = .zero
    await #expect {
      try await database.migrateUp(threeMigrations, options: options)
    } throws: { error in
      "\(error)".contains("process \(holder.backendProcessID) postgres hansard-tests")
    }
    await holder.close()
  }

  @Test func givesWayBehindALongReaderAndTriesAgain() async throws {
    try await database.migrateUp(threeMigrations, to: 1)
    let reader = try await database.connect(role: "postgres")
    try await reader.script("begin; select count(*) from book")
    let set = threeMigrations, database = database
    var options = Migrator.Options()
    options.lockTimeout = .milliseconds(100)
    let migration = Task { [options] in try await database.migrateUp(set, options: options) }
    // The migration has waited for the reader's lock and has given up at least once.
    let waits = "select count(*) from pg_locks where not granted"
    try await eventually { try await database.psql(waits) == "1\n" }
    try await eventually { try await database.psql(waits) == "0\n" }
    #expect(try await database.appliedVersions() == ["1:applied"])
    // Meanwhile a writer gets through, although the reader is still there.
    try await database.psql("insert into book values (1, 'written meanwhile')")
    await reader.close()
    #expect(try await migration.value.map(\.version) == [2, 3])
  }

  @Test func noWriterWaitsLongerThanASecondBehindAMigrationThatWaits() async throws {
    let options = Migrator.Options()
    #expect(try await longestWrite(lockTimeout: options.lockTimeout, attempts: 4) < .seconds(1))
  }

  /// The planted defect: a longer lock timeout has to be seen by the measurement above.
  @Test func aLongerLockTimeoutHoldsWritersUp() async throws {
    #expect(try await longestWrite(lockTimeout: .seconds(2), attempts: 1) > .seconds(1))
  }

  @Test func endsItsAttemptsBehindAReaderThatStays() async throws {
    try await database.migrateUp(threeMigrations, to: 1)
    let reader = try await database.connect(role: "postgres")
    try await reader.script("begin; select count(*) from book")
    var options = Migrator.Options()
    options.lockTimeout = .milliseconds(20)
    options.attempts = 2
    await #expect {
      try await database.migrateUp(threeMigrations, options: options)
    } throws: { error in
      guard case .blocked(let step, attempts: 2)? = error as? MigrationError else { return false }
      return step.version == 2
    }
    await reader.close()
    #expect(try await database.migrateUp(threeMigrations).map(\.version) == [2, 3])
  }

  /// How long the slowest of many inserts takes while a migration tries to get past a reader.
  private func longestWrite(lockTimeout: Duration, attempts: Int) async throws -> Duration {
    try await database.migrateUp(threeMigrations, to: 1)
    let reader = try await database.connect(role: "postgres")
    let writer = try await database.connect(role: "postgres")
    try await reader.script("begin; select count(*) from book")
    var options = Migrator.Options()
    options.lockTimeout = lockTimeout
    options.attempts = attempts
    let isOver = Flag()
    var longest = Duration.zero
    let database = database
    try await withThrowingTaskGroup(of: Void.self) { [options] group in
      group.addTask {
        defer { isOver.raise() }
        await #expect(throws: MigrationError.self) {
          try await database.migrateUp(threeMigrations, options: options)
        }
      }
      var number: Int64 = 0
      while !isOver.isRaised {
        number += 1
        let insert = Query("insert into book values ($1, 'busy')", number)
        longest = max(
          longest, try await ContinuousClock().measure { _ = try await writer.execute(insert) })
      }
      try await group.waitForAll()
    }
    await reader.close()
    await writer.close()
    return longest
  }

  /// Five migrators; each step leaves a witness each time it is run.
  private func race(
    _ options: Migrator.Options
  ) async -> [Result<[Int], any Error>] {
    let set = migrationSet(
      (up: "create table witness (n int); insert into witness values (1)", down: "select 1"),
      (up: "insert into witness values (2)", down: "select 1"),
      (up: "insert into witness values (3)", down: "select 1"))
    let database = database
    return await withTaskGroup { group in
      for _ in 1...5 {
        group.addTask { () async -> Result<[Int], any Error> in
          do {
            return .success(try await database.migrateUp(set, options: options).map(\.version))
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}

/// Raised once, seen by all.
private final class Flag: Sendable {
  private let state = Atomic(false)

  var isRaised: Bool { state.load(ordering: .acquiring) }

  func raise() { state.store(true, ordering: .releasing) }
}

/// Lets nobody pass before everybody has arrived; open for good afterwards.
final class Gate: Sendable {
  private let state: Mutex<(missing: Int, waiting: [CheckedContinuation<Void, Never>])>

  init(parties: Int) {
    state = Mutex((parties, []))
  }

  func pass() async {
    await withCheckedContinuation { continuation in
      let released = state.withLock { state in
        state.missing -= 1
        state.waiting.append(continuation)
        guard state.missing <= 0 else { return [CheckedContinuation<Void, Never>]() }
        defer { state.waiting = [] }
        return state.waiting
      }
      for waiter in released { waiter.resume() }
    }
  }
}

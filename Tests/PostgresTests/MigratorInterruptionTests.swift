// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// The connection breaks at every message and after every statement: a second run completes.
@Suite(.emptyDatabase) struct MigratorInterruptionTests {
  let database = TestDatabase.current

  static let mixed = migrationSet(
    (up: "create table a (n int); create table b (n int);", down: "drop table b; drop table a;"),
    (
      up: """
      -- migrate: no-transaction
      drop index concurrently if exists a_n;
      create index concurrently a_n on a (n);
      """,
      down: "-- migrate: no-transaction\ndrop index concurrently if exists a_n;"
    ),
    (
      up: "alter table b add column m int; create view c as select m from b;",
      down: "drop view c; alter table b drop column m;"
    ))

  @Test func aCutAtEveryMessageIsRepairedByTheNextRun() async throws {
    try await database.migrateUp(Self.mixed)
    let schema = try await database.pgDump()
    try await database.migrateDown(Self.mixed, to: 0)
    let empty = try await database.pgDump()
    for direction in [MigrationPlan.Direction.up, .down] {
      var cut = 1
      while try await interrupt(direction, atMessage: cut) {
        try await complete(direction)
        #expect(try await database.pgDump() == (direction == .up ? schema : empty), "cut \(cut)")
        try await complete(direction == .up ? .down : .up)
        cut += 1
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(cut > 10)
      try await complete(.up)
    }
  }

  @Test func aBackendKilledAfterEachStatementIsRepairedByTheNextRun() async throws {
    try await database.migrateUp(Self.mixed)
    let schema = try await database.pgDump()
    for migration in Self.mixed.migrations {
      let statements = try SQLScript.statements(of: migration.up.text)
      for cut in 0...statements.count {
        try await database.migrateDown(Self.mixed, to: 0)
        try await database.migrateUp(Self.mixed, to: migration.version - 1)
        let broken = try Self.mixed.cutting(migration.version, after: cut)
        await #expect {
          try await database.migrateUp(broken)
        } throws: { error in
          (error as? MigrationError)?.isCut == true
        }
        try await database.migrateUp(Self.mixed)
        #expect(try await database.pgDump() == schema, "\(migration.name) cut after \(cut)")
      }
    }
  }

  /// Ends the connection before the given message; false when there are fewer.
  private func interrupt(
    _ direction: MigrationPlan.Direction, atMessage number: Int
  ) async throws -> Bool {
    let connection = try await database.connect(role: "postgres")
    let count = Counter()
    var options = Migrator.Options()
    options.beforeMessage = { () async throws(PostgresError) in
      if count.next() == number { await connection.close() }
    }
    let migrator = Migrator(connection: connection, set: Self.mixed, options: options)
    let wasCut: Bool
    do throws(MigrationError) {
      switch direction {
      case .up: try await migrator.up()
      case .down: try await migrator.down(to: 0, allowDataLoss: true)
      }
      wasCut = false
    } catch {
      guard case .database = error else { throw error }
      wasCut = true
    }
    await connection.close()
    return wasCut
  }

  private func complete(_ direction: MigrationPlan.Direction) async throws {
    switch direction {
    case .up: try await database.migrateUp(Self.mixed)
    case .down: try await database.migrateDown(Self.mixed, to: 0)
    }
  }
}

extension MigrationSet {
  /// The same set, with a migration that ends its own session after so many statements.
  func cutting(_ version: Int, after count: Int) throws -> MigrationSet {
    var migrations = migrations
    let statements = try SQLScript.statements(of: migrations[version - 1].up.text)
    var texts = statements.map(\.text)
    // A migration may have given up the right to end its own session.
    texts.insert("reset role; select pg_terminate_backend(pg_backend_pid())", at: count)
    let markers = migrations[version - 1].up.isTransactional ? "" : "-- migrate: no-transaction\n"
    migrations[version - 1].up.text = markers + texts.joined(separator: ";\n")
    return MigrationSet(migrations: migrations)
  }
}

extension MigrationError {
  /// Whether the session ended, rather than a statement failed.
  var isCut: Bool {
    guard case .database(let cause) = self else { return false }
    return cause.isConnectionFailure
  }
}

/// Counts calls from anywhere.
private final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The project's own migrations, cut off at every message between migrator and server: the next run goes on,
/// and what comes of it is the schema that an uninterrupted run makes.
@Suite struct ProjectInterruptionTests {
  /// `MIGRATION_CUTS=all` cuts before and after each message, and on the way down too.
  private static let isLong = ProcessInfo.processInfo.environment["MIGRATION_CUTS"] == "all"

  @Test(.emptyDatabase, .timeLimit(.minutes(30)))
  func aCutAfterEachMessageOfEachMigrationIsRepaired() async throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let interruption = try await Interruption(of: set, TestDatabase.current)
    var cuts = try await interruption.goUp { .after($0) }
    let whole = try await TestDatabase.with(migrated: true) { try await $0.pgDump() }
    #expect(try await interruption.database.pgDump() == whole)
    if Self.isLong {
      let empty = try await TestDatabase.with(migrated: false) { database in
        try await database.migrateUp(set)
        try await database.migrateDown(set, to: 0)
        return try await database.pgDump()
      }
      cuts += try await interruption.goDown { .after($0) }
      #expect(try await interruption.database.pgDump() == empty)
      cuts += try await interruption.goUp { .before($0) }
      #expect(try await interruption.database.pgDump() == whole)
      cuts += try await interruption.goDown { .before($0) }
      #expect(try await interruption.database.pgDump() == empty)
    }
    // The harness itself: a migration is its beginning, its five messages in the books, its text and its end.
    #expect(cuts >= 8 * set.latest)
    print("migrations interrupted: \(set.latest) of them, \(cuts) cuts")
    await interruption.close()
  }

  /// Every message of one run over the last migrations: also those before the first and behind the last of
  /// them.
  @Test(.emptyDatabase, .timeLimit(.minutes(10)))
  func aCutAtAnyMessageOfARunOverTheLastMigrationsIsRepaired() async throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let piecewise = try #require(set.migrations.last { !$0.isTransactional }).version
    let database = TestDatabase.current
    try await database.migrateUp(set, to: piecewise - 1)
    let interruption = try await Interruption(of: set, database)
    let whole = try await TestDatabase.with(migrated: true) { try await $0.pgDump() }
    let target = min(piecewise + 1, set.latest)
    var cut = 1
    while try await interruption.run(.up, to: target, cut: .after(cut)) {
      try await database.migrateUp(set, to: target)
      #expect(
        try await interruption.applied() == (1...target).map { "\($0):applied" }, "cut after \(cut)"
      )
      if target == set.latest, cut % 8 == 0 {
        #expect(try await database.pgDump() == whole, "cut after \(cut)")
      }
      try await database.migrateDown(set, to: piecewise - 1)
      cut += 1
    }
    try await database.migrateUp(set)
    #expect(try await database.pgDump() == whole)
    #expect(cut > 40)
    print("migrations interrupted: one run from \(piecewise) to \(target), \(cut - 1) cuts")
    await interruption.close()
  }

  /// The planted defect: a migration that is not one transaction, and that cannot be run again.
  @Test(.emptyDatabase) func aMigrationThatLeavesSomethingIsNoticed() async throws {
    var migrations = try MigrationSet.load(directory: ProjectFiles.migrations()).migrations
    migrations[1].up.text = "-- migrate: no-transaction\n" + migrations[1].up.text
    let set = MigrationSet(migrations: Array(migrations.prefix(2)))
    let interruption = try await Interruption(of: set, TestDatabase.current)
    await #expect {
      _ = try await interruption.goUp { .after($0) }
    } throws: { error in
      guard case .failed? = error as? MigrationError else { return false }
      return true
    }
    await interruption.close()
  }
}

/// Runs of a migrator that end at a given message.
private struct Interruption {
  let set: MigrationSet
  let database: TestDatabase
  /// For looking, beside the migrator.
  private let observer: PostgresConnection
  private static let application = "hansard-migration-cut"

  init(of set: MigrationSet, _ database: TestDatabase) async throws {
    self.set = set
    self.database = database
    observer = try await database.connect(role: "postgres")
  }

  func close() async { await observer.close() }

  /// One migration after the other, each cut at each of its messages; returns how many cuts that were.
  ///
  /// A cut in a transaction leaves nothing, so that every run meets the same messages as the one before, and
  /// is cut at the next; after a cut outside of one it is the next run that has to clear away. What is said
  /// before the first migration is the same each time: it is cut for the first one alone.
  func goUp(_ cut: (Int) -> CuttingRelay.Cut) async throws -> Int {
    // The books themselves are made once, which is a message more.
    try await database.migrateUp(set, to: 0)
    let preamble = try await preamble(.up, at: 0)
    var cuts = 0
    for migration in set.migrations {
      var number = migration.version == 1 ? 1 : preamble
      while try await run(.up, to: migration.version, cut: cut(number)) {
        cuts += 1
        number += 1
        let isApplied = try await applied().contains("\(migration.version):applied")
        if isApplied { break }
      }
      try await database.migrateUp(set, to: migration.version)
      #expect(try await applied() == (1...migration.version).map { "\($0):applied" })
    }
    return cuts
  }

  /// The same downwards.
  func goDown(_ cut: (Int) -> CuttingRelay.Cut) async throws -> Int {
    let preamble = try await preamble(.down, at: set.latest)
    var cuts = 0
    for migration in set.migrations.reversed() {
      var number = preamble
      while try await run(.down, to: migration.version - 1, cut: cut(number)) {
        cuts += 1
        number += 1
        let isThere = try await applied().contains { $0.hasPrefix("\(migration.version):") }
        if !isThere { break }
      }
      try await database.migrateDown(set, to: migration.version - 1)
    }
    return cuts
  }

  /// The last message of a run that finds nothing to do, but for those by which it takes its leave: five for
  /// the lock, one for the connection.
  private func preamble(_ direction: MigrationPlan.Direction, at version: Int) async throws -> Int {
    try await CuttingRelay.with(to: database, cutting: .after(.max)) { relay in
      try await migrate(direction, to: version, by: relay)
      return max(relay.messageCount - 6, 1)
    }
  }

  private func migrate(
    _ direction: MigrationPlan.Direction, to target: Int, by relay: CuttingRelay
  ) async throws {
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(
        conninfo: relay.conninfo(role: "postgres"), applicationName: Self.application,
        connectTimeout: .seconds(30), exchangeDeadline: .seconds(30)))
    let migrator = Migrator(connection: connection, set: set)
    switch direction {
    case .up: try await migrator.up(to: target)
    case .down: try await migrator.down(to: target, allowDataLoss: true)
    }
    await connection.close()
  }

  /// Whether the run was cut. It must not have failed for another reason.
  func run(
    _ direction: MigrationPlan.Direction, to target: Int, cut: CuttingRelay.Cut
  ) async throws -> Bool {
    let isCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      do {
        try await migrate(direction, to: target, by: relay)
      } catch {
        guard relay.isCut else { throw error }
      }
      return relay.isCut
    }
    // The server may be at what it was sent for a while, and has the lock until then.
    try await eventually("a server that is done") {
      try await observer.value(Query(Self.sessions), as: Int64.self) == 0
    }
    return isCut
  }

  private static let sessions =
    "select count(*) from pg_stat_activity where application_name = '\(application)' "
    + "and datname = current_database()"

  /// As `TestDatabase.appliedVersions`, by the connection that is there.
  func applied() async throws -> [String] {
    let rows = try await observer.execute(
      Query("select version || ':' || state from hansard_migrations.applied order by version"))
    return try rows.map { try $0.decode(0, as: String.self) }
  }
}

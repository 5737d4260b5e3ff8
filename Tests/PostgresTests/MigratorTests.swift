// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase) struct MigratorTests {
  let database = TestDatabase.current

  @Test func upDownUpLeavesTheSameSchema() async throws {
    #expect(try await database.migrateUp(threeMigrations).map(\.version) == [1, 2, 3])
    let first = try await database.pgDump()
    #expect(first.contains("CREATE VIEW public.thick"))
    #expect(try await database.migrateDown(threeMigrations, to: 0).map(\.version) == [3, 2, 1])
    #expect(try await !database.pgDump().contains("book"))
    try await database.migrateUp(threeMigrations)
    #expect(try await database.pgDump() == first)
  }

  @Test func eachStepDownAndUpLeavesTheSameSchemaAndKeepsTheRows() async throws {
    try await database.migrateUp(threeMigrations, to: 1)
    try await database.psql(
      "insert into book select n, 'book ' || n from generate_series(1, 100000) as n")
    let rows = "select md5(string_agg(id || title, ',' order by id)) from book"
    let before = try await database.psql(rows)
    for version in [2, 3] {
      try await database.migrateUp(threeMigrations, to: version)
      let schema = try await database.pgDump()
      try await database.migrateDown(threeMigrations, allowDataLoss: false)
      #expect(try await database.psql(rows) == before)
      try await database.migrateUp(threeMigrations, to: version)
      #expect(try await database.pgDump() == schema)
    }
  }

  @Test func doesNothingTheSecondTime() async throws {
    try await database.migrateUp(threeMigrations)
    #expect(try await database.migrateUp(threeMigrations).isEmpty)
  }

  @Test func aFailureLeavesNothingOfItsMigration() async throws {
    let set = migrationSet(
      (up: "create table a (n int)", down: "drop table a"),
      (up: "create table b (n int);\ninsert into b\nvalues ('x');", down: "drop table b"))
    do {
      try await database.migrateUp(set)
      Issue.record("a migration with a mistake was applied")
    } catch let error as MigrationError {
      let text = error.description
      #expect(text.contains("migration up 2 step_2 failed at 0002_step_2.up.sql:3"), "\(text)")
      #expect(text.contains("invalid input syntax for type integer"), "\(text)")
    }
    #expect(try await database.appliedVersions() == ["1:applied"])
    #expect(try await database.psql("select to_regclass('b') is null") == "t\n")
  }

  @Test func refusesADestructiveStepDownUnlessAllowed() async throws {
    try await database.migrateUp(threeMigrations)
    let before = try await database.pgDump()
    await #expect {
      try await database.migrateDown(threeMigrations, to: 0, allowDataLoss: false)
    } throws: { error in
      guard case .refused(.dataLoss(let steps))? = error as? MigrationError else { return false }
      return steps.map(\.version) == [1]
    }
    #expect(try await database.pgDump() == before)
    try await database.migrateDown(threeMigrations, to: 0, allowDataLoss: true)
    #expect(try await database.appliedVersions().isEmpty)
  }

  /// Three rows are there when it is asked: as many are told of, in the plan and in the refusal.
  @Test func countsWhatWouldBeLost() async throws {
    let set = migrationSet(
      (
        up: "create table book (n int); insert into book select generate_series(1, 3);",
        down: """
        -- migrate: destructive: books (public.book)
        -- migrate: destructive: what was never there (public.nothing)
        drop table book;
        """
      ))
    try await database.migrateUp(set)
    let told = ["books (3 rows)", "what was never there"]
    let plan = try await database.withMigrator(set) { try await $0.plan(to: 0) }
    #expect(plan.steps.flatMap(\.losses).map(\.description) == told)
    await #expect {
      try await database.migrateDown(set, to: 0, allowDataLoss: false)
    } throws: { error in
      guard case .refused(.dataLoss(let steps))? = error as? MigrationError else { return false }
      return steps.flatMap(\.losses).map(\.description) == told
    }
    // Of rows that whoever migrates cannot see all, none are counted.
    try await database.psql(
      """
      grant select on book to hansard_service;
      grant usage on schema hansard_migrations to hansard_service;
      grant select on hansard_migrations.applied to hansard_service;
      alter table book enable row level security
      """)
    let other = try await database.connect(role: "hansard_service")
    let seen = try await Migrator(connection: other, set: set).plan(to: 0)
    #expect(seen.steps.flatMap(\.losses).map(\.rows) == [nil, nil])
    await other.close()
  }

  @Test func takesBackWhatItDoesNotKnowByTheStoredSQL() async throws {
    try await database.migrateUp(threeMigrations)
    let older = MigrationSet(migrations: Array(threeMigrations.migrations.prefix(1)))
    await #expect(throws: MigrationError.self) { try await database.migrateUp(older) }
    let problems = try await database.withMigrator(older) { try await $0.verify() }
    #expect(
      problems == [.unknown(version: 2, name: "step_2"), .unknown(version: 3, name: "step_3")])
    let nothing = MigrationSet(migrations: [])
    #expect(try await database.migrateDown(nothing).map(\.version) == [3])
    #expect(try await database.migrateDown(older, to: 1).map(\.version) == [2])
    #expect(try await database.withMigrator(older) { try await $0.verify() } == [])
  }

  @Test func refusesAMigrationThatWasChangedAfterwards() async throws {
    try await database.migrateUp(threeMigrations, to: 2)
    var changed = threeMigrations.migrations
    changed[1].up.text += " -- harmless?"
    let set = MigrationSet(migrations: changed)
    await #expect {
      try await database.migrateUp(set)
    } throws: { error in
      guard case .refused(.changed(version: 2, _))? = error as? MigrationError else { return false }
      return true
    }
    let problems = try await database.withMigrator(set) { try await $0.verify() }
    #expect(problems == [.changed(version: 2, name: "step_2")])
    #expect(try await database.appliedVersions() == ["1:applied", "2:applied"])
  }

  @Test func planAndStatusChangeNothing() async throws {
    try await database.withMigrator(threeMigrations) { migrator in
      #expect(try await migrator.plan().steps.map(\.version) == [1, 2, 3])
      #expect(try await migrator.status().map(\.state) == [.pending, .pending, .pending])
      #expect(try await migrator.verify() == [])
      #expect(
        try await database.psql("select to_regnamespace('hansard_migrations') is null") == "t\n")
      try await migrator.up(to: 2)
      #expect(try await migrator.plan(to: 1).steps.map(\.direction) == [.down])
      let status = try await migrator.status()
      #expect(status.map(\.state) == [.applied, .applied, .pending])
      #expect(status[0].appliedBy == "postgres")
      #expect(try await database.appliedVersions() == ["1:applied", "2:applied"])
    }
  }

  @Test func keepsTheBooksAlthoughAMigrationChangesItsRole() async throws {
    let set = migrationSet(
      (
        up: "set local role pg_read_all_data; select 1;",
        down: "set local role pg_read_all_data; select 1;"
      ))
    try await database.migrateUp(set)
    #expect(try await database.appliedVersions() == ["1:applied"])
    try await database.migrateDown(set)
    #expect(try await database.appliedVersions() == [])
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

/// Migrations outside of a transaction.
@Suite(.emptyDatabase) struct MigratorPiecesTests {
  let database = TestDatabase.current

  static let indexed = migrationSet(
    (up: "create table book (id int, title text)", down: "drop table book"),
    (
      up: """
      -- migrate: no-transaction
      drop index concurrently if exists book_id;
      create index concurrently book_id on book (id);

      create index concurrently book_title on book (title);
      """,
      down: """
      -- migrate: no-transaction
      drop index concurrently if exists book_title;
      drop index concurrently if exists book_id;
      """
    ))

  @Test func goesUpAndDownAndUp() async throws {
    try await database.migrateUp(Self.indexed)
    let first = try await database.pgDump()
    #expect(first.contains("CREATE INDEX book_title"))
    #expect(try await database.appliedVersions() == ["1:applied", "2:applied"])
    try await database.migrateDown(Self.indexed)
    #expect(try await database.appliedVersions() == ["1:applied"])
    try await database.migrateUp(Self.indexed)
    #expect(try await database.pgDump() == first)
  }

  /// Would never end if the waiting migrators held a snapshot: a concurrent index waits for all.
  @Test func aConcurrentIndexIsMadeWhileOtherMigratorsWait() async throws {
    try await database.migrateUp(Self.indexed, to: 1)
    let reader = try await database.connect(role: "postgres")
    try await reader.script("begin; select count(*) from book")
    let writer = try await database.connect(role: "postgres")
    // An open write keeps the index from being made until everybody else waits too.
    try await writer.script("begin; insert into book values (1, 'one')")
    let database = database
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 1...5 {
        group.addTask { try await database.migrateUp(Self.indexed).count }
      }
      let waiting = """
        select count(*) from pg_stat_activity
        where query ilike 'create index concurrently%' and wait_event_type = 'Lock'
        """
      try await eventually { try await database.psql(waiting) == "1\n" }
      try await eventually {
        try await database.psql(
          "select count(*) from pg_stat_activity where application_name = 'hansard-tests'"
            + " and query like '%pg_try_advisory_lock%'"
            + " and datname = current_database()") == "4\n"
      }
      #expect(try await database.appliedVersions() == ["1:applied", "2:applying"])
      await writer.close()
      await reader.close()
      #expect(try await group.reduce(0, +) == 1)
    }
    #expect(
      try await database.psql(
        "select bool_and(indisvalid) from pg_index where indrelid = 'book'::regclass")
        == "t\n")
  }

  @Test func aFailureIsVisibleAndDoneAgain() async throws {
    try await database.migrateUp(Self.indexed, to: 1)
    try await database.psql("create view book_title as select 1")
    do {
      try await database.migrateUp(Self.indexed)
      Issue.record("an index was made although its name was taken")
    } catch let error as MigrationError {
      #expect(error.description.contains("0002_step_2.up.sql:5"), "\(error)")
      #expect(error.description.contains("\"book_title\" already exists"), "\(error)")
    }
    #expect(try await database.appliedVersions() == ["1:applied", "2:applying"])
    let (problems, status, plan) = try await database.withMigrator(Self.indexed) { migrator in
      (try await migrator.verify(), try await migrator.status(), try await migrator.plan())
    }
    #expect(problems == [.halfApplied(version: 2, name: "step_2")])
    #expect(status.map(\.state) == [.applied, .applying])
    #expect(plan.steps.map(\.isRepeated) == [true])
    try await database.psql("drop view book_title")
    #expect(try await database.migrateUp(Self.indexed).map(\.version) == [2])
    #expect(try await database.withMigrator(Self.indexed) { try await $0.verify() } == [])
  }

  @Test func anInterruptedWayDownIsVisibleAndFinished() async throws {
    try await database.migrateUp(Self.indexed)
    try await database.psql(
      """
      update hansard_migrations.applied
      set down_sql = down_sql || 'drop index concurrently nothing;'
      where version = 2
      """)
    await #expect(throws: MigrationError.self) { try await database.migrateDown(Self.indexed) }
    #expect(try await database.appliedVersions() == ["1:applied", "2:reverting"])
    try await database.psql(
      """
      update hansard_migrations.applied
      set down_sql = replace(down_sql, 'concurrently nothing', 'concurrently if exists nothing')
      where version = 2
      """)
    try await database.migrateDown(Self.indexed)
    #expect(try await database.appliedVersions() == ["1:applied"])
  }
}

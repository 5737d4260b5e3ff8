// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The project's own migrations, and `sql/schema.sql`, which is made from them.
@Suite struct SchemaTests {
  private static let project = Result {
    try MigrationSet.load(directory: ProjectFiles.migrations())
  }

  /// `scripts/dump-schema` runs this test with `HANSARD_WRITE_SCHEMA` set, to write the file.
  @Test(
    .database, .enabled("pg_dump of another version writes other text") { try await isPostgres15() }
  )
  func theSchemaFileIsWhatTheMigrationsMake() async throws {
    let dump = SchemaFile.text(of: try await TestDatabase.current.pgDump())
    let file = try ProjectFiles.root() + "/sql/schema.sql"
    if ProcessInfo.processInfo.environment["HANSARD_WRITE_SCHEMA"] != nil {
      try dump.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let stored = try String(contentsOfFile: file, encoding: .utf8)
    #expect(
      SchemaFile.difference(stored, dump) == nil, "run scripts/dump-schema, look at what changed")
  }

  @Test(.emptyDatabase) func eachMigrationGoesUpAndDownAndUp() async throws {
    let database = TestDatabase.current
    let set = try Self.project.get()
    try await database.migrateUp(MigrationSet(migrations: []))
    var before = try await database.pgDump()
    for migration in set.migrations {
      try await database.migrateUp(set, to: migration.version)
      let after = try await database.pgDump()
      #expect(after != before, "\(migration.name) changes nothing")
      try await database.migrateDown(set)
      #expect(try await database.pgDump() == before, "\(migration.name) down")
      try await database.migrateUp(set, to: migration.version)
      #expect(try await database.pgDump() == after, "\(migration.name) up again")
      before = after
    }
  }

  @Test(.emptyDatabase) func theWholePathDownAndUpLeavesTheSameSchema() async throws {
    let database = TestDatabase.current
    let set = try Self.project.get()
    try await database.migrateUp(set)
    let schema = try await database.pgDump()
    try await database.migrateDown(MigrationSet(migrations: []), to: 0)
    try await database.migrateUp(set)
    #expect(try await database.pgDump() == schema)
  }

  /// Back to any version and forward again, over what dropped columns leave in the catalog.
  @Test(.emptyDatabase) func fromTheLatestToAnyVersionAndBackLeavesTheSameSchema() async throws {
    let database = TestDatabase.current
    let set = try Self.project.get()
    try await database.migrateUp(set)
    let schema = try await database.pgDump()
    for version in (0..<set.latest).reversed() {
      try await database.migrateDown(set, to: version)
      try await database.migrateUp(set)
      #expect(try await database.pgDump() == schema, "\(version)")
      // And partitions can still be made.
      try await database.psql(
        """
        select hansard.ensure_event_partition('2031-06-02');
        drop table hansard.recording_events_2031w23
        """)
    }
  }

  /// What was flagged before there was a queue is in it afterwards, for every tenant.
  @Test(.emptyDatabase) func whatIsFlaggedAlreadyWaitsForReview() async throws {
    let database = TestDatabase.current
    let set = try Self.project.get()
    try await database.migrateUp(set, to: 5)
    for tenant in 1...2 {
      let id = "0190b0a4-7c3d-7e55-9c11-00000000000\(tenant)"
      try await database.psql(
        """
        insert into hansard.tenants (tenant_id, name) values ('\(id)', 'T');
        insert into hansard.users (tenant_id, user_id) values ('\(id)', 'u');
        insert into hansard.agent_registry (tenant_id, agent_id, name) values ('\(id)', 'a', 'a');
        insert into hansard.canvas_recordings (
          tenant_id, id, recording_id, agent_id, user_id, reason, started_at, recording_metadata,
          expires_at, expires_on, flagged_for_review, flag_reason, flagged_by, flagged_at)
        select '\(id)', gen_random_uuid(), gen_random_uuid(), 'a', 'u', 'r', now(), '{}', now(),
          now()::date, n = 1, case when n = 1 then 'x' end, case when n = 1 then 'user:v' end,
          case when n = 1 then now() end
        from generate_series(0, 1) as n
        """)
    }
    try await database.migrateUp(set)
    let queue = try await database.psql(
      """
      select v.source, v.state, e.kind, e.actor
      from hansard.reviews as v join hansard.review_entries as e using (tenant_id, review_id)
      """)
    #expect(queue == "flag|open|opened|user:v\nflag|open|opened|user:v\n")
  }

  @Test(.emptyDatabase) func aCutAfterEachStatementIsRepairedByTheNextRun() async throws {
    let database = TestDatabase.current
    let set = try Self.project.get()
    try await database.migrateUp(MigrationSet(migrations: []))
    for migration in set.migrations {
      let before = try await database.pgDump()
      let count = try SQLScript.statements(of: migration.up.text).count
      for cut in 0...count {
        await #expect {
          try await database.migrateUp(set.cutting(migration.version, after: cut))
        } throws: { error in
          (error as? MigrationError)?.isCut == true
        }
        guard migration.isTransactional else { continue }
        #expect(try await database.appliedVersions().count == migration.version - 1)
      }
      if migration.isTransactional {
        #expect(try await database.pgDump() == before, "\(migration.name) left something")
      }
      try await database.migrateUp(set, to: migration.version)
    }
    let (cut, whole) = (try await database.pgDump(), try await Self.wholeSchema())
    #expect(cut == whole)
  }

  @Test(.database) func theMigratorsRoleMayMigrateFurtherAndTheServiceMayVerify() async throws {
    let database = TestDatabase.current
    let next = try migrationSet(
      (
        up: "set local role hansard_owner; create table hansard.later (n int);",
        down: "set local role hansard_owner; drop table hansard.later;"
      )
    ).migrations.map { migration in
      var migration = migration
      migration.version = try Self.project.get().latest + 1
      return migration
    }
    let set = MigrationSet(migrations: try Self.project.get().migrations + next)
    let before = try await database.pgDump()
    let migrator = try await database.connect(role: "hansard_migrator")
    try await Migrator(connection: migrator, set: set).up()
    let service = try await database.connect(role: "hansard_service")
    #expect(try await Migrator(connection: service, set: set).verify() == [])
    await #expect(throws: MigrationError.self) {
      try await Migrator(connection: service, set: set).down()
    }
    try await Migrator(connection: migrator, set: set).down()
    #expect(try await database.pgDump() == before)
    await migrator.close()
    await service.close()
  }

  private static func wholeSchema() async throws -> String {
    try await TestDatabase.with(migrated: true) { try await $0.pgDump() }
  }
}

private func isPostgres15() async throws -> Bool {
  try await SharedServer.running().psql("show server_version_num").hasPrefix("15")
}

/// `sql/schema.sql`: the dump without what differs between equal schemas.
enum SchemaFile {
  static let header = """
    -- Made by scripts/dump-schema from sql/migrations, with PostgreSQL 15. Not to be edited.

    """

  static func text(of dump: String) -> String {
    let volatile = ["-- Dumped ", "\\restrict ", "\\unrestrict "]
    var lines = dump.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in !volatile.contains { line.hasPrefix($0) } }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return header + lines.joined(separator: "\n") + "\n"
  }

  /// The first line that differs; nil when none does. The texts are too long to be shown whole.
  static func difference(_ left: String, _ right: String) -> String? {
    let left = left.split(separator: "\n", omittingEmptySubsequences: false)
    let right = right.split(separator: "\n", omittingEmptySubsequences: false)
    if let line = zip(left, right).enumerated().first(where: { $1.0 != $1.1 }) {
      return "line \(line.offset + 1): \(line.element.0) / \(line.element.1)"
    }
    return left.count == right.count ? nil : "\(left.count) lines / \(right.count) lines"
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct HealthTests {
  @Test func isReadyWithItsSchemaAndItsKeys() async throws {
    try await Fixture.run { fixture in
      #expect(await fixture.hansard.health.readiness() == .ready)
      fixture.hansard.health.stopping()
      #expect(await fixture.hansard.health.readiness() == .notReady(["stopping"]))
    }
  }

  private static let latest = "version = (select max(version) from hansard_migrations.applied)"

  /// A migration that this build does not know; `VERSION` in its down text stands for this build's latest.
  private static func newer(_ down: String, state: String = "applied") -> String {
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select version + 1, name, checksum, '\(down)', down_destructive, transactional, '\(state)'
    from hansard_migrations.applied
    where \(latest)
    """
  }

  @Test(arguments: [
    "update hansard_migrations.applied set state = 'applying' where \(latest)",
    "update hansard_migrations.applied set state = 'reverting' where \(latest)",
    "delete from hansard_migrations.applied",
    "delete from hansard_migrations.applied where \(latest)",
    newer("select 1"), newer("select 1", state: "applying"),
    newer("-- migrate: compatible-with: 99"),
    newer("-- migrate: compatible-with: 1") + ";" + newer("select 1"),
    newer("-- migrate: compatible-with: 1")
      + "; update hansard_migrations.applied set state = 'reverting' where version = 3",
  ])
  func anotherSchemaIsNotReady(change: String) async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(change)
      #expect(await fixture.hansard.health.readiness() == .notReady(["schema_mismatch"]))
    }
  }

  /// Migrations that say of themselves that this build works with them, also while one is under way.
  @Test(arguments: [
    newer("-- migrate: compatible-with: VERSION"), newer("-- migrate: compatible-with: 1"),
    newer("-- migrate: compatible-with: 1", state: "applying"),
    newer("-- migrate: compatible-with: 1", state: "reverting"),
    newer("-- migrate: compatible-with: 1") + ";"
      + newer("-- migrate: destructive\n-- migrate: compatible-with: VERSION"),
  ])
  func aNewerSchemaThatIsCompatibleIsReady(change: String) async throws {
    try await Fixture.run { fixture in
      let version = try MigrationSet.load(directory: ProjectFiles.migrations()).latest
      try await TestDatabase.current.psql(change.replacing("VERSION", with: String(version)))
      #expect(await fixture.hansard.health.readiness() == .ready)
    }
  }

  @Test func withoutADatabaseItIsNotReady() async throws {
    var settings = try Fixture.settings(material: .missing(reason: "none"))
    settings.database.conninfo = "host=/nowhere dbname=x user=hansard_service"
    let hansard = Hansard(settings, observer: .quiet())
    #expect(await hansard.health.readiness() == .notReady(["sealed", "database_unavailable"]))
    await hansard.close()
  }
}

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

  @Test(arguments: [
    "update hansard_migrations.applied set state = 'applying' where \(latest)",
    "update hansard_migrations.applied set state = 'reverting' where \(latest)",
    "delete from hansard_migrations.applied",
    "delete from hansard_migrations.applied where \(latest)",
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select version + 1, name, checksum, down_sql, down_destructive, transactional, 'applied'
    from hansard_migrations.applied
    where \(latest)
    """,
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select version + 1, name, checksum, down_sql, down_destructive, transactional, 'applying'
    from hansard_migrations.applied
    where \(latest)
    """,
  ])
  func anotherSchemaIsNotReady(change: String) async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(change)
      #expect(await fixture.hansard.health.readiness() == .notReady(["schema_mismatch"]))
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

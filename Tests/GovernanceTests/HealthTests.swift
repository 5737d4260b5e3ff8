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

  @Test(arguments: [
    "update hansard_migrations.applied set state = 'applying'",
    "update hansard_migrations.applied set state = 'reverting'",
    "delete from hansard_migrations.applied",
    "update hansard_migrations.applied set version = 2",
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select 2, name, checksum, down_sql, down_destructive, transactional, 'applied'
    from hansard_migrations.applied
    """,
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select 2, name, checksum, down_sql, down_destructive, transactional, 'applying'
    from hansard_migrations.applied
    """,
  ])
  func anotherSchemaIsNotReady(change: String) async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(change)
      #expect(await fixture.hansard.health.readiness() == .notReady(["schema_mismatch"]))
    }
  }

  @Test func withoutADatabaseItIsNotReady() async throws {
    var settings = Fixture.settings(material: .missing(reason: "none"))
    settings.database.conninfo = "host=/nowhere dbname=x user=hansard_service"
    let hansard = Hansard(settings, observer: .quiet())
    #expect(await hansard.health.readiness() == .notReady(["sealed", "database_unavailable"]))
    await hansard.close()
  }
}

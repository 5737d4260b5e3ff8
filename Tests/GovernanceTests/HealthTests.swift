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
    "update hansard_migrations.applied set state = 'applying' where version = 3",
    "update hansard_migrations.applied set state = 'reverting' where version = 3",
    "delete from hansard_migrations.applied",
    "delete from hansard_migrations.applied where version = 3",
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select 4, name, checksum, down_sql, down_destructive, transactional, 'applied'
    from hansard_migrations.applied
    where version = 3
    """,
    """
    insert into hansard_migrations.applied (
      version, name, checksum, down_sql, down_destructive, transactional, state)
    select 4, name, checksum, down_sql, down_destructive, transactional, 'applying'
    from hansard_migrations.applied
    where version = 3
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

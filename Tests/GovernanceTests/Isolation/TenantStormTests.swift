// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// X3: ten thousand tenants over four connections; none ever sees another, and a connection that is handed out
/// anew is nobody's.
@Suite(.serialized, .database)
struct TenantStormTests {
  private static let tenantCount = 10_000

  private func withDatabase(
    _ configuration: PostgresConfiguration, size: Int = 4, _ body: (Database) async throws -> Void
  ) async throws {
    let pool = ConnectionPool(
      configuration: configuration, size: size, queueLimit: 1000, waitLimit: .seconds(60))
    try await body(Database(pool: pool, observer: .quiet()))
    await pool.close()
  }

  /// Through PgBouncer, in transaction mode: four sessions for twice as many connections.
  private func withBouncer(_ body: (Database) async throws -> Void) async throws {
    let database = TestDatabase.current
    try await PgBouncer.with(to: database.server.postgres, size: 4) { bouncer in
      var configuration = database.settings(role: "hansard_service")
      configuration.conninfo = bouncer.conninfo(user: "hansard_service", database: database.name)
      configuration.statementCache = .none
      try await withDatabase(configuration, size: 8, body)
    }
  }

  private func holds(
    _ database: Database, transactions: Int, losingAtMost losses: Int = 0
  ) async throws {
    let tenants = try await TenantStorm.makeTenants(Self.tenantCount)
    let clock = ContinuousClock()
    let start = clock.now
    let report = try await TenantStorm(
      database: database, tenants: tenants, transactions: transactions
    ).run()
    print(
      "X3: \(transactions) transactions in \(clock.now - start), \(report.looksOfNobody) looks of nobody,",
      "\(report.leaks.count) leaks, \(report.unavailable) lost, \(database.pool.statistics.opened) connections: \(report.counts)"
    )
    #expect(report.leaks == [])
    #expect(report.faults == [])
    #expect(report.unavailable <= losses)
    for incident in TenantStorm.Incident.allCases where incident != .leak {
      #expect(report.counts[incident, default: 0] > 0, "\(incident)")
    }
    #expect(report.looksOfNobody > transactions / 4)
  }

  @Test(.timeLimit(.minutes(60))) func noTenantIsSeenByAnother() async throws {
    let configuration = TestDatabase.current.settings(role: "hansard_service")
    try await withDatabase(configuration) { database in
      try await holds(database, transactions: TenantStorm.standardCount)
    }
  }

  @Test(
    .timeLimit(.minutes(60)),
    .enabled(if: PgBouncer.program != nil, "pgbouncer is not installed: scripts/setup --test"))
  func noTenantIsSeenByAnotherBehindPgBouncer() async throws {
    try await withBouncer { database in
      let count = TenantStorm.standardCount / 2
      try await holds(database, transactions: count, losingAtMost: count / 100)
    }
  }

  /// The harness finds a tenant that is set for the session, and not for the transaction.
  @Test func findsATenantThatStays() async throws {
    let configuration = TestDatabase.current.settings(role: "hansard_service")
    let tenants = try await TenantStorm.makeTenants(100)
    try await withDatabase(configuration) { database in
      let storm = TenantStorm(
        database: database, tenants: tenants, transactions: 1000, leaks: true)
      let report = try await storm.run()
      #expect(report.leaks.contains { $0.hasPrefix("nobody") })
    }
  }

  @Test(.enabled(if: PgBouncer.program != nil, "pgbouncer is not installed: scripts/setup --test"))
  func findsATenantThatStaysBehindPgBouncer() async throws {
    let tenants = try await TenantStorm.makeTenants(100)
    try await withBouncer { database in
      let storm = TenantStorm(
        database: database, tenants: tenants, transactions: 1000, leaks: true)
      let report = try await storm.run()
      #expect(report.leaks.contains { $0.hasPrefix("nobody") })
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import Synchronization
import TestSupport

/// The databases, services and clients of one drill.
final class DrillScene: Sendable {
  let drill: UpgradeDrill
  let deployment: Deployment
  let journal = Journal()
  let waits = Waits()
  let oldService: Service
  let tenant: DrillTenant
  let settled: DrillTenant
  let settledRows: SettledRows
  let settledBefore: (rows: [String], events: [String])
  /// What commands printed, and what the old service said of itself.
  let told = Mutex<(plan: String, refusal: String, readiness: [(phase: String, status: Int)])>(
    ("", "", []))

  /// The database that goes to the new schema and back; the other one is only ever the old build's.
  static let database = "drill"
  static let fresh = "fresh"

  private init(
    _ drill: UpgradeDrill, _ deployment: Deployment, _ oldService: Service, _ tenant: DrillTenant,
    _ settled: DrillTenant, _ rows: SettledRows, _ before: (rows: [String], events: [String])
  ) {
    self.drill = drill
    self.deployment = deployment
    self.oldService = oldService
    self.tenant = tenant
    self.settled = settled
    settledRows = rows
    settledBefore = before
  }

  /// Everything as the old build makes it: a schema, a service, a tenant to write to, and one that is
  /// furnished and then left alone.
  static func make(_ drill: UpgradeDrill, _ deployment: Deployment) async throws -> DrillScene {
    let installation = DrillInstallation(deployment: deployment, environment: drill.environment)
    for name in [database, fresh] {
      try await Psql(postgres: deployment.postgres, database: "postgres")
        .run(["-c", "create database \(name)"])
      try await installation.run(drill.old, ["migrate", "up"], on: name)
    }
    var tenant = try await installation.makeTenant("drill", by: drill.old)
    var settled = try await installation.makeTenant("settled", by: drill.old)
    let service = try await installation.start(drill.old)
    for _ in 1...4 {
      tenant.recordings.append(try await service.client(tenant.key).startRecording())
    }
    try await settled.furnish(service.client(settled.key))
    let events = try await settled.events(service.client(settled.key))
    let (rows, before) = try await installation.withDatabase { [settled] connection in
      let rows = try await SettledRows(of: settled.id, connection)
      return (rows, try await rows.read(connection))
    }
    return DrillScene(drill, deployment, service, tenant, settled, rows, (before, events))
  }

  var installation: DrillInstallation {
    DrillInstallation(deployment: deployment, environment: drill.environment)
  }

  /// Compares, through the old service and beside it.
  func report(after elapsed: Duration) async throws -> UpgradeDrill.Report {
    let client = oldService.client(tenant.key)
    var stored: [Testimony.Stored] = []
    for recording in tenant.recordings {
      stored += try await client.allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
    }
    // Before it is read through the service, which leaves lines in its audit log.
    let rows = try await installation.withDatabase { try await self.settledRows.read($0) }
    let events = try await settled.events(oldService.client(settled.key))
    let status = try await oldService.stop()
    if status != .exited(0) { journal.surprised("the old service ended with \(status)") }
    let wrongLeaves = try await installation.withDatabase { try await LeafAudit.wrongLeaves($0) }
    let told = told.withLock { $0 }
    return UpgradeDrill.Report(
      findings: Testimony(journal).findings(in: stored), surprises: journal.surprises,
      wrongLeaves: wrongLeaves, schemaDifference: try await schemaDifference(),
      changedRows: settledBefore.rows.difference(from: rows).map(Self.describe),
      hasSettledEvents: events == settledBefore.events && !events.isEmpty, plan: told.plan,
      refusal: told.refusal, readiness: told.readiness, waits: waits,
      acknowledged: journal.acknowledgedCount, requests: journal.summary,
      eventsPerSecond: Double(journal.acknowledgedCount) / (elapsed / .seconds(1)))
  }

  private static func describe(_ change: CollectionDifference<String>.Change) -> String {
    switch change {
    case .insert(_, let row, _): "before: \(row)"
    case .remove(_, let row, _): "after: \(row)"
    }
  }

  /// Nil where the dumps are equal, with the same weeks' partitions made.
  private func schemaDifference() async throws -> String? {
    let postgres = deployment.postgres
    let weeks = try await Psql(postgres: postgres, database: Self.database).run([
      "-c",
      """
      select substring(relname from '[0-9]{4}w[0-9]{2}$')
      from pg_class
      where relnamespace = 'hansard'::regnamespace
        and relispartition
        and relkind = 'r'
        and relname ~ '^recording_events_[0-9]{4}w[0-9]{2}$'
      """,
    ])
    for week in weeks.split(separator: "\n") {
      try await Psql(postgres: postgres, database: Self.fresh).run([
        "-c", "select hansard.ensure_event_partition(to_date('\(week)', 'IYYY\"w\"IW'))",
      ])
    }
    let drilled = try await Psql(postgres: postgres, database: Self.database).dump()
    let fresh = try await Psql(postgres: postgres, database: Self.fresh).dump()
    guard drilled != fresh else { return nil }
    let pairs = zip(drilled.split(separator: "\n"), fresh.split(separator: "\n"))
    return pairs.first { $0 != $1 }.map { "\($0) / \($1)" } ?? "one ends before the other"
  }
}

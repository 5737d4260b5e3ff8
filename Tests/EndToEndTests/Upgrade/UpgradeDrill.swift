// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

/// An upgrade under load: the new build migrates while the old one serves, both serve the new schema, and the
/// old build takes the schema back by the SQL that is stored in the database. Compares at the end what
/// clients were promised, and what an installation of the old build alone would be, with what is there.
struct UpgradeDrill: Sendable {
  /// What came of it.
  struct Report: Sendable {
    var findings: [Testimony.Finding]
    /// Answers that no client should see, but for 503 with `Retry-After`.
    var surprises: [String]
    /// Events whose leaf hash is not what the ledger computes from their columns.
    var wrongLeaves: Int
    /// Where the schema differs from one that the old build made by itself; nil: nowhere.
    var schemaDifference: String?
    /// Rows of a tenant that nobody worked for meanwhile, which are gone or other than before.
    var changedRows: [String]
    /// Its events, read through the old service before and after.
    var hasSettledEvents: Bool
    /// What the new build planned, and what the old one said when it was to lose data without leave.
    var plan: String
    var refusal: String
    /// What the old service's `/readyz` said, by phase.
    var readiness: [(phase: String, status: Int)]
    var waits: Waits
    var acknowledged: Int
    /// What was sent, acknowledged and refused.
    var requests: String
    var eventsPerSecond: Double

    /// By how much the longest wait of a phase exceeds the longest before anything was migrated: a busy machine
    /// has writers wait too, without a migration.
    func stall(in phase: String) -> Duration {
      waits.longest(in: phase) - waits.longest(in: Phase.before)
    }

    /// The lines that a log keeps.
    var summary: String {
      let probes = readiness.map { "\($0.phase) \($0.status)" }.joined(separator: ", ")
      return """
        \(requests); \(Int(eventsPerSecond)) acknowledged per second; findings: \(findings.count); \
        surprises: \(surprises.count); settled rows changed: \(changedRows.count)
        waits: \(waits.summary)
        /readyz of the old service: \(probes)
        """
    }
  }

  /// What goes on while writers wait.
  enum Phase {
    static let before = "old service, old schema"
    static let upgrade = "upgrade"
    static let oldAlone = "old service, new schema"
    static let both = "both services, new schema"
    static let downgrade = "downgrade"
    static let after = "old service, old schema again"
  }

  var old: Release
  var new: Release
  /// Acknowledged in each phase before the next one begins.
  var eventsPerPhase = Effort.drillEvents
  /// Offered by all writers together.
  var eventsPerSecond = 200.0
  /// A reader is in the way of each migration for so long: a report, or a dump.
  var readerStays = Duration.milliseconds(2500)
  /// Further environment of the migrations.
  var environment: [String: String] = [:]

  /// Runs all phases on a deployment of its own.
  func run() async throws -> Report {
    try await Deployment.with { deployment in
      let scene = try await DrillScene.make(self, deployment)
      let begin = ContinuousClock.now
      try await scene.play()
      return try await scene.report(after: ContinuousClock.now - begin)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Forward with the new build and back with the old one, under load: nothing that was acknowledged is lost.
@Suite(.serialized, .exclusive)
struct UpgradeDrillTests {
  /// The old release is this build; the new one has two migrations more.
  @Test(.timeLimit(.minutes(10)))
  func nothingIsLostOnTheWayForwardAndBack() async throws {
    let report = try await Self.drill()
    print("upgrade drill: \(report.summary)")
    expectNoLoss(report)
    #expect(report.readiness.map(\.status) == [200, 200, 200, 200])
    for text in [report.plan, report.refusal] {
      #expect(text.contains("notes of the drill (2 rows)"), "\(text)")
    }
    for phase in [UpgradeDrill.Phase.upgrade, UpgradeDrill.Phase.downgrade] {
      #expect(report.stall(in: phase) < .seconds(1), "\(phase)")
    }
  }

  /// The planted defects: a way back that takes events with it, and leaves something of its own.
  @Test(.timeLimit(.minutes(10)))
  func aWayBackThatLosesEventsIsNoticed() async throws {
    let loss = """
      set local session_replication_role = replica;
      delete from hansard.recording_events where seq % 20 = 0;
      create table hansard.left_behind (n int);
      """
    let report = try await Self.drill(losing: loss, eventsPerPhase: 200)
    print("upgrade drill with a planted loss: \(report.summary)")
    #expect(report.findings.contains { if case .lost = $0 { true } else { false } })
    #expect(report.schemaDifference?.contains("left_behind") == true)
  }

  /// The planted defect: a migration that waits for its locks has writers wait behind it.
  @Test(.timeLimit(.minutes(10)))
  func aMigrationThatWaitsForItsLocksIsNoticed() async throws {
    let defect = ["HANSARD_ENV": "test", "HANSARD_PLANTED_DEFECT": "wait-for-locks"]
    let report = try await Self.drill(environment: defect, eventsPerPhase: 200)
    print("upgrade drill with a migration that waits: \(report.summary)")
    #expect(report.stall(in: UpgradeDrill.Phase.upgrade) > .seconds(1))
  }

  /// `scripts/upgrade-drill` builds an older release and runs this with it.
  @Test(
    .timeLimit(.minutes(30)), .enabled("no older release is at hand") { try Release.older() != nil }
  )
  func nothingIsLostWithAnOlderRelease() async throws {
    let old = try #require(try Release.older())
    let report = try await UpgradeDrill(old: old, new: .current()).run()
    print("upgrade drill from \(old.version): \(report.summary)\n\(report.plan)\n\(report.refusal)")
    expectNoLoss(report)
  }

  private static func drill(
    losing loss: String = "", environment: [String: String] = [:],
    eventsPerPhase: Int = Effort.drillEvents
  ) async throws -> UpgradeDrill.Report {
    let directory = try TemporaryDirectory.make("releases")
    defer { TemporaryDirectory.remove(directory) }
    let old = try Release.current()
    let new = try old.next(in: "\(directory)/next", losing: loss)
    return try await UpgradeDrill(
      old: old, new: new, eventsPerPhase: eventsPerPhase, environment: environment
    ).run()
  }

  private func expectNoLoss(_ report: UpgradeDrill.Report) {
    #expect(report.findings == [])
    #expect(report.surprises == [])
    #expect(report.wrongLeaves == 0)
    #expect(report.schemaDifference == nil)
    #expect(report.changedRows == [])
    #expect(report.hasSettledEvents)
    #expect(report.acknowledged >= 4 * Effort.drillEvents)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// An acknowledged event is there afterwards, whatever was killed: once, unaltered, in its place.
@Suite(.serialized, .exclusive)
struct KillLoopTests {
  @Test(.timeLimit(.minutes(30)))
  func noAcknowledgedEventIsLostWhateverIsKilled() async throws {
    let report = try await KillLoop(rounds: Effort.killRounds).run()
    print("kill loop: \(Effort.killRounds) rounds, seed \(Effort.seed): \(report.summary)")
    #expect(report.findings == [])
    #expect(report.surprises == [])
    #expect(report.wrongLeaves == 0)
    #expect(report.stored >= 20 * Effort.killRounds)
  }

  /// The same loop must notice a service that acknowledges before the commit.
  @Test(.timeLimit(.minutes(5)))
  func theLoopNoticesAcknowledgementsBeforeTheCommit() async throws {
    let defect = [
      "HANSARD_ENV": "test", "HANSARD_PLANTED_DEFECT": "acknowledge-before-commit",
    ]
    let loop = KillLoop(rounds: 4, victims: [.postgres, .immediateStop], environment: defect)
    let report = try await loop.run()
    let lost = report.findings.filter { finding in
      if case .lost = finding { true } else { false }
    }
    print("kill loop with the planted defect: \(lost.count) lost; \(report.summary)")
    #expect(!lost.isEmpty)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// PostgreSQL's disk is full, log and tables alike: appends are refused, nothing that was
/// acknowledged is missing, and the service goes on by itself when there is room again.
@Suite(
  .serialized, .exclusive,
  .enabled(
    if: SmallDisk.obstacle == nil,
    Comment(rawValue: "no disk to fill: \(SmallDisk.obstacle ?? "")")))
struct FullDiskTests {
  @Test(.timeLimit(.minutes(Effort.minutes())))
  func appendsAreRefusedUntilThereIsRoom() async throws {
    let rounds = Effort.rounds(standard: 3)
    let report = try await KillLoop(rounds: rounds, victims: [.space]).run()
    let slowest = report.resumptions.max() ?? .zero
    print(
      "full disk: filled \(rounds) times, seed \(Effort.seed): writes resumed within "
        + "\(slowest.milliseconds) ms; \(report.summary)")
    #expect(report.findings == [])
    #expect(report.faultsOfOneShots == [])
    #expect(report.contradictions == [])
    #expect(report.surprises == [])
    #expect(report.wrongLeaves == 0)
    #expect(report.resumptions.count == rounds)
    #expect(slowest <= .seconds(5))
    let expected = [
      "storage_unavailable", "database_unavailable", "outcome_unknown", "overloaded",
      "audit_unavailable",
    ]
    #expect(Set(report.refusals.keys).isSubset(of: expected))
  }
}

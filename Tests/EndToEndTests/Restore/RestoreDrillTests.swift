// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// Backup, loss, restoration: what was acknowledged is there, and what was erased stays erased.
@Suite(.serialized, .exclusive)
struct RestoreDrillTests {
  @Test(.timeLimit(.minutes(Effort.minutes())))
  func whatWasErasedIsErasedAgainBeforeAnythingIsServed() async throws {
    let drill = RestoreDrill(rounds: Effort.restoreRounds)
    let report = try await drill.run()
    for (number, round) in report.rounds.enumerated() {
      print(
        "restore \(number + 1) of \(report.rounds.count), seed \(Effort.seed): \(report.erased) erased, "
          + "\(round.survivors) back, \(round.toldWithoutLog) told without the log, "
          + "\(round.acknowledged) acknowledged before")
      #expect(round.findings == [])
      #expect(round.wrongLeaves == 0)
      #expect(round.faults == [])
      // The planted defect, in each round: without the log a restored database tells what was erased.
      #expect((round.toldWithoutLog > 0) == (round.survivors > 0))
    }
    #expect(report.rounds.count == Effort.restoreRounds)
    #expect(report.rounds.map(\.survivors).reduce(0, +) > 0)
    #expect(report.rounds.map(\.acknowledged).reduce(0, +) > 0)
  }
}

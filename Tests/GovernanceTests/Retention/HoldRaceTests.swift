// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A hold wins every race, or it is told that there is nothing left to hold.
@Suite(.serialized, .database)
struct HoldRaceTests {
  private func findings(_ destroyer: HoldRace.Destroyer) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      for step in HoldRace.Step.allCases {
        let found = try await HoldRace(fixture: fixture, destroyer: destroyer, step: step)
          .findings()
        findings += found.map { "\(step): \($0)" }
      }
    }
    return findings
  }

  @Test(.timeLimit(.minutes(5)), arguments: HoldRace.Destroyer.allCases)
  func aHoldAndADestructionMeet(_ destroyer: HoldRace.Destroyer) async throws {
    #expect(try await findings(destroyer) == [])
  }

  /// The planted defect: a purge believes what was found before it had its locks.
  @Test(.timeLimit(.minutes(5))) func aPurgeThatDoesNotAskAgainIsNoticed() async throws {
    try await Mutant.make("purge_recordings", [(of: "and r.hold_count = 0", to: "")])
    let found = try await findings(.purge)
    #expect(found.contains("heldBeforeTheLocks: held and destroyed"), "\(found)")
  }

  /// The planted defect: a deletion does not ask for holds.
  @Test(.timeLimit(.minutes(5))) func aDeletionThatDoesNotAskIsNoticed() async throws {
    try await Mutant.make(
      "delete_recording", [(of: "recording.hold_count > 0", to: "false")])
    let found = try await findings(.deletion)
    #expect(found.contains("heldBeforeTheLocks: held and destroyed"), "\(found)")
    #expect(found.contains("holding: held and destroyed"), "\(found)")
  }

  /// The planted defect: a hold does not wait for whoever destroys the recording.
  @Test(.timeLimit(.minutes(5))) func aHoldThatDoesNotWaitIsNoticed() async throws {
    try await Mutant.make("place_hold", [(of: "for no key update;", to: ";")])
    let found = try await findings(.deletion)
    #expect(found.contains("destroying: held and destroyed"), "\(found)")
  }

  /// The planted defect: a hold is written down, and the recording does not know.
  @Test(.timeLimit(.minutes(5))) func aHoldThatLeavesNoMarkIsNoticed() async throws {
    try await Mutant.make("place_hold", [(of: "r.hold_count + 1", to: "r.hold_count")])
    let found = try await findings(.deletion)
    #expect(found.contains("heldBeforeTheLocks: held and destroyed"), "\(found)")
  }
}

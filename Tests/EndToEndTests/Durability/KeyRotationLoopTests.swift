// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization
import TestSupport
import Testing

/// Keys are rotated by the commands, over and over, while the kill loop is going on: no read fails, nothing becomes
/// unreadable, and no old key is needed that is said to be removable.
@Suite(.serialized, .exclusive)
struct KeyRotationLoopTests {
  private static let rounds = 5 * Effort.rounds(standard: 3)

  /// What came of it, beside the loop's own report.
  private final class Outcome: Sendable {
    let readers = RotationReaders()
    let rotator = Mutex<KeyRotator?>(nil)

    var tally: KeyRotator.Tally { rotator.withLock { $0?.tally } ?? KeyRotator.Tally() }
    var faults: [String] { readers.tally.faults + tally.faults }

    var summary: String {
      let (read, rotated) = (readers.tally, tally)
      return """
        \(read.reads) reads were right, \(read.faults.count) failed, \(read.refused) refused in outages; \
        \(rotated.masters) rotations of the master key, \(rotated.tenants) of the tenant's, \
        \(rotated.rewrapped) keys wrapped anew by runs that could say so, \(rotated.failed) runs failed \
        with PostgreSQL and \(rotated.killed) were killed; \(read.recordings) recordings read at the end
        """
    }

    /// Rotates beside four readers until the loop is over, and a last time when all is calm.
    ///
    /// - Parameter spoil: Is told the id of one of the recordings, before anything is rotated.
    func companion(
      of recordings: Int,
      spoil: @escaping @Sendable (KillLoop.Scene, String) async throws -> Void = { _, _ in }
    ) -> KillLoop.Companion {
      KillLoop.Companion(
        prepare: { [self] scene in
          let clients = (0..<16).map { scene.clients[$0 % scene.clients.count] }
          try await readers.plant(recordings, clients)
          try await spoil(scene, readers.planted.first ?? "")
        },
        run: { [self] scene in
          let rotator = KeyRotator(scene)
          self.rotator.withLock { $0 = rotator }
          try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
              let client = scene.clients[number % scene.clients.count]
              group.addTask { [self] in
                try await readers.read(scene, client, number: number)
              }
            }
            while !scene.isOver() { try await rotator.rotate() }
            try await group.waitForAll()
          }
          try await rotator.rotateLast(readers)
        })
    }
  }

  @Test(.timeLimit(.minutes(max(30, Effort.minutes(kinds: 5)))))
  func nothingBecomesUnreadableWhateverIsKilled() async throws {
    let outcome = Outcome()
    let companion = outcome.companion(of: 600)
    let report = try await KillLoop(rounds: Self.rounds, companion: companion).run()
    print(
      "key rotation: \(Self.rounds) rounds, seed \(Effort.seed): \(outcome.summary); "
        + "\(report.summary); \(report.lostAnswers) lost answers")
    #expect(outcome.faults == [])
    report.expectKeptPromises()
    #expect(report.refusals["sealed"] == nil)
    #expect(outcome.readers.tally.reads >= 10 * Self.rounds)
    #expect(outcome.readers.tally.recordings > 600)
    // One beside the loop at least, however slow the machine is, and the last one.
    #expect(outcome.tally.masters >= 2 && outcome.tally.rewrapped > 0)
    #expect(outcome.tally.failed + outcome.tally.killed > 0)
  }

  /// The planted defect: of one data key it is said that it is under the new key, and it is not.
  @Test(.timeLimit(.minutes(5))) func aKeyThatARotationSpoilsIsNoticed() async throws {
    let outcome = Outcome()
    let companion = outcome.companion(of: 20) { scene, victim in
      try await scene.deployment.withDatabase { database in
        let rows = try await database.execute(
          Query("select pg_get_functiondef('hansard.rewrap_recording_keys'::regproc)"))
        let text = try #require(rows.first).decode(0, as: String.self)
        let mutant = text.replacing(
          "wrapped = n.fresh",
          with: "wrapped = case k.recording_id when '\(victim)' then k.wrapped else n.fresh end")
        #expect(mutant != text)
        _ = try await database.execute(Query(mutant, prepared: false))
      }
    }
    let report = try await KillLoop(rounds: 4, victims: [.service, .answers], companion: companion)
      .run()
    print("key rotation with the planted defect: \(outcome.summary)")
    #expect(outcome.readers.tally.faults.contains { $0.contains("integrity_failure") })
    #expect(outcome.tally.faults.contains { $0.contains(#""unreadable":1"#) })
    #expect(report.findings == [])
  }
}

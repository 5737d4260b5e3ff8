// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// PostgreSQL has no room, for anything or for its log alone: appends are refused, nothing that was
/// acknowledged is missing, and the service goes on by itself when there is room again.
@Suite(
  .serialized, .exclusive,
  .enabled(
    if: SmallDisk.obstacle == nil,
    Comment(rawValue: "no disk to fill: \(SmallDisk.obstacle ?? "")")))
struct FullDiskTests {
  /// Log and tables on the disk that is filled.
  @Test(.timeLimit(.minutes(Effort.minutes())))
  func appendsAreRefusedUntilThereIsRoom() async throws {
    check(try await fill(.space, rounds: Effort.rounds(standard: 3)))
  }

  /// The log alone: PostgreSQL panics over it in the midst of commits, and may give up.
  @Test(.timeLimit(.minutes(Effort.minutes())))
  func appendsAreRefusedUntilTheLogHasRoom() async throws {
    let report = try await fill(.logSpace, rounds: Effort.rounds(standard: 3))
    check(report)
    #expect(report.panics > 0)
  }

  /// The disk has room for an append and none for its commit.
  @Test(.timeLimit(.minutes(5)))
  func appendsAreRefusedWhereOnlyTheirCommitFindsNoRoom() async throws {
    check(try await fill(.space, rounds: 1, delaysCommits: true))
  }

  /// The same loops must notice a service that acknowledges before the commit.
  @Test(.timeLimit(.minutes(5)), arguments: [KillLoop.Victim.space, .logSpace])
  func theLoopNoticesAcknowledgementsBeforeTheCommit(of victim: KillLoop.Victim) async throws {
    var lost: [Testimony.Finding] = []
    // Now and then a statement is the first to find no room, and then nothing was acknowledged.
    for _ in 0..<3 where lost.isEmpty {
      let report = try await fill(
        victim, rounds: 1, delaysCommits: victim == .space, EarlyReceipts.environment)
      lost = report.findings.losses
    }
    #expect(!lost.isEmpty)
  }

  private func fill(
    _ victim: KillLoop.Victim, rounds: Int, delaysCommits: Bool = false,
    _ environment: [String: String] = [:]
  ) async throws -> KillLoop.Report {
    let report = try await KillLoop(
      rounds: rounds, victims: [victim], environment: environment, delaysCommits: delaysCommits
    ).run()
    let slowest = report.resumptions.max() ?? .zero
    print(
      "full disk (\(victim.rawValue)\(environment.isEmpty ? "" : ", with the planted defect")): "
        + "filled \(rounds) times, seed \(Effort.seed): writes resumed within "
        + "\(slowest.milliseconds) ms; \(report.panics) panics; "
        + "\(report.findings.losses.count) lost; \(report.summary)")
    #expect(report.resumptions.count == rounds)
    return report
  }

  private func check(_ report: KillLoop.Report) {
    report.expectKeptPromises()
    report.expectTemporaryRefusals()
    #expect((report.resumptions.max() ?? .zero) <= .seconds(5))
  }
}

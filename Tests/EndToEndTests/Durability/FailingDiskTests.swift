// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// PostgreSQL's disk fails to sync, with `EIO`, and loses what it was to sync: PostgreSQL panics over it, appends
/// are refused, and the service goes on by itself when the disk works again.
@Suite(
  .serialized, .exclusive,
  .enabled(
    if: ForgetfulDisk.obstacle == nil,
    Comment(rawValue: "no disk to break: \(ForgetfulDisk.obstacle ?? "")")))
struct FailingDiskTests {
  @Test(.timeLimit(.minutes(Effort.minutes(kinds: 2))))
  func noAcknowledgedEventIsLostWhenSyncsFail() async throws {
    let rounds = Effort.rounds(standard: 2)
    let report = try await failSyncs(rounds: rounds)
    report.expectKeptPromises()
    report.expectTemporaryRefusals()
    #expect(report.resumptions.count == rounds)
    #expect(report.panics >= rounds && report.forgottenPages >= rounds)
    #expect(report.stored >= 20 * rounds)
  }

  /// The same loop must notice a service that acknowledges before the commit.
  @Test(.timeLimit(.minutes(5)))
  func theLoopNoticesAcknowledgementsBeforeTheCommit() async throws {
    var lost: [Testimony.Finding] = []
    // Now and then a checkpoint's sync is the first to fail, and then nothing was acknowledged.
    for _ in 0..<3 where lost.isEmpty {
      lost = try await failSyncs(rounds: 1, EarlyReceipts.environment).findings.losses
    }
    #expect(!lost.isEmpty)
  }

  private func failSyncs(
    rounds: Int, _ environment: [String: String] = [:]
  ) async throws -> KillLoop.Report {
    let report = try await KillLoop(
      rounds: rounds, victims: [.syncs], environment: environment, delaysCommits: true
    ).run()
    print(
      "failing syncs\(environment.isEmpty ? "" : ", with the planted defect"): \(rounds) times, "
        + "seed \(Effort.seed): writes resumed within "
        + "\((report.resumptions.max() ?? .zero).milliseconds) ms; \(report.panics) panics; "
        + "\(report.findings.losses.count) lost; \(report.refusals); \(report.summary)")
    return report
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// Compares how long a failed attempt takes to log with alerts off and on, in one run, in alternating rounds,
/// by medians. Prints a table; asserts nothing about times. The test server never syncs: on a disk the
/// differences are smaller.
///
/// `HANSARD_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter RecoveryAlertMeasurement`
@Suite(
  .database, .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["HANSARD_MEASURE"] == "1"))
struct RecoveryAlertMeasurement {
  private static let rounds = 21
  private static let requests = 60

  private static let cases: [(name: String, terms: RecoveryAlertTerms)] = [
    ("off", .none), ("off again", .none),
    (
      "failures, none too many",
      RecoveryAlertTerms(
        failures: .init(count: 1000, windowSeconds: 1), successRate: nil, tellsEscalations: true)
    ),
    (
      "failures, in an alert",
      RecoveryAlertTerms(
        failures: .init(count: 1, windowSeconds: 604_800), successRate: nil,
        tellsEscalations: true)
    ),
    (
      "failures and rate, none too many",
      RecoveryAlertTerms(
        failures: .init(count: 1000, windowSeconds: 1),
        successRate: .init(belowPercent: 1, windowSeconds: 1, minimumAttempts: 1000),
        tellsEscalations: true)
    ),
  ]

  @Test(arguments: [1, 8])
  func offAgainstOn(clients: Int) async throws {
    try await Fixture.run { fixture in
      var parties: [Party] = []
      for (name, terms) in Self.cases {
        let party = try await Party(named: name, in: fixture.hansard)
        var policy = TenantPolicy.Terms(retentionDays: nil, reviewSamplePercent: 0)
        policy.recoveryAlerts = terms
        _ = try await fixture.hansard.policies.set(policy, replacing: 0, by: party.admin)
        parties.append(party)
      }
      var times = Array(repeating: [Double](), count: parties.count)
      for round in 0...Self.rounds {
        for (index, party) in parties.enumerated() {
          let time = try await time(party, fixture.hansard.recovery, clients)
          // The first round warms up.
          if round > 0 { times[index].append(time) }
        }
      }
      let medians = times.map { $0.sorted()[$0.count / 2] }
      print("| alerts, \(clients) clients | µs an attempt | ratio |\n|---|---|---|")
      for ((name, _), median) in zip(Self.cases, medians) {
        let micro = String(format: "%.0f", median * 1_000_000)
        print("| \(name) | \(micro) | \(String(format: "%.2f", median / medians[0])) |")
      }
    }
  }

  /// Seconds a request, of `clients` at once in sessions of their own.
  private func time(
    _ party: Party, _ recovery: RecoveryAudit, _ clients: Int
  ) async throws -> Double {
    let clock = ContinuousClock()
    let begin = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<clients {
        group.addTask {
          for _ in 0..<Self.requests / clients {
            _ = try await recovery.log(
              [.of("E\(client)", success: false, agent: "bot\(client)")], in: .named("s-\(client)"),
              by: party.recorder)
          }
        }
      }
      try await group.waitForAll()
    }
    let total = begin.duration(to: clock.now) / (Self.requests / clients * clients)
    return Double(total.components.attoseconds) / 1e18 + Double(total.components.seconds)
  }
}

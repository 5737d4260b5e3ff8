// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Attempts at the same moment, on two instances with connections of their own: one alert, told once.
@Suite(.serialized, .database)
struct RecoveryAlertRaceTests {
  private static let width = 24

  private static func planted(_ defect: RecoveryAlarm.Defect) -> Adjustment {
    Adjustment { $0.alarmDefect = defect }
  }

  /// How often each of several types of error was told of, after so many attempts at each had failed at
  /// once in sessions of their own, of which `threshold` are enough.
  private func told(
    threshold: Int, rounds: Int, _ adjustment: Adjustment = .none
  ) async throws -> [Int] {
    var counts: [Int] = []
    let terms = RecoveryAlertTerms(
      failures: .init(count: threshold, windowSeconds: 600), successRate: nil,
      tellsEscalations: false)
    try await AlertGround.run(terms, with: adjustment) { ground in
      try await ground.fixture.withTwin { twin in
        let instances = [ground.recovery, twin.recovery]
        for round in 0..<rounds {
          let type = "E\(round)"
          try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<Self.width {
              group.addTask {
                _ = try await instances[index % 2].log(
                  [.of(type, success: false)], in: .named("\(type)-\(index)"),
                  by: ground.fixture.acme.recorder)
              }
            }
            try await group.waitForAll()
          }
          counts.append(try await ground.numbers(.failures, of: type).count)
        }
      }
    }
    return counts
  }

  /// Nobody sees the others' attempts before they are committed: whoever comes last must.
  @Test func theLastOneOfManySeesThemAll() async throws {
    let counts = try await told(threshold: Self.width, rounds: 6)
    #expect(counts == Array(repeating: 1, count: 6))
  }

  @Test func manyThatWouldRaiseItRaiseItOnce() async throws {
    let counts = try await told(threshold: 1, rounds: 6)
    #expect(counts == Array(repeating: 1, count: 6))
  }

  /// The planted defect: without waiting for each other, all believe that one is missing.
  @Test func withoutALockAlertsAreLost() async throws {
    let counts = try await told(threshold: Self.width, rounds: 12, Self.planted(.withoutLock))
    #expect(counts.contains(0), "\(counts)")
  }

  /// The row alone keeps an alert from being told twice.
  @Test func withoutALockTheKeyHolds() async throws {
    let counts = try await told(threshold: 1, rounds: 6, Self.planted(.withoutLock))
    #expect(counts == Array(repeating: 1, count: 6))
  }

  /// The planted defect: without both it is told again and again.
  @Test func withoutLockAndKeyAlertsAreToldTwice() async throws {
    let counts = try await told(
      threshold: 1, rounds: 12, Self.planted(.withoutLockAndKey))
    #expect(counts.contains { $0 > 1 }, "\(counts)")
  }
}

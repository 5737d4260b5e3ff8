// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

extension SeededGenerator {
  mutating func int(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

  /// A version 4 UUID in lower case.
  mutating func uuid() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += byte < 16 ? "0" : ""
      text += String(byte, radix: 16)
    }
    return text
  }
}

/// How much is tried: small enough for every build, more when a campaign asks for it.
enum Effort {
  /// Rounds of each kind that a campaign asks for, `HANSARD_CAMPAIGN_ROUNDS`; else `standard`.
  static func rounds(standard: Int) -> Int { number("HANSARD_CAMPAIGN_ROUNDS", standard: standard) }
  /// Rounds of the kill loop over its five kinds: `E2E_KILL_ROUNDS`.
  static let killRounds = number("E2E_KILL_ROUNDS", standard: rounds(standard: 8) * 5)
  /// How long a loop with so many rounds of each of `kinds` may take.
  static func minutes(kinds: Int = 1) -> Int { max(5, rounds(standard: 8) * kinds / 8) }
  /// Restorations of the drill: `E2E_RESTORE_ROUNDS`.
  static let restoreRounds = number("E2E_RESTORE_ROUNDS", standard: 2)
  /// Mutated requests: `E2E_FUZZ_CASES`.
  static let fuzzCases = number("E2E_FUZZ_CASES", standard: 2000)
  /// Draws for each described operation: `E2E_CONTRACT_DRAWS`.
  static let contractDraws = number("E2E_CONTRACT_DRAWS", standard: 100)
  /// How long a run of them may take.
  static let contractMinutes = max(10, contractDraws / 10)
  /// Requests whose lines in the audit log are counted: `E2E_AUDIT_REQUESTS`.
  static let auditedRequests = number("E2E_AUDIT_REQUESTS", standard: 1200)
  /// Length of the outage: `E2E_OUTAGE_SECONDS`.
  static let outageSeconds = number("E2E_OUTAGE_SECONDS", standard: 10)
  /// Events per phase of an upgrade and the way back: `E2E_DRILL_EVENTS`.
  static let drillEvents = number("E2E_DRILL_EVENTS", standard: 600)
  /// Where random numbers begin: `HANSARD_CAMPAIGN_SEED`, or `E2E_SEED`.
  static let seed = UInt64(
    number("HANSARD_CAMPAIGN_SEED", standard: number("E2E_SEED", standard: 20_261_121)))

  private static func number(_ name: String, standard: Int) -> Int {
    max(1, ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard)
  }
}

/// Times of many requests.
struct Latencies: Sendable {
  private(set) var all: [Duration] = []

  mutating func add(_ duration: Duration) { all.append(duration) }

  var maximum: Duration { all.max() ?? .zero }

  /// The value that `share` of all do not exceed.
  func percentile(_ share: Double) -> Duration {
    let sorted = all.sorted()
    guard !sorted.isEmpty else { return .zero }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }
}

extension Duration {
  var milliseconds: Double { self / .milliseconds(1) }
}

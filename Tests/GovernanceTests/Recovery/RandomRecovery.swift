// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

@testable import Governance

/// A recovery session made up at random, and what it adds up to, computed in whole numbers from what was
/// sent and not from what is stored.
struct RandomRecovery: Sendable {
  struct Attempt: Sendable {
    var errorType: String
    var strategy: String
    /// Named by the attempt itself.
    var namedAgent: String?
    /// Whose attempt it is: the session's, where it names none.
    var agent: String?
    var success: Bool
    var rollback: Bool
    /// Up to a thousand seconds, in nanoseconds.
    var nanoseconds: Int64
    var files: [String]
    var timestamp: Timestamp
  }

  let id: SessionID
  /// Whom the session names; nil: nobody, and so do none of its attempts.
  let agent: String?
  let attempts: [Attempt]

  /// Few different times and files, so that they are often equal; every tenth session is empty, and
  /// every third is no agent's.
  init(number: Int, _ generator: inout some RandomNumberGenerator) throws {
    id = try .named("random-\(number)")
    let own: String? = number % 3 == 1 ? nil : "bot"
    agent = own
    let agents: [String?] = own == nil ? [nil] : ["bot", "other", nil]
    let base = Timestamp(microseconds: 1_767_225_600_000_000)
    let count = number % 10 == 0 ? 0 : Int.random(in: 1...9, using: &generator)
    attempts = (0..<count).map { _ in
      let finest = [1_000_000_000, 1_000_000, 500_000, 1][Int.random(in: 0..<4, using: &generator)]
      let named = agents[Int.random(in: agents.indices, using: &generator)]
      return Attempt(
        errorType: ["SyntaxError", "ImportError", "Type Error", "é"].randomElement(
          using: &generator) ?? "",
        strategy: ["fix", "retry", "alternative", "rollback", "escalate", "my own"].randomElement(
          using: &generator) ?? "",
        namedAgent: named, agent: named ?? own,
        success: .random(using: &generator), rollback: .random(using: &generator),
        nanoseconds: Int64(
          Int.random(in: 0...1_000_000_000_000, using: &generator) / finest * finest),
        files: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          "file\(Int.random(in: 0...7, using: &generator)).py"
        },
        timestamp: Timestamp(
          microseconds: base.microseconds
            + Int64(Int.random(in: 0...3, using: &generator)) * 43_200_000_000))
    }
  }

  var drafts: [RecoveryAttemptDraft] {
    get throws {
      try attempts.map { attempt in
        var draft = try RecoveryAttemptDraft.of(
          attempt.errorType, strategy: attempt.strategy, success: attempt.success,
          duration: Self.decimal(attempt.nanoseconds, 9), files: attempt.files,
          agent: attempt.namedAgent)
        draft.timestamp = attempt.timestamp
        draft.rollbackPerformed = attempt.rollback
        return draft
      }
    }
  }

  /// In order of time; what is equal stays as it came.
  var chronological: [Attempt] {
    attempts.enumerated().sorted {
      ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset)
    }
    .map(\.element)
  }

  /// Whole units and decimals, all of them.
  static func decimal(_ number: Int64, _ decimals: Int) -> String {
    let unit = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
    let fraction = String(number % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return "\(number / unit).\(zeros)\(fraction)"
  }
}

/// What attempts add up to, in whole numbers.
struct ExpectedStatistics {
  let attempts: [RandomRecovery.Attempt]

  private var count: Int64 { Int64(attempts.count) }
  var successes: Int64 { Int64(attempts.count { $0.success }) }
  var rollbacks: Int64 { Int64(attempts.count { $0.rollback }) }
  private var nanoseconds: Int64 { attempts.reduce(0) { $0 + $1.nanoseconds } }

  var successRate: String {
    count == 0 ? "0.0" : Self.trimmed((20_000 * successes + count) / (2 * count), 2)
  }
  var totalSeconds: String { Self.trimmed((2 * nanoseconds + 1_000_000) / 2_000_000, 3) }
  var averageSeconds: String {
    count == 0
      ? "0.0" : Self.trimmed((2 * nanoseconds + 1_000_000 * count) / (2_000_000 * count), 3)
  }
  var files: [String] { attempts.flatMap(\.files).withoutRepeats }

  func shares(_ word: (RandomRecovery.Attempt) -> String) -> [String: Int64] {
    attempts.reduce(into: [:]) { $0[word($1), default: 0] += 1 }
  }

  /// As Python and JavaScript print a number.
  private static func trimmed(_ number: Int64, _ decimals: Int) -> String {
    var text = RandomRecovery.decimal(number, decimals)
    while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
    return text
  }

  /// What does not agree with `found`, by name.
  func differences(from found: RecoveryStatistics) -> [String] {
    func counts(_ shares: [RecoveryStatistics.Share]) -> [String: Int64] {
      shares.reduce(into: [:]) { $0[$1.word] = $1.count }
    }
    let checks: [(String, Bool)] = [
      ("attempts", found.attempts == count), ("successes", found.successes == successes),
      ("failures", found.failures == count - successes),
      ("rate", found.successRate == successRate), ("total", found.totalSeconds == totalSeconds),
      ("average", found.averageSeconds == averageSeconds),
      ("file count", found.fileCount == Int64(files.count)),
      ("rollbacks", found.rollbacks == rollbacks),
      ("first", found.firstAt == attempts.map(\.timestamp).min()),
      ("last", found.lastAt == attempts.map(\.timestamp).max()),
      ("strategies", counts(found.strategies) == shares(\.strategy)),
      ("error types", counts(found.errorTypes) == shares(\.errorType)),
    ]
    return checks.filter { !$0.1 }.map(\.0)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What may be sent again when it is not known, or known not, to have been done.
enum RetryRule: Sendable {
  /// Doing it twice is doing it once: sent again after a lost answer as well.
  case repeatable
  /// Sent again only when the service said that it had done nothing.
  case once

  /// Whether to send again after `error`.
  func allows(after error: ClientError) -> Bool {
    switch error {
    case .noAnswer: self == .repeatable
    case .refused(let problem): allows(after: problem)
    case .unreadableAnswer, .misuse: false
    }
  }

  private func allows(after problem: ClientError.Problem) -> Bool {
    switch problem.code {
    // Asking again would not change these.
    case "recording_disabled", "sealed", "unsafe_database", "quota_exceeded": false
    case "outcome_unknown": self == .repeatable
    case "overloaded", "database_unavailable", "storage_unavailable", "audit_unavailable",
      "rate_limited":
      true
    default: self == .repeatable && (502...504).contains(problem.status)
    }
  }

  /// How long a request is tried again before a failure like `error` is reported: longer where the
  /// service is well and only asks to be asked less often.
  static func patience(after error: ClientError) -> Duration {
    isRateLimit(error) ? .seconds(600) : .seconds(45)
  }

  private static func isRateLimit(_ error: ClientError) -> Bool {
    guard case .refused(let problem) = error else { return false }
    return problem.status == 429
  }

  /// How long to wait before attempt number `attempt` (from 1), in milliseconds: what the service
  /// asks for (ten seconds at the most, but for a 429), else doubling from 200 ms to 3 s; spread by
  /// a fifth, so that clients do not return in step.
  static func pause(before attempt: Int, after error: ClientError) -> Duration {
    let doubled = 200 << min(max(attempt - 1, 0), 4)
    var milliseconds = min(doubled, 3000)
    if case .refused(let problem) = error, let seconds = problem.retryAfter {
      milliseconds = min(max(seconds, 0), isRateLimit(error) ? 86_400 : 10) * 1000
    }
    let spread = milliseconds / 5
    return .milliseconds(milliseconds + (spread > 0 ? Int.random(in: 0...spread) : 0))
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How often and when a request is sent again.
///
/// Sent again are requests whose answer was 408, 429, 502, 503, 504, or 409 `request_in_progress`, and
/// those that got no answer; not those that would be refused again. Whatever changes something carries an
/// `Idempotency-Key` that stays the same over all tries, so that doing it twice is doing it once.
public struct RetryPolicy: Sendable, Hashable {
  /// Tries in all, 1 or more: 1 is no repetition.
  public var attempts: Int
  /// The pause before the second try; each one after it is twice as long.
  public var firstPause: Duration
  /// The longest pause of our own.
  public var longestPause: Duration
  /// The longest `Retry-After` that is waited for; asked to wait longer, a request fails at once.
  public var longestRetryAfter: Duration

  /// Five tries, 200 ms to 5 s apart; up to a minute where the service asks for it.
  public init(
    attempts: Int = 5, firstPause: Duration = .milliseconds(200),
    longestPause: Duration = .seconds(5), longestRetryAfter: Duration = .seconds(60)
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.longestRetryAfter = longestRetryAfter
  }

  /// One try.
  public static let none = RetryPolicy(attempts: 1)
}

extension RetryPolicy {
  /// The pause of who sends in the background and does not give up: `longest` at most, also where the service
  /// asks for more, and a millisecond at least, also where it asks for none.
  static func pause(
    afterFailure failures: Int, _ error: HansardClientError, longest: Duration
  ) -> Duration {
    let policy = RetryPolicy(longestPause: longest)
    let asked = error.retryAfter.map { min($0, longest, policy.longestRetryAfter) }
    let pause = policy.pause(afterFailure: failures, asked: asked, random: .random(in: 0...1))
    return max(pause ?? longest, .milliseconds(1))
  }

  /// The pause after failure number `failures` (from 1): half of it certain, half at random, so that
  /// clients that failed together do not return together.
  ///
  /// Nil where the service asks for a longer pause than the policy has patience for.
  func pause(afterFailure failures: Int, asked: Duration?, random: Double) -> Duration? {
    if let asked {
      guard asked <= longestRetryAfter else { return nil }
      // A tenth more: never earlier than asked.
      return max(.zero, asked) + min(max(.zero, asked), .seconds(10)) * (0.1 * random)
    }
    let doublings = min(max(failures, 1) - 1, 16)
    let doubled = min(max(.zero, firstPause), longestPause) * (1 << doublings)
    return min(doubled, max(.zero, longestPause)) * (0.5 + 0.5 * min(max(random, 0), 1))
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// Where a tenant's notices are sent; the secret that signs them is not in it.
package struct Webhook: Sendable {
  /// Why nothing is sent any more.
  package enum Ending: String, Sendable, CaseIterable {
    /// An admin wanted it so.
    case asked
    /// The receiver has answered 410.
    case gone
    /// It failed too often, or for too long.
    case failing
  }

  /// The most live ones of a tenant.
  static let maximumCount = 16

  package var id: WebhookID
  package var url: String
  /// Which notices are sent; nil: all.
  package var types: [String]?
  package var createdAt: Timestamp
  package var createdBy: String
  package var disabledAt: Timestamp?
  package var disabledBy: String?
  package var disabledReason: String?
  /// Attempts that failed since the last one that did not.
  package var failures: Int
  package var failingSince: Timestamp?
  /// Why the last of them failed, in a word of ours.
  package var lastFailure: String?
  /// When it is tried again.
  package var attemptAt: Timestamp
  package var deliveredAt: Timestamp?
}

/// What one asks for to have notices sent.
package struct WebhookDraft: Sendable {
  package var url: WebhookURL
  /// Empty: all.
  package var types: [Notice.Kind]

  /// Creates a draft.
  package init(url: WebhookURL, types: [Notice.Kind]) {
    self.url = url
    self.types = types
  }
}

/// When to try again, and when to give up.
enum WebhookPatience {
  /// The pause after the first failure, in seconds; it doubles with each.
  static let firstPause = 5.0
  /// The longest pause, in seconds.
  static let longestPause = 3600.0
  /// Failures in a row after which nothing is sent any more.
  static let maximumFailures = 20
  /// How long a receiver may fail without a success in between, in seconds.
  static let longestFailing = 3.0 * 24 * 3600

  /// The pause after so many failures; `jitter`, from 0 to 1, makes it up to a quarter longer, so that
  /// receivers that failed together are not tried together.
  static func pause(after failures: Int, jitter: Double) -> Duration {
    let doublings = min(max(0, failures - 1), 10)
    let pause = min(longestPause, firstPause * Double(1 << doublings))
    return .seconds(min(longestPause, pause * (1 + jitter / 4)))
  }

  /// Whether to give up on a receiver that has failed so often, and since then.
  static func isOver(failures: Int, since start: Timestamp?, at now: Timestamp) -> Bool {
    failures >= maximumFailures || start.map { now.seconds(since: $0) > longestFailing } ?? false
  }
}

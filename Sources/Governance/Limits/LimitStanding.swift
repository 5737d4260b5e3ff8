// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where a caller stands with one of its limits.
package struct LimitStanding: Sendable, Equatable {
  /// The limit's name on the wire.
  package enum Name: String, Sendable, CaseIterable {
    /// The requests of all of the tenant's keys.
    case tenant
    /// The requests of this key.
    case key
    /// The tenant's events of a day.
    case events
    /// The tenant's recordings of a day.
    case recordings
  }

  package var name: Name
  /// What there is in a window.
  package var quota: Int
  /// What is left.
  package var remaining: Int
  /// How long until there is more; nil: nothing has been used.
  package var wait: Duration?

  /// The time that the quota is for.
  package var window: Duration {
    switch name {
    case .tenant, .key: .seconds(60)
    case .events, .recordings: .seconds(86_400)
    }
  }

  /// Creates a standing.
  package init(_ name: Name, quota: Int, remaining: Int, wait: Duration?) {
    self.name = name
    self.quota = quota
    self.remaining = remaining
    self.wait = wait
  }

  /// What a caller is told who has nothing left.
  var refusal: DomainError {
    var error =
      switch name {
      case .tenant: DomainError(.rateLimited, "The tenant asks for more than its policy allows.")
      case .key: DomainError(.rateLimited, "The key asks for more than its tenant's policy allows.")
      case .events:
        DomainError(.quotaExceeded, "The tenant has recorded its events for today (UTC).")
      case .recordings:
        DomainError(.quotaExceeded, "The tenant has started its recordings for today (UTC).")
      }
    error.retryAfter = wait
    return error
  }
}

/// Whether a request may be handled, and where its caller stands after that.
package struct LimitVerdict: Sendable {
  /// One for each limit that there is; empty for most tenants.
  package var standings: [LimitStanding]
  /// Why it is refused; nil: it is not.
  package var refusal: DomainError?

  /// Creates a verdict.
  package init(standings: [LimitStanding], refusal: DomainError?) {
    self.standings = standings
    self.refusal = refusal
  }

  /// The one about callers without limits.
  package static let unlimited = LimitVerdict(standings: [], refusal: nil)
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How much of the service a tenant may use; what is nil has no limit.
package struct TenantLimits: Sendable, Equatable {
  /// How fast requests may come.
  package struct Rate: Sendable, Equatable {
    /// Requests that come back each minute.
    package var perMinute: Int
    /// Requests that may come at once after a pause.
    package var burst: Int

    /// Creates a rate; both numbers within `range`.
    package init(perMinute: Int, burst: Int) {
      self.perMinute = perMinute
      self.burst = burst
    }

    /// What both numbers of a rate may be.
    package static let range = 1...1_000_000
  }

  /// What the tenant's keys may ask for together.
  package var tenantRate: Rate?
  /// What each of its keys may ask for.
  package var keyRate: Rate?
  /// Events that may be recorded in a day, which begins at midnight UTC.
  package var eventsPerDay: Int?
  /// Recordings that may be started in a day.
  package var recordingsPerDay: Int?

  /// Creates limits.
  package init(
    tenantRate: Rate? = nil, keyRate: Rate? = nil, eventsPerDay: Int? = nil,
    recordingsPerDay: Int? = nil
  ) {
    self.tenantRate = tenantRate
    self.keyRate = keyRate
    self.eventsPerDay = eventsPerDay
    self.recordingsPerDay = recordingsPerDay
  }

  /// No limit at all.
  package static let none = TenantLimits()
  /// What a quota may be.
  package static let quotaRange = 1...1_000_000_000_000
}

extension TenantLimits {
  /// The limits in one line, for the audit log.
  var words: String {
    let rates = [("tenant", tenantRate), ("key", keyRate)].compactMap { name, rate in
      rate.map { "\(name) \($0.perMinute) a minute, \($0.burst) at once" }
    }
    let quotas = [("events", eventsPerDay), ("recordings", recordingsPerDay)].compactMap {
      name, quota in quota.map { "\(name) \($0) a day" }
    }
    let all = rates + quotas
    return all.isEmpty ? "none" : all.joined(separator: "; ")
  }
}

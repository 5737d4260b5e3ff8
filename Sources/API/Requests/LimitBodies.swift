// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension ObjectReader {
  /// `rate_limits?: {tenant?, key?}`, both `{requests_per_minute, burst?}`, and
  /// `quotas?: {events_per_day?, recordings_per_day?}`. Without `burst` a minute's requests may come at
  /// once.
  mutating func limits() -> TenantLimits {
    let rates = nested("rate_limits", known: ["tenant", "key"]) { reader in
      (tenant: reader.rate("tenant"), key: reader.rate("key"))
    }
    let quotas = nested("quotas", known: ["events_per_day", "recordings_per_day"]) { reader in
      (
        events: reader.optionalCount("events_per_day", TenantLimits.quotaRange),
        recordings: reader.optionalCount("recordings_per_day", TenantLimits.quotaRange)
      )
    }
    return TenantLimits(
      tenantRate: rates?.tenant, keyRate: rates?.key, eventsPerDay: quotas?.events,
      recordingsPerDay: quotas?.recordings)
  }

  private mutating func rate(_ name: String) -> TenantLimits.Rate? {
    let rate = nested(name, known: ["requests_per_minute", "burst"]) { reader in
      let perMinute = reader.requiredCount("requests_per_minute", TenantLimits.Rate.range)
      let burst = reader.optionalCount("burst", TenantLimits.Rate.range)
      return perMinute.map { TenantLimits.Rate(perMinute: $0, burst: burst ?? $0) }
    }
    return rate ?? nil
  }
}

extension JSONWriter {
  /// The members `rate_limits` and `quotas`; what has no limit is null.
  mutating func members(of limits: TenantLimits) {
    key("rate_limits")
    object { writer in
      writer.member("tenant", limits.tenantRate)
      writer.member("key", limits.keyRate)
    }
    key("quotas")
    object { writer in
      writer.key("events_per_day")
      writer.int(limits.eventsPerDay)
      writer.key("recordings_per_day")
      writer.int(limits.recordingsPerDay)
    }
  }

  private mutating func member(_ name: String, _ rate: TenantLimits.Rate?) {
    key(name)
    guard let rate else { return null() }
    object { writer in
      writer.key("requests_per_minute")
      writer.int(rate.perMinute)
      writer.key("burst")
      writer.int(rate.burst)
    }
  }
}

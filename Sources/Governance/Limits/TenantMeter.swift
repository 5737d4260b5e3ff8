// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The limits of one tenant, and what has been used of them on this instance.
struct TenantMeter: Sendable {
  /// The most keys whose buckets are kept; a full bucket need not be.
  static let maximumKeys = 4096
  /// The rounds after which an idle tenant may be forgotten.
  static let patience = 5

  /// The version of the policy that the limits are from.
  private(set) var version: Int
  private(set) var limits: TenantLimits
  /// Rounds since anybody asked for anything.
  var idleRounds = 0
  private(set) var leases: [DailyUse: DailyLease] = [:]
  private var bucket: TokenBucket?
  private var keyBuckets: [KeyID: TokenBucket] = [:]

  init(version: Int, limits: TenantLimits, at now: ContinuousClock.Instant) {
    self.version = version
    self.limits = .none
    follow(limits, version: version, at: now)
  }

  /// Whether there is nothing to look at.
  var isUnlimited: Bool { bucket == nil && limits.keyRate == nil && leases.isEmpty }

  /// Goes on under the limits of this version of the policy, unless a later one is known.
  mutating func follow(
    _ limits: TenantLimits, version: Int, at now: ContinuousClock.Instant
  ) {
    guard version >= self.version else { return }
    self.version = version
    guard limits != self.limits else { return }
    self.limits = limits
    bucket = Self.bucket(bucket, under: limits.tenantRate, at: now)
    keyBuckets = keyBuckets.compactMapValues { Self.bucket($0, under: limits.keyRate, at: now) }
    leases[.events] = Self.lease(leases[.events], under: limits.eventsPerDay)
    leases[.recordings] = Self.lease(leases[.recordings], under: limits.recordingsPerDay)
  }

  private static func bucket(
    _ bucket: TokenBucket?, under rate: TenantLimits.Rate?, at now: ContinuousClock.Instant
  ) -> TokenBucket? {
    guard let rate else { return nil }
    guard var bucket else { return TokenBucket(rate, at: now) }
    bucket.change(to: rate, at: now)
    return bucket
  }

  private static func lease(_ lease: DailyLease?, under quota: Int?) -> DailyLease? {
    guard let quota else { return nil }
    guard var lease else { return DailyLease(quota: quota) }
    lease.change(to: quota)
    return lease
  }
}

// MARK: - Rates

extension TenantMeter {
  /// Counts a request, if the rates of the tenant and of the key both have room for it; a request that
  /// is refused counts for neither.
  ///
  /// - Returns: The limit that has none; nil where it was counted.
  mutating func count(
    _ key: KeyID?, at now: ContinuousClock.Instant
  ) -> LimitStanding.Name? {
    fill(key, at: now)
    if let key, let bucket = keyBuckets[key], bucket.tokens < 1 { return .key }
    if let bucket, bucket.tokens < 1 { return .tenant }
    bucket?.take()
    if let key { keyBuckets[key]?.take() }
    return nil
  }

  /// Where a key of the tenant stands.
  mutating func standings(
    of key: KeyID?, at now: ContinuousClock.Instant
  ) -> [LimitStanding] {
    fill(key, at: now)
    let rates = [
      bucket.map { LimitStanding(.tenant, $0) },
      key.flatMap { keyBuckets[$0] }.map { LimitStanding(.key, $0) },
    ]
    let quotas = [
      leases[.events]?.standing(.events, at: now),
      leases[.recordings]?.standing(.recordings, at: now),
    ]
    return (rates + quotas).compactMap { $0 }
  }

  private mutating func fill(_ key: KeyID?, at now: ContinuousClock.Instant) {
    bucket?.fill(at: now)
    guard let key, let rate = limits.keyRate else { return }
    if keyBuckets[key] == nil, keyBuckets.count >= Self.maximumKeys { makeRoom(at: now) }
    keyBuckets[key, default: TokenBucket(rate, at: now)].fill(at: now)
  }

  /// The keys whose buckets are kept, for tests.
  var keyCount: Int { keyBuckets.count }

  /// Forgets the buckets that are full, or any if none is.
  private mutating func makeRoom(at now: ContinuousClock.Instant) {
    forgetFullBuckets(at: now)
    while keyBuckets.count >= Self.maximumKeys, let any = keyBuckets.keys.first {
      keyBuckets[any] = nil
    }
  }

  private mutating func forgetFullBuckets(at now: ContinuousClock.Instant) {
    keyBuckets = keyBuckets.compactMapValues { bucket in
      var bucket = bucket
      bucket.fill(at: now)
      return bucket.isFull ? nil : bucket
    }
  }

  /// Whether it has been idle for a while, and could be made anew without anybody gaining by it.
  mutating func isForgettable(at now: ContinuousClock.Instant) -> Bool {
    guard idleRounds >= Self.patience else { return false }
    forgetFullBuckets(at: now)
    bucket?.fill(at: now)
    return keyBuckets.isEmpty && bucket?.isFull ?? true
      && leases.values.allSatisfy { $0.available == 0 }
  }
}

// MARK: - Quotas

extension TenantMeter {
  /// Works on what is held of one quota; nil where there is none.
  mutating func withLease<Result>(
    _ use: DailyUse, _ body: (inout DailyLease) -> Result
  ) -> Result? {
    guard let index = leases.index(forKey: use) else { return nil }
    return body(&leases.values[index])
  }

  /// What an operation would need that is known to be used up.
  func exhausted(
    by operation: Operation, at now: ContinuousClock.Instant
  ) -> LimitStanding.Name? {
    switch operation {
    case .appendEvents where leases[.events]?.isExhausted(at: now) ?? false: .events
    case .startRecording where leases[.recordings]?.isExhausted(at: now) ?? false: .recordings
    default: nil
    }
  }
}

extension LimitStanding {
  fileprivate init(_ name: Name, _ bucket: TokenBucket) {
    self.init(
      name, quota: bucket.rate.perMinute, remaining: bucket.tokens,
      wait: bucket.isFull ? nil : bucket.wait)
  }
}

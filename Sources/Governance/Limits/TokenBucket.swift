// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A token bucket: it holds up to `burst` tokens and gains `perMinute` of them each minute.
///
/// It counts in units, 6 · 10¹⁰ to the token, of which each nanosecond brings `perMinute`: nothing is
/// lost to rounding. At the most it holds 10⁶ tokens, 6 · 10¹⁶ units.
struct TokenBucket: Sendable {
  private(set) var rate: TenantLimits.Rate
  private var units: Int64
  private var filledAt: ContinuousClock.Instant

  private static let unitsPerToken: Int64 = 60_000_000_000

  /// A full bucket.
  init(_ rate: TenantLimits.Rate, at now: ContinuousClock.Instant) {
    self.rate = rate
    units = Self.capacity(of: rate)
    filledAt = now
  }

  /// The tokens that are there.
  var tokens: Int { Int(units / Self.unitsPerToken) }

  /// Whether it is as good as a new one.
  var isFull: Bool { units == Self.capacity(of: rate) }

  /// How long until there is one token more; zero when it is full.
  var wait: Duration {
    guard !isFull else { return .zero }
    let missing = Self.unitsPerToken - units % Self.unitsPerToken
    let gain = Self.gain(of: rate)
    return .nanoseconds((missing + gain - 1) / gain)
  }

  /// Adds what has come since the last time; a clock that seems to go back adds nothing.
  mutating func fill(at now: ContinuousClock.Instant) {
    guard now > filledAt else { return }
    let elapsed = filledAt.duration(to: now).nanoseconds
    let gained = elapsed.multipliedReportingOverflow(by: Self.gain(of: rate))
    let room = Self.capacity(of: rate) - units
    units += gained.overflow ? room : min(room, gained.partialValue)
    // Not to `now`, which may lie between two nanoseconds.
    filledAt += .nanoseconds(elapsed)
  }

  /// Takes a token, which must be there.
  mutating func take() {
    units = max(0, units - Self.unitsPerToken)
  }

  /// Goes on under another rate, with the tokens that there are.
  mutating func change(to rate: TenantLimits.Rate, at now: ContinuousClock.Instant) {
    fill(at: now)
    self.rate = rate
    units = min(units, Self.capacity(of: rate))
  }

  private static func clamped(_ number: Int) -> Int64 {
    let range = TenantLimits.Rate.range
    return Int64(min(max(number, range.lowerBound), range.upperBound))
  }

  private static func gain(of rate: TenantLimits.Rate) -> Int64 { clamped(rate.perMinute) }

  private static func capacity(of rate: TenantLimits.Rate) -> Int64 {
    clamped(rate.burst) * unitsPerToken
  }
}

extension Duration {
  /// Whole nanoseconds, saturating.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflowed ? .max : sum
  }
}

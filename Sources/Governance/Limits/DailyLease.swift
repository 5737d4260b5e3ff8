// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What is counted by the day.
package enum DailyUse: String, Sendable, CaseIterable {
  case events
  case recordings
}

/// What this instance holds of a day's quota: claimed from the database ahead of use, a hundredth of
/// the quota at a time, so that the instances together never use more than the quota, and hardly ever
/// have to ask.
struct DailyLease: Sendable {
  /// What was taken, to be given back where it was not used after all.
  struct Allotment: Sendable {
    let tenant: TenantID
    let use: DailyUse
    /// The day that it counts for.
    let day: Timestamp
    let count: Int64
  }

  /// What to ask the database for.
  struct Claim: Sendable, Equatable {
    /// With less than this nothing is gained.
    let least: Int64
    let most: Int64
    let quota: Int64
    /// What is held back already for the same request, and of which day that is.
    let held: Int64
    let heldDay: Timestamp?
    /// Whether it is the one of those at the same time that asks for more than it needs.
    let isAhead: Bool
  }

  /// What the database has granted.
  struct Grant: Sendable {
    let day: Timestamp
    let granted: Int64
    /// By all instances, on that day, with this.
    let claimed: Int64
    /// When the day is over.
    let ends: ContinuousClock.Instant
  }

  /// What becomes of a wish to use something.
  enum Step: Sendable {
    case taken(day: Timestamp)
    case claim(Claim)
    case exhausted
  }

  private(set) var quota: Int64
  private(set) var day: Timestamp?
  private(set) var available: Int64 = 0
  private var ends: ContinuousClock.Instant?
  /// What all instances have claimed, as far as is known here.
  private var claimed: Int64 = 0
  /// Whether the database has lately refused a claim.
  private var isShort = false
  private var isClaiming = false
  /// Whether anything was asked for since the last round.
  private(set) var isInUse = false

  init(quota: Int) { self.quota = Int64(quota) }

  /// The most that is claimed ahead: also what an instance may keep from the others for a while.
  static func slack(of quota: Int64) -> Int64 { min(max(quota / 100, 1), 10_000) }
}

extension DailyLease {
  /// Takes `count`, or says what to claim for it; what is held for the claim is not available until
  /// `settle` or `abandon`.
  mutating func take(_ count: Int64, at now: ContinuousClock.Instant) -> Step {
    turn(at: now)
    isInUse = true
    if let day, count <= available {
      available -= count
      return .taken(day: day)
    }
    let least = count - available
    if isShort, least > free { return .exhausted }
    let claim = Claim(
      least: least, most: isClaiming ? least : max(least, Self.slack(of: quota)), quota: quota,
      held: available, heldDay: day, isAhead: !isClaiming)
    available = 0
    isClaiming = true
    return .claim(claim)
  }

  /// Takes what was claimed for; false where the quota has no room for it.
  mutating func settle(
    _ claim: Claim, _ grant: Grant, at now: ContinuousClock.Instant
  ) -> Bool {
    turn(at: now)
    if day != grant.day { self = fresh(grant) }
    if claim.isAhead { isClaiming = false }
    (claimed, ends) = (grant.claimed, grant.ends)
    guard grant.granted >= claim.least else {
      isShort = true
      restore(claim)
      return false
    }
    available += grant.granted - claim.least
    return true
  }

  /// Puts back what was held for a claim that came to nothing.
  mutating func abandon(_ claim: Claim) {
    if claim.isAhead { isClaiming = false }
    restore(claim)
  }

  private mutating func restore(_ claim: Claim) {
    if let heldDay = claim.heldDay { giveBack(claim.held, of: heldDay) }
  }

  /// Puts back what was not used after all, if it is of the same day.
  mutating func giveBack(_ count: Int64, of day: Timestamp) {
    if day == self.day { available += count }
  }

  /// What is to be given back to the others, since nobody here has asked for any of it for a round;
  /// nil for none. A claim that was refused may be tried again from here on.
  mutating func surrender(isEnding: Bool = false) -> (day: Timestamp, count: Int64)? {
    isShort = false
    defer { isInUse = false }
    guard isEnding || !isInUse, let day, available > 0 else { return nil }
    let count = available
    available = 0
    claimed -= count
    return (day, count)
  }

  /// Goes on under another quota.
  mutating func change(to quota: Int) {
    self.quota = Int64(quota)
    isShort = false
  }

  /// Whether not even one can be had at the moment.
  func isExhausted(at now: ContinuousClock.Instant) -> Bool {
    isShort && !isOver(at: now) && available + free < 1
  }

  /// Where the tenant stands, as far as is known here.
  func standing(_ name: LimitStanding.Name, at now: ContinuousClock.Instant) -> LimitStanding {
    let quota = Int(clamping: quota)
    guard let ends, !isOver(at: now) else {
      return LimitStanding(name, quota: quota, remaining: quota, wait: nil)
    }
    return LimitStanding(
      name, quota: quota, remaining: Int(clamping: max(0, available + free)),
      wait: now.duration(to: ends))
  }

  /// What nobody has claimed yet.
  private var free: Int64 { max(0, quota - claimed) }

  private func isOver(at now: ContinuousClock.Instant) -> Bool { ends.map { $0 <= now } ?? false }

  /// Drops what was for a day that is over.
  private mutating func turn(at now: ContinuousClock.Instant) {
    guard isOver(at: now) else { return }
    (day, ends, available, claimed, isShort) = (nil, nil, 0, 0, false)
  }

  /// The lease of another day.
  private func fresh(_ grant: Grant) -> DailyLease {
    var lease = DailyLease(quota: Int(clamping: quota))
    lease.day = grant.day
    lease.isClaiming = isClaiming
    lease.isInUse = true
    return lease
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

/// What the database does, in two lines: grants what there is room for.
private struct Counter {
  var claimed: Int64 = 0
  var day = Timestamp(microseconds: 0)
  var ends: ContinuousClock.Instant

  mutating func grant(_ claim: DailyLease.Claim) -> DailyLease.Grant {
    let free = claim.quota - claimed
    let granted = free >= claim.least ? min(free, claim.most) : 0
    claimed += granted
    return .init(day: day, granted: granted, claimed: claimed, ends: ends)
  }
}

struct DailyLeaseTests {
  private static let start = ContinuousClock.now
  private static let midnight = start + .seconds(3600)

  /// Takes, claiming where that is needed; whether there was room.
  private func take(
    _ count: Int64, _ lease: inout DailyLease, _ counter: inout Counter,
    at now: ContinuousClock.Instant = start
  ) -> Bool {
    switch lease.take(count, at: now) {
    case .taken: true
    case .exhausted: false
    case .claim(let claim): lease.settle(claim, counter.grant(claim), at: now)
    }
  }

  private func surrender(_ lease: inout DailyLease, isEnding: Bool = false) -> Int64? {
    lease.surrender(isEnding: isEnding)?.count
  }

  @Test(arguments: [1, 2, 99, 100, 101, 250])
  func aQuotaIsUsedToItsEndAndNotBeyond(quota: Int) {
    var lease = DailyLease(quota: quota)
    var counter = Counter(ends: Self.midnight)
    for number in 1...quota { #expect(take(1, &lease, &counter), "\(number) of \(quota)") }
    #expect(!take(1, &lease, &counter) && !take(1, &lease, &counter))
    #expect(lease.isExhausted(at: Self.start) && counter.claimed == Int64(quota))
    #expect(lease.standing(.events, at: Self.start).remaining == 0)
    #expect(lease.standing(.events, at: Self.start).wait == .seconds(3600))
  }

  /// Hardly ever, and never for a refusal but the first.
  @Test func theDatabaseIsAskedAHundredTimesADay() {
    var lease = DailyLease(quota: 100_000)
    var counter = Counter(ends: Self.midnight)
    var claims = 0
    for _ in 0..<100_500 {
      guard case .claim(let claim) = lease.take(1, at: Self.start) else { continue }
      claims += 1
      _ = lease.settle(claim, counter.grant(claim), at: Self.start)
    }
    #expect(claims == 101 && counter.claimed == 100_000)
  }

  @Test func aBatchThatDoesNotFitLeavesRoomForASmallerOne() {
    var lease = DailyLease(quota: 10)
    var counter = Counter(ends: Self.midnight)
    #expect(take(7, &lease, &counter) && !take(4, &lease, &counter))
    #expect(!lease.isExhausted(at: Self.start))
    #expect(take(3, &lease, &counter) && !take(1, &lease, &counter))
  }

  @Test func severalAtOnceClaimAheadOnce() {
    var lease = DailyLease(quota: 10_000)
    var counter = Counter(ends: Self.midnight)
    var claims: [DailyLease.Claim] = []
    for _ in 0..<5 {
      if case .claim(let claim) = lease.take(1, at: Self.start) { claims.append(claim) }
    }
    #expect(claims.map(\.most) == [100, 1, 1, 1, 1])
    for claim in claims.reversed() {
      let isSettled = lease.settle(claim, counter.grant(claim), at: Self.start)
      #expect(isSettled)
    }
    #expect(lease.available == 99 && counter.claimed == 104)
    #expect(take(99, &lease, &counter) && counter.claimed == 104)
    #expect(take(1, &lease, &counter) && counter.claimed == 204)
  }

  @Test func whatIsNotUsedIsPutBackOrGivenBack() {
    var lease = DailyLease(quota: 1_000)
    var counter = Counter(ends: Self.midnight)
    #expect(take(1, &lease, &counter) && lease.available == 9)
    lease.giveBack(1, of: counter.day)
    #expect(lease.available == 10)
    lease.giveBack(1, of: Timestamp(microseconds: 1))
    #expect(lease.available == 10)
    #expect(surrender(&lease) == nil)
    #expect(surrender(&lease) == 10 && lease.available == 0)
    #expect(surrender(&lease) == nil)
    #expect(take(1, &lease, &counter))
    #expect(surrender(&lease, isEnding: true) == 9)
  }

  @Test func aClaimThatFailsTakesNothing() {
    var lease = DailyLease(quota: 1_000)
    var counter = Counter(ends: Self.midnight)
    #expect(take(1, &lease, &counter) && lease.available == 9)
    guard case .claim(let claim) = lease.take(20, at: Self.start) else {
      Issue.record("nothing was claimed")
      return
    }
    #expect(claim.least == 11 && claim.held == 9 && lease.available == 0)
    lease.abandon(claim)
    #expect(lease.available == 9)
  }

  @Test func midnightBeginsAnew() {
    var lease = DailyLease(quota: 200)
    var counter = Counter(ends: Self.midnight)
    #expect(take(200, &lease, &counter) && !take(1, &lease, &counter))
    #expect(!take(1, &lease, &counter, at: Self.midnight - .nanoseconds(1)))
    counter = Counter(
      day: Timestamp(microseconds: 86_400_000_000), ends: Self.midnight + .seconds(86_400))
    #expect(lease.standing(.events, at: Self.midnight).remaining == 200)
    #expect(!lease.isExhausted(at: Self.midnight))
    #expect(take(1, &lease, &counter, at: Self.midnight))
    #expect(lease.available == 1 && lease.standing(.events, at: Self.midnight).remaining == 199)
    // Yesterday's is worth nothing today.
    lease.giveBack(1, of: Timestamp(microseconds: 0))
    #expect(lease.available == 1)
  }

  @Test func anotherQuotaHoldsAtOnce() {
    var lease = DailyLease(quota: 10)
    var counter = Counter(ends: Self.midnight)
    #expect(take(10, &lease, &counter) && !take(1, &lease, &counter))
    lease.change(to: 12)
    #expect(take(2, &lease, &counter) && !take(1, &lease, &counter))
    lease.change(to: 5)
    #expect(!take(1, &lease, &counter) && counter.claimed == 12)
    #expect(lease.standing(.events, at: Self.start).remaining == 0)
  }
}

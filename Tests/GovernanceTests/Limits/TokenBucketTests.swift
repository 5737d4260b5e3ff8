// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Governance

struct TokenBucketTests {
  private static let start = ContinuousClock.now

  private func makeBucket(_ perMinute: Int, _ burst: Int) -> TokenBucket {
    TokenBucket(.init(perMinute: perMinute, burst: burst), at: Self.start)
  }

  /// Takes as many as there are, at most `limit`.
  private func drain(_ bucket: inout TokenBucket, limit: Int = .max) -> Int {
    var count = 0
    while bucket.tokens >= 1, count < limit {
      bucket.take()
      count += 1
    }
    return count
  }

  @Test(arguments: [1, 2, 7, 60, 1_000])
  func holdsItsBurstAndNotOneMore(burst: Int) {
    var bucket = makeBucket(60, burst)
    #expect(bucket.isFull && bucket.wait == .zero)
    #expect(drain(&bucket) == burst)
    #expect(!bucket.isFull && bucket.tokens == 0)
  }

  /// To the nanosecond, also where a token takes no whole number of them.
  @Test(arguments: [1, 3, 7, 60, 61, 999_983, 1_000_000])
  func aTokenComesWhenItIsDueAndNotBefore(perMinute: Int) {
    var bucket = makeBucket(perMinute, 1)
    bucket.take()
    let wait = bucket.wait
    #expect(wait >= .nanoseconds(60_000_000_000 / Int64(perMinute)))
    #expect(wait <= .nanoseconds(60_000_000_000 / Int64(perMinute) + 1))
    bucket.fill(at: Self.start + wait - .nanoseconds(1))
    #expect(bucket.tokens == 0)
    bucket.fill(at: Self.start + wait)
    #expect(bucket.tokens == 1 && bucket.isFull)
  }

  /// However the time is cut into pieces.
  @Test(arguments: [1, 7, 1_000, 86_399])
  func nothingIsLostToRounding(pieces: Int) {
    var bucket = makeBucket(7, 20_000)
    _ = drain(&bucket)
    let day = Duration.seconds(86_400)
    for piece in 1...pieces {
      bucket.fill(at: Self.start + day * piece / pieces)
    }
    #expect(bucket.tokens == 7 * 24 * 60)
  }

  @Test func neitherTheYearsNorAClockThatGoesBackOverflow() {
    var bucket = makeBucket(1_000_000, 1_000_000)
    _ = drain(&bucket, limit: 10)
    bucket.fill(at: Self.start - .seconds(3600))
    #expect(bucket.tokens == 999_990)
    bucket.fill(at: Self.start + .seconds(100 * 365 * 86_400))
    #expect(bucket.isFull && bucket.tokens == 1_000_000)
    bucket.fill(at: Self.start + .seconds(Int64.max / 2_000_000_000))
    #expect(bucket.isFull)
  }

  @Test func numbersBeyondTheRangeAreTakenForItsEnds() {
    var none = makeBucket(0, 0)
    #expect(drain(&none) == 1)
    var vast = makeBucket(.max, .max)
    vast.take()
    #expect(vast.tokens == 999_999)
    vast.fill(at: Self.start + .microseconds(60))
    #expect(vast.isFull)
  }

  @Test func anotherRateKeepsTheTokensThatFit() {
    var bucket = makeBucket(60, 10)
    _ = drain(&bucket, limit: 4)
    bucket.change(to: .init(perMinute: 120, burst: 100), at: Self.start)
    #expect(bucket.tokens == 6)
    bucket.fill(at: Self.start + .seconds(1))
    #expect(bucket.tokens == 8)
    bucket.change(to: .init(perMinute: 1, burst: 3), at: Self.start + .seconds(1))
    #expect(bucket.tokens == 3 && bucket.isFull)
  }
}

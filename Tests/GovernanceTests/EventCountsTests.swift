// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

struct EventCountsTests {
  @Test(arguments: [
    (0, 0, 0, "0 events recorded"),
    (1, 0, 0, "1 event recorded"),
    (2, 0, 0, "2 events recorded"),
    (1, 1, 0, "1 event recorded, errors occurred"),
    (1, 0, 1, "1 event recorded, operation completed"),
    (7, 3, 2, "7 events recorded, operation completed, errors occurred"),
  ])
  func summary(events: Int64, errors: Int64, completions: Int64, text: String) {
    let counts = EventCounts(events: events, errors: errors, completions: completions)
    #expect(counts.summary == text)
  }
}

struct StartTimesTests {
  private static let day: Int64 = 86_400_000_000

  @Test(arguments: [(90, 7), (1, 1), (36_500, 30)])
  func followFromTheStart(retentionDays: Int, maximumOpenDays: Int) {
    let start = Timestamp(microseconds: 1_795_249_800_000_000)
    let times = StartTimes(
      startedAt: start, retentionDays: retentionDays, maximumOpenDays: maximumOpenDays)
    func days(_ count: Int) -> Int64 { start.microseconds + Int64(count) * Self.day }
    #expect(times.startedAt == start)
    #expect(times.closesAt.microseconds == days(maximumOpenDays))
    #expect(times.expiresAt.microseconds == days(retentionDays))
    // The latest stop is at `closesAt`; the day after its expiry begins after that expiry.
    #expect(times.expiresOn.microseconds == days(retentionDays + maximumOpenDays + 1))
  }

  @Test func saturate() {
    let times = StartTimes(startedAt: .now(), retentionDays: .max, maximumOpenDays: .max)
    #expect(times.expiresOn == .infinity && times.closesAt == .infinity)
  }
}

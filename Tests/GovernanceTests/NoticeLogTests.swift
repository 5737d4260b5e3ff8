// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

@Suite struct NoticeLogTests {
  private static let tenant = TenantID.make()

  private func notice(_ xid: Int64, _ id: Int64, bytes: Int = 2, second: Int64 = 0) -> Notice {
    let place = NoticePlace(xid: xid, id: id)
    let now = Timestamp(microseconds: 1_800_000_000_000_000 + second * 1_000_000)
    return Notice(
      place: place, type: "t", owner: nil, content: [UInt8](repeating: 0x20, count: bytes),
      createdAt: now, cursor: NoticeCursor(place: place, handedOutAt: now).cursor(of: Self.tenant))
  }

  private func ids(_ log: NoticeLog, behind place: NoticePlace) -> [Int64]? {
    guard case .notices(let notices) = log.behind(place) else { return nil }
    return notices.map(\.place.id)
  }

  @Test func tellsWhatIsBehindAPlaceInOrder() {
    let log = NoticeLog()
    log.begin(at: NoticePlace(xid: 10, id: .max))
    #expect(ids(log, behind: NoticePlace(xid: 10, id: .max)) == [])
    // A later number of an earlier transaction comes first.
    log.append([notice(11, 5), notice(11, 7), notice(12, 3)])
    log.append([notice(12, 9)])
    #expect(ids(log, behind: NoticePlace(xid: 10, id: .max)) == [5, 7, 3, 9])
    #expect(ids(log, behind: NoticePlace(xid: 11, id: 5)) == [7, 3, 9])
    #expect(ids(log, behind: NoticePlace(xid: 11, id: 6)) == [7, 3, 9])
    #expect(ids(log, behind: NoticePlace(xid: 12, id: 9)) == [])
    #expect(ids(log, behind: NoticePlace(xid: 99, id: 0)) == [])
  }

  @Test func whatIsBeforeItsBeginningIsForgotten() {
    let log = NoticeLog()
    let start = NoticePlace(xid: 10, id: .max)
    log.begin(at: start)
    guard case .forgotten(let end) = log.behind(NoticePlace(xid: 10, id: 1)) else {
      return #expect(Bool(false), "what was never there was found")
    }
    #expect(end == start)
  }

  @Test func keepsNoMoreThanItsLimitsAndLosesNothingUnseen() {
    let log = NoticeLog(.init(count: 10, weight: 100_000, portion: 1 << 20))
    log.begin(at: .first)
    for id in 1...100 { log.append([notice(1, Int64(id))]) }
    guard case .forgotten(let end) = log.behind(.first) else {
      return #expect(Bool(false), "everything is still there")
    }
    let kept = ids(log, behind: end) ?? []
    #expect((1...10).contains(kept.count))
    #expect(kept == Array((end.id + 1)...100))
  }

  @Test func keepsNoMoreBytesThanItsLimit() {
    let log = NoticeLog(.init(count: 1000, weight: 10_000, portion: 1 << 20))
    log.begin(at: .first)
    for id in 1...10 { log.append([notice(1, Int64(id), bytes: 2000)]) }
    guard case .forgotten(let end) = log.behind(.first) else {
      return #expect(Bool(false), "everything is still there")
    }
    #expect(end.id >= 7)
    #expect(ids(log, behind: end) == Array((end.id + 1)...10))
  }

  @Test func keepsNothingThatIsMuchOlderThanTheLatest() {
    let log = NoticeLog()
    log.begin(at: .first)
    for second in 1...100 { log.append([notice(Int64(second), 1, second: Int64(second))]) }
    guard case .forgotten(let end) = log.behind(.first) else {
      return #expect(Bool(false), "everything is still there")
    }
    #expect(end.xid == 69)
    log.append([notice(101, 1, second: 1000)])
    #expect(ids(log, behind: NoticePlace(xid: 100, id: 1)) == [1])
    guard case .forgotten(let later) = log.behind(NoticePlace(xid: 99, id: 1)) else {
      return #expect(Bool(false), "what is old is still there")
    }
    #expect(later.xid == 100)
  }

  @Test func handsOutPortions() {
    let log = NoticeLog(.init(count: 1000, weight: 1 << 20, portion: 5000))
    log.begin(at: .first)
    log.append((1...10).map { notice(1, Int64($0), bytes: 2000) })
    var place = NoticePlace.first
    var (told, portions): ([Int64], Int) = ([], 0)
    while case .notices(let notices) = log.behind(place), let last = notices.last {
      told += notices.map(\.place.id)
      place = last.place
      portions += 1
    }
    #expect(told == Array(1...10))
    #expect(portions > 2)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization

/// A tenant's latest notices, kept once for all who are told of them on this instance.
///
/// Subscribers have nothing of their own but the place that they have come to: whoever is a little
/// behind finds here what is missing, and only who is far behind reads it from the database.
final class NoticeLog: Sendable {
  /// How much is kept.
  struct Limits: Sendable {
    /// In notices.
    var count = 2048
    /// The same in bytes, about.
    var weight = 2 << 20
    /// How much older than the latest a notice may be: nobody who listens is farther behind for long.
    var age = Duration.seconds(30)
    /// The most that is handed out at once, in bytes, about.
    var portion = 128 << 10
  }

  /// What is behind a place.
  enum Found: Sendable {
    /// What comes next, in order; nothing where `place` is behind everything.
    case notices(ArraySlice<Notice>)
    /// What comes next is not kept any more up to this place.
    case forgotten(upTo: NoticePlace)
  }

  fileprivate struct State {
    var notices: [Notice] = []
    var weight = 0
    /// Everything behind it, up to `end`, is kept.
    var start = NoticePlace.first
    var end = NoticePlace.first
  }

  private let limits: Limits
  private let state = Mutex(State())

  init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Forgets everything; what is appended from now on follows on `place`.
  func begin(at place: NoticePlace) {
    state.withLock { $0 = State(start: place, end: place) }
  }

  /// Adds the notices that come next.
  func append(_ page: [Notice]) {
    guard let last = page.last else { return }
    state.withLock { state in
      state.notices += page
      state.weight += page.reduce(0) { $0 + $1.weight }
      state.end = last.place
      // Half of it goes at once, so that it is not moved for every page.
      if state.notices.count > limits.count || state.weight > limits.weight {
        state.drop(state.notices.count / 2 + 1)
      } else {
        let isOld = { (notice: Notice) in
          notice.createdAt.isBefore(last.createdAt, by: self.limits.age)
        }
        state.drop(state.notices.prefix(while: isOld).count)
      }
    }
  }

  /// What is behind `place`.
  func behind(_ place: NoticePlace) -> Found {
    state.withLock { state in
      guard place >= state.start else { return .forgotten(upTo: state.start) }
      guard place < state.end else { return .notices([]) }
      let start = state.firstIndex(behind: place)
      var (end, weight) = (start, 0)
      while end < state.notices.count, weight < limits.portion {
        weight += state.notices[end].weight
        end += 1
      }
      return .notices(state.notices[start..<end])
    }
  }
}

extension NoticeLog.State {
  /// Forgets the oldest ones, so many.
  fileprivate mutating func drop(_ count: Int) {
    let gone = notices.prefix(count)
    guard let last = gone.last else { return }
    weight -= gone.reduce(0) { $0 + $1.weight }
    start = last.place
    notices = Array(notices.dropFirst(count))
  }

  /// They are in order, so that halves tell.
  fileprivate func firstIndex(behind place: NoticePlace) -> Int {
    var (low, high) = (0, notices.count)
    while low < high {
      let middle = (low + high) / 2
      if notices[middle].place > place { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Timestamp {
  /// Whether it is more than `distance` earlier than `other`.
  fileprivate func isBefore(_ other: Timestamp, by distance: Duration) -> Bool {
    let (gap, overflow) = other.microseconds.subtractingReportingOverflow(microseconds)
    return !overflow && .microseconds(gap) > distance
  }
}

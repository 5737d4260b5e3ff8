// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A page of events of an archive, in order.
package struct ArchivePage: Sendable {
  /// Sealed; `EventOpener` opens them.
  package var events: [StoredEvent]
  /// Whether others follow.
  package var isCut: Bool
  /// What the first line says, for the root and the number of events.
  package var header: ArchiveHeader
}

/// Collects the events of a page in order of `seq`: as many as `Query.events` would return.
struct EventCollector {
  private let limit: Int
  private let byteLimit: Int64
  private(set) var events: [StoredEvent] = []
  private var bytes: Int64 = 0

  init(limit: Int, byteLimit: Int64 = Query.pageBytes) {
    self.limit = limit
    self.byteLimit = byteLimit
  }

  /// Whether nothing more has room.
  var isFull: Bool { events.count >= limit || bytes >= byteLimit }

  /// Takes the next event unless the page is full.
  mutating func add(_ event: StoredEvent) {
    guard !isFull else { return }
    events.append(event)
    bytes += Int64(event.payloadLength)
  }
}

/// Collects the events of a page in order of time from events in order of `seq`: as many as `Query.replay`
/// would return. It holds no more than a page and one event.
struct ReplayCollector {
  private let place: (Timestamp, Int64)
  private let limit: Int
  private let byteLimit: Int64
  private var bytes: Int64 = 0
  /// The first ones behind the place, in order.
  private(set) var events: [StoredEvent] = []
  /// Whether there were others behind them.
  private(set) var isCut = false

  init(after place: ReplayPlace?, limit: Int, byteLimit: Int64 = Query.pageBytes) {
    self.place = (place?.occurredAt ?? .negativeInfinity, place?.seq ?? 0)
    self.limit = limit
    self.byteLimit = byteLimit
  }

  /// Takes an event; each one once.
  mutating func add(_ event: StoredEvent) {
    guard place < event.place else { return }
    if let last = events.last, last.place < event.place, isFull {
      isCut = true
      return
    }
    events.insert(event, at: index(for: event.place))
    bytes += Int64(event.payloadLength)
    // What is in front of an event only grows: what has no room now will have none.
    while let last = events.last, hasNoRoom(last) {
      events.removeLast()
      bytes -= Int64(last.payloadLength)
      isCut = true
    }
  }

  private var isFull: Bool { events.count >= limit || bytes >= byteLimit }

  private func hasNoRoom(_ last: StoredEvent) -> Bool {
    events.count > limit || bytes - Int64(last.payloadLength) >= byteLimit
  }

  /// Where an event belongs, by bisection.
  private func index(for place: (Timestamp, Int64)) -> Int {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension StoredEvent {
  fileprivate var place: (Timestamp, Int64) { (occurredAt, seq) }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A cache of at most `limit` entries, each for at most `lifetime`; the oldest gives way.
///
/// An entry's age counts from when it was put in, not from its last use, so that nothing stays past
/// its time by being asked for. What has outlived its time is dropped with the next `put`.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let state = Mutex(State())
  private let limit: Int
  private let lifetime: Duration

  init(limit: Int, lifetime: Duration) {
    self.limit = max(1, limit)
    self.lifetime = lifetime
  }

  subscript(key: Key) -> Value? {
    let now = ContinuousClock.now
    return state.withLock { $0.value(of: key, at: now) }
  }

  func put(_ value: Value, for key: Key) {
    let now = ContinuousClock.now
    state.withLock { $0.put(value, for: key, at: now, until: now + lifetime, limit: limit) }
  }

  /// Forgets one entry.
  func remove(_ key: Key) {
    state.withLock { $0.entries[key] = nil }
  }

  /// Entries and remembered places, for tests: both are bounded, whatever is put and removed.
  var size: (entries: Int, places: Int) {
    state.withLock { ($0.entries.count, $0.places.count) }
  }

  private struct Entry {
    var value: Value
    var until: ContinuousClock.Instant
    /// Tells this entry from a former one of the same key.
    var number: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// In the order of being put in, which is that of their ends; `head` and later are current. An
    /// entry that was removed or replaced leaves its place behind.
    var places: [(key: Key, number: UInt64)] = []
    var head = 0
    var lastNumber: UInt64 = 0

    func value(of key: Key, at now: ContinuousClock.Instant) -> Value? {
      guard let entry = entries[key], entry.until > now else { return nil }
      return entry.value
    }

    mutating func put(
      _ value: Value, for key: Key, at now: ContinuousClock.Instant,
      until: ContinuousClock.Instant, limit: Int
    ) {
      lastNumber &+= 1
      entries[key] = Entry(value: value, until: until, number: lastNumber)
      places.append((key, lastNumber))
      while head < places.count, entries.count > limit || isOver(places[head], now) {
        drop(places[head])
        head += 1
      }
      // Half of what is kept is in use at least, so that this costs little per entry.
      if head > limit || places.count > 2 * limit { compact() }
    }

    private func isOver(
      _ place: (key: Key, number: UInt64), _ now: ContinuousClock.Instant
    ) -> Bool {
      guard let entry = entries[place.key], entry.number == place.number else { return true }
      return entry.until <= now
    }

    private mutating func drop(_ place: (key: Key, number: UInt64)) {
      guard entries[place.key]?.number == place.number else { return }
      entries[place.key] = nil
    }

    private mutating func compact() {
      places.removeFirst(head)
      head = 0
      places.removeAll { entries[$0.key]?.number != $0.number }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A cache of at most `limit` entries, each for at most `lifetime`; the oldest gives way.
///
/// An entry's age counts from when it was put in, not from its last use, so that nothing stays past
/// its time by being asked for.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var value: Value
    var until: ContinuousClock.Instant
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// Keys in the order they were put in; those before `head` are gone.
    var order: [Key] = []
    var head = 0
  }

  private let state = Mutex(State())
  private let limit: Int
  private let lifetime: Duration

  init(limit: Int, lifetime: Duration) {
    self.limit = max(1, limit)
    self.lifetime = lifetime
  }

  subscript(key: Key) -> Value? {
    let now = ContinuousClock.now
    return state.withLock { state in
      guard let entry = state.entries[key], entry.until > now else { return nil }
      return entry.value
    }
  }

  func put(_ value: Value, for key: Key) {
    let entry = Entry(value: value, until: .now + lifetime)
    state.withLock { state in
      if state.entries.updateValue(entry, forKey: key) == nil { state.order.append(key) }
      while state.entries.count > limit, state.head < state.order.count {
        state.entries[state.order[state.head]] = nil
        state.head += 1
      }
      if state.head > limit {
        state.order.removeFirst(state.head)
        state.head = 0
      }
    }
  }

  /// Forgets one entry. Its place in the order stays until it comes up, and is harmless.
  func remove(_ key: Key) {
    state.withLock { $0.entries[key] = nil }
  }
}

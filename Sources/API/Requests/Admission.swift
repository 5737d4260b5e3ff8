// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bounds how many requests are handled at the same moment: beyond, the next one is turned away
/// instead of being kept waiting.
final class Admission: Sendable {
  private let limit: Int
  private let count = Mutex(0)

  /// Admits up to `limit` at once.
  init(limit: Int) {
    self.limit = limit
  }

  /// Takes a place; false when there is none. Whoever got one gives it back with `leave`.
  func enter() -> Bool {
    count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
  }

  /// Gives a place back.
  func leave() {
    count.withLock { $0 = max(0, $0 - 1) }
  }
}

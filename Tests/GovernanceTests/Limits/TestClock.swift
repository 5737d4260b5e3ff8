// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock that stands still until it is told to go on.
final class TestClock: Sendable {
  private let instant = Mutex(ContinuousClock.now)

  /// The moment that it shows.
  var now: ContinuousClock.Instant { instant.withLock { $0 } }

  /// Goes on.
  func advance(by duration: Duration) {
    instant.withLock { $0 += duration }
  }
}

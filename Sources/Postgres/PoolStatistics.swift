// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a pool holds at a moment, and what it has counted since it was made.
package struct PoolStatistics: Sendable, Hashable {
  /// Most connections.
  package let size: Int
  package let idle: Int
  package let lent: Int
  package let connecting: Int
  package let waiting: Int
  /// Connections made.
  package let opened: Int
  package let failedAttempts: Int
  /// Callers that got no connection: queue full, wait over, or the attempt failed.
  package let refused: Int
}

extension ConnectionPool {
  package var statistics: PoolStatistics {
    contents.withLock { contents in
      let machine = contents.machine
      return PoolStatistics(
        size: machine.size, idle: machine.idle.count, lent: machine.lent.count,
        connecting: machine.connecting.count, waiting: machine.waiting.count,
        opened: contents.opened, failedAttempts: contents.failedAttempts,
        refused: contents.refused)
    }
  }
}

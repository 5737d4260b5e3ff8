// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension ConnectionPool {
  /// Takes one step of the state machine and does what it says, under one lock, so that a waiter
  /// that leaves sees either its place in the queue or its answer. Returns the connections to close.
  func advance(_ step: (inout Contents) -> [PoolState.Action]) -> [PostgresConnection] {
    let (signals, discarded) = contents.withLock { contents in
      var effects = Effects()
      for action in step(&contents) { apply(action, to: &contents, &effects) }
      return (effects.signals, effects.discarded)
    }
    for token in signals { reactor.signal(token) }
    return discarded
  }

  nonisolated(nonsending) func dispose(_ connections: [PostgresConnection]) async {
    for connection in connections { await connection.close() }
  }

  /// What is left to do outside the lock.
  private struct Effects {
    var signals: [Reactor.Token] = []
    var discarded: [PostgresConnection] = []
  }

  private func apply(
    _ action: PoolState.Action, to contents: inout Contents, _ effects: inout Effects
  ) {
    switch action {
    case .connect(let slot):
      // Its end takes the lock to remove it, so it is there by then.
      contents.attempts[slot] = Task.detached { await self.open(slot) }
    case .lend(let slot, let waiter):
      guard let lease = contents.lease(slot) else { return }
      contents.answers[waiter] = .success(lease)
      effects.signals.append(waiter)
    case .discard(let slot):
      if let connection = contents.connections.removeValue(forKey: slot) {
        effects.discarded.append(connection)
      }
    case .refuse(let waiters, let reason):
      let error = contents.error(for: reason)
      if reason != .closed { contents.refused &+= waiters.count }
      for waiter in waiters { contents.answers[waiter] = .failure(error) }
      effects.signals += waiters
    case .drained:
      effects.signals += contents.closers
      contents.closers = []
    }
  }

  /// Makes one connection, in the background.
  private func open(_ slot: PoolState.Slot) async {
    do {
      let connection = try await PostgresConnection.connect(configuration, reactor: reactor)
      do {
        try await prepare(connection)
      } catch {
        await connection.close()
        throw error
      }
      await dispose(
        advance { contents in
          contents.attempts[slot] = nil
          contents.connections[slot] = connection
          contents.opened &+= 1
          return contents.machine.connected(slot)
        })
    } catch {
      await dispose(
        advance { contents in
          contents.attempts[slot] = nil
          contents.lastFailure = error
          contents.failedAttempts &+= 1
          return contents.machine.connectFailed(slot)
        })
    }
  }
}

extension ConnectionPool.Contents {
  func lease(_ slot: PoolState.Slot) -> ConnectionPool.Lease? {
    connections[slot].map { ConnectionPool.Lease(slot: slot, connection: $0) }
  }

  fileprivate func error(for reason: PoolState.Refusal) -> any Error {
    switch reason {
    case .queueFull: PostgresError(.poolExhausted, context: "queue full")
    case .closed: PostgresError(.poolClosed)
    case .connectFailed: lastFailure ?? PostgresError(.connectionFailed)
    }
  }
}

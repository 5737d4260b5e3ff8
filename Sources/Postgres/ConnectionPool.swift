// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Connections to one database, lent by closure.
///
/// They are made in the background when somebody waits, and come back only when idle and outside a
/// transaction; any other is closed, and replaced on demand. What a body changes in the session
/// (`SET` without `LOCAL`, temporary tables) its successor sees: do not.
package final class ConnectionPool: Sendable {
  let configuration: PostgresConfiguration
  private let waitLimit: Duration
  let prepare: @Sendable (PostgresConnection) async throws -> Void
  let reactor: Reactor
  let contents: Mutex<Contents>

  struct Contents {
    var machine: PoolState
    var connections: [PoolState.Slot: PostgresConnection] = [:]
    var attempts: [PoolState.Slot: Task<Void, Never>] = [:]
    /// What has become of a waiter, until it wakes and takes it.
    var answers: [PoolState.Waiter: Result<Lease, any Error>] = [:]
    /// Who waits in `close`.
    var closers: [Reactor.Token] = []
    /// Why the latest connection attempt failed.
    var lastFailure: (any Error)?
    var opened = 0
    var failedAttempts = 0
    var refused = 0
  }

  struct Lease: Sendable {
    let slot: PoolState.Slot
    let connection: PostgresConnection
  }

  /// - Parameters:
  ///   - size: most connections, at least 1.
  ///   - queueLimit: most callers that may wait beyond those for whom a connection is being made.
  ///   - waitLimit: longest wait for a connection.
  ///   - prepare: runs once on each new connection; a throw refuses it and reaches the waiters.
  package convenience init(
    configuration: PostgresConfiguration, size: Int, queueLimit: Int, waitLimit: Duration,
    prepare: @escaping @Sendable (PostgresConnection) async throws -> Void = { _ in }
  ) {
    self.init(
      configuration: configuration, size: size, queueLimit: queueLimit, waitLimit: waitLimit,
      reactor: .shared, prepare: prepare)
  }

  init(
    configuration: PostgresConfiguration, size: Int, queueLimit: Int, waitLimit: Duration,
    reactor: Reactor, prepare: @escaping @Sendable (PostgresConnection) async throws -> Void
  ) {
    self.configuration = configuration
    self.waitLimit = waitLimit
    self.prepare = prepare
    self.reactor = reactor
    contents = Mutex(Contents(machine: PoolState(size: size, queueLimit: queueLimit)))
  }

  /// Lends a connection for the time of `body`.
  ///
  /// - Throws: `.poolExhausted` when the queue is full or the wait over, `.poolClosed`, the error of
  ///   a connection attempt that failed meanwhile, `.cancelled`, and what `body` throws.
  package nonisolated(nonsending) func withConnection<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    let lease = try await acquire()
    let value: T
    do {
      value = try await body(lease.connection)
    } catch {
      await giveBack(lease)
      throw error
    }
    await giveBack(lease)
    return value
  }

  /// Lends a transaction; see `PostgresConnection.withTransaction`.
  package nonisolated(nonsending) func withTransaction<T: Sendable>(
    opening: [Query] = [], _ body: (PostgresTransaction) async throws -> T
  ) async throws -> T {
    try await withConnection { connection in
      try await connection.withTransaction(opening: opening, body)
    }
  }

  /// Refuses newcomers and waiters, waits until what is lent has come back, and closes everything;
  /// what is still lent after `limit`, or when the task is cancelled, is closed under its borrower.
  package func close(within limit: Duration = .seconds(30)) async {
    await dispose(advance { $0.machine.close() })
    for attempt in contents.withLock({ Array($0.attempts.values) }) { attempt.cancel() }
    _ = await reactor.wait(until: .after(limit)) { token in
      let isDrained = contents.withLock { contents in
        if !contents.machine.isDrained { contents.closers.append(token) }
        return contents.machine.isDrained
      }
      if isDrained { reactor.signal(token) }
    }
    await dispose(contents.withLock { Array($0.connections.values) })
  }

  private nonisolated(nonsending) func acquire() async throws -> Lease {
    let deadline = Deadline.after(waitLimit)
    while true {
      let lease = try await take(until: deadline)
      // The server may have gone while the connection lay idle.
      if await lease.connection.checkAlive() { return lease }
      await giveBack(lease)
    }
  }

  private nonisolated(nonsending) func take(until deadline: Deadline) async throws -> Lease {
    let idle = contents.withLock { contents in
      contents.machine.takeIdle().flatMap { contents.lease($0) }
    }
    if let idle { return idle }
    var ticket: PoolState.Waiter?
    let outcome = await reactor.wait(until: deadline) { token in
      ticket = token
      // A request discards nothing.
      _ = advance { $0.machine.request(token) }
    }
    guard let ticket else { throw Self.refusal(outcome) }
    let answer = contents.withLock { contents in
      if let answer = contents.answers.removeValue(forKey: ticket) { return answer }
      if contents.machine.giveUp(ticket) { contents.refused &+= 1 }
      return .failure(Self.refusal(outcome))
    }
    if outcome == .cancelled, case .success(let lease) = answer {
      await giveBack(lease)
      throw Self.refusal(outcome)
    }
    return try answer.get()
  }

  private static func refusal(_ outcome: Reactor.Outcome) -> PostgresError {
    switch outcome {
    case .cancelled: PostgresError(.cancelled, context: "while waiting for a connection")
    case .timedOut: PostgresError(.poolExhausted, context: "wait limit")
    default: PostgresError(.poolClosed)
    }
  }

  private nonisolated(nonsending) func giveBack(_ lease: Lease) async {
    let isReusable = await lease.connection.isReusable
    if !isReusable { await lease.connection.close() }
    await dispose(advance { $0.machine.release(lease.slot, isReusable: isReusable) })
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// Sends `items` with one Sync and fetches what they return.
  ///
  /// An error of a statement leaves the connection usable. Everything else closes it.
  func exchange(
    _ items: [ExchangeItem], within duration: Duration?, _ mode: ExchangeMode
  ) async throws(PostgresError) -> [QueryResult] {
    for item in items { try item.query.validate() }
    return try await exclusively(within: duration, mode) { deadline throws(PostgresError) in
      let steps = try send(items)
      try await flush(deadline, mode)
      return try await receive(steps, deadline, mode)
    }
  }

  /// Runs `body` as the connection's only exchange. An error that it throws is fatal and closes the
  /// connection; an error of a statement is what it returns.
  func exclusively(
    within duration: Duration?, _ mode: ExchangeMode,
    _ body: (Deadline) async throws(PostgresError) -> ExchangeAnswer
  ) async throws(PostgresError) -> [QueryResult] {
    guard handle.connection != nil else {
      throw PostgresError(.connectionLost, context: "connection is closed")
    }
    guard !isBusy else { throw PostgresError(.connectionBusy) }
    if !mode.isShielded, Task.isCancelled { throw PostgresError(.cancelled, context: "not sent") }
    isBusy = true
    defer { isBusy = false }
    handle.notices.reset()
    let answer: ExchangeAnswer
    do throws(PostgresError) {
      answer = try await body(.after(duration ?? configuration.exchangeDeadline))
    } catch {
      throw abandon(after: error, mode)
    }
    drainNotifications()
    if let failure = answer.failure { throw failure }
    if handle.notices.sawReplicationWarning { throw PostgresError(.notReplicated) }
    return answer.results
  }

  /// Waits until there is something to read, and reads it.
  func awaitInput(_ deadline: Deadline, _ mode: ExchangeMode) async throws(PostgresError) {
    try check(await handle.waitForInput(until: deadline, shielded: mode.isShielded))
    try consume()
  }

  /// Sends what libpq holds back; reads meanwhile, or both sides might wait for each other.
  func flush(_ deadline: Deadline, _ mode: ExchangeMode) async throws(PostgresError) {
    while true {
      guard let connection = handle.connection else { throw lost() }
      let status = PQflush(connection)
      if status == 0 { return }
      guard status == 1 else { throw lost() }
      try check(
        await handle.reactor.wait(
          for: .either, on: handle.socket, until: deadline, shielded: mode.isShielded))
      try consume()
    }
  }

  func consume() throws(PostgresError) {
    guard let connection = handle.connection, PQconsumeInput(connection) == 1 else { throw lost() }
  }

  /// The next result; nil ends the results of one step.
  func nextResult(
    _ deadline: Deadline, _ mode: ExchangeMode
  ) async throws(PostgresError) -> OpaquePointer? {
    while let connection = handle.connection {
      if PQisBusy(connection) == 0 { return PQgetResult(connection) }
      try await awaitInput(deadline, mode)
    }
    throw lost()
  }

  func lost() -> PostgresError {
    PostgresError(.connectionLost, serverMessage: handle.message)
  }

  private func check(_ outcome: Reactor.Outcome) throws(PostgresError) {
    switch outcome {
    case .ready: return
    case .timedOut: throw PostgresError(.timedOut)
    case .cancelled: throw PostgresError(.cancelled)
    case .closed: throw PostgresError(.connectionLost, context: "closed while in use")
    case .failed(let error):
      throw PostgresError(.connectionLost, context: "system error \(error)")
    }
  }

  /// Gives up the connection in the middle of an exchange.
  private func abandon(after error: PostgresError, _ mode: ExchangeMode) -> PostgresError {
    let wasOurs = error.code == .timedOut || error.code == .cancelled
    if wasOurs, mode.mayRequestCancel { handle.requestCancel() }
    let sawReplicationWarning = handle.notices.sawReplicationWarning
    handle.close()
    return sawReplicationWarning ? error.recoded(.notReplicated) : error
  }
}

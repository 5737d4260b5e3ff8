// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// Lends a transaction. BEGIN and `opening` (`SET LOCAL …`) travel with the first statement,
  /// COMMIT with all that is enqueued: a body with one statement costs two round trips, one that
  /// only enqueues costs one, one that does nothing costs none.
  ///
  /// A body that throws rolls back, and its error is thrown on. A body that returns after a
  /// statement failed rolls back too, and that statement's error is thrown.
  ///
  /// - Throws: `.outcomeUnknown` when the connection broke or the deadline passed after COMMIT was
  ///   sent, `.notReplicated` when the wait for a synchronous standby was cancelled, `.misuse` when
  ///   a transaction is open already.
  package nonisolated(nonsending) func withTransaction<T: Sendable>(
    opening: [Query] = [], _ body: (PostgresTransaction) async throws -> T
  ) async throws -> T {
    let state = TransactionState(opening: opening)
    try await begin(state)
    let value: T
    do {
      value = try await body(PostgresTransaction(connection: self, state: state))
    } catch {
      await rollBack(state)
      throw error
    }
    try await commit(state)
    return value
  }

  /// Runs statements inside the transaction, behind what it has yet to send.
  func run(
    _ queries: [Query], in state: TransactionState, deadline: Duration?
  ) async throws(PostgresError) -> [QueryResult] {
    guard !isBusy else { throw PostgresError(.connectionBusy) }
    for query in queries { try query.validate() }
    var items = try state.takeUnsent().map { ExchangeItem.discarded($0) }
    for (index, query) in queries.enumerated() { items.append(.kept(query, index)) }
    do throws(PostgresError) {
      return try await exchange(items, within: deadline, .ordinary)
    } catch {
      state.fail(error)
      throw error
    }
  }

  /// Nothing is sent yet; only the place is taken.
  private func begin(_ state: TransactionState) throws(PostgresError) {
    try requireNoTransaction()
    transaction = state
  }

  /// - Throws: `.misuse` when a transaction is open, `.connectionBusy`, `.connectionLost`.
  func requireNoTransaction() throws(PostgresError) {
    guard transaction == nil else {
      throw PostgresError(.misuse, context: "a transaction is open")
    }
    guard let connection = handle.connection else { throw lost() }
    guard PQtransactionStatus(connection) == PQTRANS_IDLE else {
      throw PostgresError(isBusy ? .connectionBusy : .misuse, context: "not outside a transaction")
    }
  }

  private func commit(_ state: TransactionState) async throws(PostgresError) {
    // Until COMMIT is sent a cancelled task means rollback; from then on it changes nothing.
    let cancelled = Task.isCancelled ? PostgresError(.cancelled, context: "not committed") : nil
    if let failure = state.failure ?? cancelled {
      await rollBack(state)
      throw failure
    }
    defer { finish(state) }
    if state.isIdle { return }
    // Nothing is sent on a closed connection, so nothing is in doubt.
    guard handle.connection != nil else { throw lost() }
    var items = try state.takeUnsent().map { ExchangeItem.discarded($0) }
    items.append(.kept(Query("commit"), 0))
    do throws(PostgresError) {
      let results = try await exchange(items, within: nil, .commit)
      // COMMIT of a failed transaction succeeds, and rolls back.
      guard results.first?.commandTag == "COMMIT" else {
        throw PostgresError(.server, sqlState: .inFailedTransaction, context: "was rolled back")
      }
    } catch {
      throw await afterFailedCommit(error)
    }
  }

  /// Says what a failure on the way to COMMIT means, and leaves the transaction if it is open.
  func afterFailedCommit(_ error: PostgresError) async -> PostgresError {
    if error.code == .notReplicated { return error }
    if handle.connection == nil { return error.recoded(.outcomeUnknown) }
    await rollBackIfOpen()
    // The index would count our statements, not the caller's.
    return error.withoutStatement
  }

  private func rollBack(_ state: TransactionState) async {
    if state.hasBegun { await rollBackIfOpen() }
    finish(state)
  }

  private func rollBackIfOpen() async {
    guard let connection = handle.connection else { return }
    let status = PQtransactionStatus(connection)
    if status == PQTRANS_IDLE { return }
    do throws(PostgresError) {
      // Not prepared: a failed transaction prepares nothing but its own end.
      _ = try await exchange(
        [.discarded(Query("rollback", prepared: false))], within: nil, .rollback)
    } catch {
      // The server rolls back what it loses; the caller hears of the error that led here.
      handle.close()
    }
  }

  private func finish(_ state: TransactionState) {
    state.end()
    if transaction === state { transaction = nil }
  }
}

extension PostgresError {
  /// The same error without an index.
  var withoutStatement: PostgresError {
    PostgresError(
      code, sqlState: sqlState, constraint: constraint, table: table, label: label,
      serverMessage: serverMessage, context: context)
  }
}

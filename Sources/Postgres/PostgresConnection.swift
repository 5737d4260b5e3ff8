// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

/// One session with PostgreSQL, driven through libpq without blocking a thread.
///
/// It speaks the extended protocol in pipeline mode, and one exchange at a time: a second one
/// started meanwhile throws `.connectionBusy`. After a deadline, a cancellation or a protocol error
/// in the middle of an exchange the connection is closed, never repaired.
///
/// An exchange outside `withTransaction` commits when it ends, and a connection lost on the way
/// leaves its outcome open though the error says `.connectionLost`: writes that matter belong into
/// a transaction.
package actor PostgresConnection {
  /// The server process behind the session, as in `pg_stat_activity.pid`.
  package nonisolated let backendProcessID: Int32

  let handle: ConnectionHandle
  let configuration: PostgresConfiguration
  var statements: PreparedStatements
  var notifications = NotificationBuffer()
  /// Whether a task is between the start and the end of an exchange.
  var isBusy = false
  /// The transaction that is lent out.
  var transaction: TransactionState?
  var isListening = false

  /// Takes over a handle whose connection is established and in pipeline mode.
  init(handle: ConnectionHandle, configuration: PostgresConfiguration) {
    self.handle = handle
    self.configuration = configuration
    statements = PreparedStatements(configuration.statementCache)
    backendProcessID = handle.connection.map { PQbackendPID($0) } ?? 0
  }

  /// Runs one statement: one round trip.
  ///
  /// - Parameter deadline: longest wait; the configuration's when nil.
  package func execute(
    _ query: Query, deadline: Duration? = nil
  ) async throws(PostgresError) -> QueryResult {
    let results = try await exchange([.kept(query, 0)], within: deadline, .ordinary)
    guard let result = results.first else { throw PostgresError(.connectionLost) }
    return result
  }

  /// Runs several statements in one round trip. Outside a transaction they are one: an error undoes
  /// all, is thrown, and names its statement; the connection stays usable.
  package func pipeline(
    _ queries: [Query], deadline: Duration? = nil
  ) async throws(PostgresError) -> [QueryResult] {
    if queries.isEmpty { return [] }
    let items = queries.enumerated().map { ExchangeItem.kept($1, $0) }
    return try await exchange(items, within: deadline, .ordinary)
  }

  /// Closes at once. An exchange in progress ends with `.connectionLost`.
  package func close() {
    handle.close()
  }

  /// Whether the session can serve somebody else: idle, outside a transaction, not listening.
  package var isReusable: Bool {
    guard let connection = handle.connection else { return false }
    return !isBusy && transaction == nil && !isListening && !handle.notices.sawFatal
      && PQstatus(connection) == CONNECTION_OK
      && PQtransactionStatus(connection) == PQTRANS_IDLE
  }

  /// Notices received so far, of any severity.
  package var noticeCount: Int { handle.notices.count }

  /// Statements that the cache holds.
  package var preparedStatementCount: Int { statements.count }
}

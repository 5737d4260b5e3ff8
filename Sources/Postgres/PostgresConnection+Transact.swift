// Hansard
// SPDX-License-Identifier: Apache-2.0

extension PostgresConnection {
  /// Runs a whole transaction, BEGIN and COMMIT included, in one round trip.
  ///
  /// For work that needs no answer on its way: group commit sends everything at once. From the first
  /// byte COMMIT is on the wire, so a cancelled task changes nothing and the server is never asked to
  /// cancel.
  ///
  /// - Returns: One result per query of `queries`.
  /// - Throws: What `withTransaction` throws; a failed statement leaves the session outside of the
  ///   transaction and is named by its index in `queries`.
  package func transact(
    _ queries: [Query], deadline: Duration? = nil
  ) async throws(PostgresError) -> [QueryResult] {
    try requireNoTransaction()
    var items = [ExchangeItem.discarded(Query("begin"))]
    items += queries.enumerated().map { .kept($1, $0) }
    items.append(.kept(Query("commit"), queries.count))
    do throws(PostgresError) {
      let results = try await exchange(items, within: deadline, .commit)
      guard results.last?.commandTag == "COMMIT" else {
        throw PostgresError(.server, sqlState: .inFailedTransaction, context: "was rolled back")
      }
      return results.dropLast()
    } catch {
      // COMMIT's own failure, of a deferred constraint say, is no statement of the caller's.
      let index = error.failedStatement.flatMap { $0 < queries.count ? $0 : nil }
      throw await afterFailedCommit(error).naming(statement: index)
    }
  }
}

extension PostgresError {
  /// The same error with the index of the statement that failed.
  fileprivate func naming(statement index: Int?) -> PostgresError {
    PostgresError(
      code, sqlState: sqlState, constraint: constraint, table: table, failedStatement: index,
      label: label, serverMessage: serverMessage, context: context)
  }
}

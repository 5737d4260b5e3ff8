// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A transaction, lent for the time of a closure.
package struct PostgresTransaction: Sendable {
  let connection: PostgresConnection
  let state: TransactionState

  /// Runs one statement. The first one takes BEGIN and the opening statements along: one round trip.
  package func execute(
    _ query: Query, deadline: Duration? = nil
  ) async throws(PostgresError) -> QueryResult {
    let results = try await connection.run([query], in: state, deadline: deadline)
    guard let result = results.first else { throw PostgresError(.connectionLost) }
    return result
  }

  /// Runs several statements in one round trip; an error names its statement.
  package func pipeline(
    _ queries: [Query], deadline: Duration? = nil
  ) async throws(PostgresError) -> [QueryResult] {
    if queries.isEmpty { return [] }
    return try await connection.run(queries, in: state, deadline: deadline)
  }

  /// Adds a statement that travels with the next exchange, at the latest with COMMIT. Its rows are
  /// dropped; its failure fails the transaction. After the transaction's end it is ignored.
  package func enqueue(_ query: Query) {
    state.enqueue(query)
  }
}

/// What a transaction has yet to send, shared by the copies of `PostgresTransaction`.
final class TransactionState: Sendable {
  private struct Contents {
    /// BEGIN and the opening statements until they are sent, then what was enqueued.
    var unsent: [Query]
    var hasBegun = false
    var hasEnded = false
    var isIdle = true
    var failure: PostgresError?
  }

  private let contents: Mutex<Contents>

  init(opening: [Query]) {
    contents = Mutex(Contents(unsent: [Query("begin")] + opening))
  }

  func enqueue(_ query: Query) {
    contents.withLock {
      if $0.hasEnded { return }
      $0.unsent.append(query)
      $0.isIdle = false
    }
  }

  /// What has to go ahead of the next statement; it counts as sent.
  ///
  /// - Throws: the transaction's first failure, if it has one; `.misuse` after its end.
  func takeUnsent() throws(PostgresError) -> [Query] {
    let (unsent, error) = contents.withLock { contents -> ([Query], PostgresError?) in
      if contents.hasEnded {
        return ([], PostgresError(.misuse, context: "transaction has ended"))
      }
      contents.hasBegun = true
      contents.isIdle = false
      defer { contents.unsent = [] }
      return (contents.unsent, nil)
    }
    if let error { throw error }
    return unsent
  }

  /// Whether nothing was sent and nothing is to be sent.
  var isIdle: Bool { contents.withLock { $0.isIdle } }
  var hasBegun: Bool { contents.withLock { $0.hasBegun } }
  var failure: PostgresError? { contents.withLock { $0.failure } }

  func fail(_ error: PostgresError) {
    contents.withLock { if $0.failure == nil { $0.failure = error } }
  }

  func end() {
    contents.withLock {
      $0.hasEnded = true
      $0.unsent = []
    }
  }
}

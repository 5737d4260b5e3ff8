// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// Runs several statements as one text by the simple protocol, as migrations need it; rows are
  /// dropped. Outside an explicit transaction the text is one transaction unless it says otherwise.
  ///
  /// Never for text that holds anybody's input.
  package func script(_ sql: String, deadline: Duration? = nil) async throws(PostgresError) {
    try Query(sql).validate()
    _ = try await exclusively(within: deadline, .ordinary) { deadline throws(PostgresError) in
      guard let connection = handle.connection, PQexitPipelineMode(connection) == 1,
        PQsendQuery(connection, sql) == 1
      else { throw lost() }
      try await flush(deadline, .ordinary)
      let failure = try await firstFailure(deadline)
      guard let connection = handle.connection, PQenterPipelineMode(connection) == 1 else {
        throw failure?.recoded(.connectionLost) ?? lost()
      }
      return ExchangeAnswer(failure: failure)
    }
  }

  /// Reads to the end of the script; the server skips what follows an error.
  private func firstFailure(_ deadline: Deadline) async throws(PostgresError) -> PostgresError? {
    var failure: PostgresError?
    do throws(PostgresError) {
      while let result = try await nextResult(deadline, .ordinary) {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
        case PGRES_FATAL_ERROR:
          failure = failure ?? PostgresError(result: result, failedStatement: nil)
        default: throw PostgresError(.misuse, context: "statement not supported")
        }
      }
    } catch {
      if error.code == .connectionLost, let failure { throw failure.recoded(.connectionLost) }
      throw error
    }
    return failure
  }
}

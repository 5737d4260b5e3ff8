// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

/// Reads the results of an exchange in the order of its steps, as far as input has arrived; never
/// waits, so that a pipeline whose answer came in one piece is read in one go.
struct ResultReader {
  private(set) var answer = ExchangeAnswer()
  private let steps: [ExchangeStep]
  private var position = 0
  /// What the step at `position` has brought so far.
  private var outcome: Outcome?
  /// Names that the server does not know, though we sent a Parse for them.
  private var unprepared: Set<String> = []

  private enum Outcome {
    case succeeded
    case failed(SQLState?)
    /// Skipped by the server because of an earlier failure.
    case aborted
  }

  init(_ steps: [ExchangeStep]) {
    self.steps = steps
    answer.results.reserveCapacity(steps.count)
  }

  /// True when everything up to the Sync is read, false when input is needed.
  ///
  /// - Throws: `.connectionLost` or `.misuse` when we are out of step with the server.
  mutating func read(
    from connection: OpaquePointer, _ statements: inout PreparedStatements
  ) throws(PostgresError) -> Bool {
    while PQisBusy(connection) == 0 {
      guard let result = PQgetResult(connection) else {
        try endStep(&statements)
        continue
      }
      guard position < steps.count else {
        defer { PQclear(result) }
        if PQresultStatus(result) == PGRES_PIPELINE_SYNC { return true }
        throw PostgresError(result: result, failedStatement: nil).recoded(.connectionLost)
      }
      try take(result, for: steps[position])
    }
    return false
  }

  /// Takes ownership of `result`.
  private mutating func take(
    _ result: OpaquePointer, for step: ExchangeStep
  ) throws(PostgresError) {
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      outcome = .succeeded
      guard step.isKept else { return PQclear(result) }
      answer.results.append(QueryResult(storage: ResultStorage(owning: result)))
    case PGRES_PIPELINE_ABORTED:
      outcome = .aborted
      PQclear(result)
    case PGRES_FATAL_ERROR:
      let error = PostgresError(
        result: result, failedStatement: step.index, label: step.label.map { $0.description })
      outcome = .failed(error.sqlState)
      if answer.failure == nil { answer.failure = error }
      PQclear(result)
    default:
      // COPY, or a Sync too early.
      PQclear(result)
      throw PostgresError(
        .misuse, failedStatement: step.index, context: "statement not supported")
    }
  }

  private mutating func endStep(_ statements: inout PreparedStatements) throws(PostgresError) {
    // libpq has nothing for a step that it owes us: the connection broke while it was parsing.
    guard position < steps.count, let outcome else { throw PostgresError(.connectionLost) }
    settle(steps[position].action, outcome, &statements)
    position += 1
    self.outcome = nil
  }

  /// Keeps the statement cache true to what the server has.
  private mutating func settle(
    _ action: ExchangeStep.Action, _ outcome: Outcome, _ statements: inout PreparedStatements
  ) {
    switch (action, outcome) {
    case (_, .succeeded), (.run, _), (.runPrepared, .aborted): break
    case (.deallocate, .failed(.invalidStatementName)):
      // Somebody has deallocated it already.
      break
    case (.deallocate(let name), _):
      if !unprepared.contains(name) { statements.handBack(orphan: name) }
    case (.prepare(let key, let name), _):
      unprepared.insert(name)
      statements.forget(key, name: name)
    case (.runPrepared(let key, let name), .failed(let state)):
      if state == .invalidStatementName { statements.forget(key, name: name) }
      // "cached plan must not change result type"
      if state == .featureNotSupported { statements.giveUp(key, name: name) }
    }
  }
}

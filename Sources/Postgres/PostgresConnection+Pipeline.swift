// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// Queues all messages and the Sync. Nothing waits here: libpq buffers what the socket does not
  /// take.
  func send(_ items: [ExchangeItem]) throws(PostgresError) -> [ExchangeStep] {
    guard let connection = handle.connection else { throw lost() }
    var steps: [ExchangeStep] = []
    steps.reserveCapacity(items.count + 4)
    for item in items { try send(item, on: connection, &steps) }
    guard PQpipelineSync(connection) == 1 else { throw lost() }
    return steps
  }

  private func send(
    _ item: ExchangeItem, on connection: OpaquePointer, _ steps: inout [ExchangeStep]
  ) throws(PostgresError) {
    let query = item.query
    let key = PreparedStatements.Key(sql: query.sql, types: query.parameters.types)
    guard query.prepared, let plan = statements.plan(key) else {
      guard connection.send(query) else { throw lost() }
      return steps.append(ExchangeStep(action: .run, item: item))
    }
    if plan.isNew {
      try sendOrphans(for: item, on: connection, &steps)
      guard connection.prepare(query, as: plan.name) else { throw lost() }
      steps.append(ExchangeStep(action: .prepare(key, name: plan.name), item: item))
    }
    guard connection.send(query, prepared: plan.name) else { throw lost() }
    steps.append(ExchangeStep(action: .runPrepared(key, name: plan.name), item: item))
  }

  /// Deallocates what was given up, ahead of a new statement. In a failed transaction the server
  /// would refuse it, and with it the ROLLBACK behind it.
  private func sendOrphans(
    for item: ExchangeItem, on connection: OpaquePointer, _ steps: inout [ExchangeStep]
  ) throws(PostgresError) {
    guard PQtransactionStatus(connection) != PQTRANS_INERROR else { return }
    for name in statements.takeOrphans() {
      guard connection.send(Query("deallocate \(name)", prepared: false)) else { throw lost() }
      steps.append(ExchangeStep(action: .deallocate(name), item: item))
    }
  }

  /// Fetches the results of all steps and of the Sync.
  func receive(
    _ steps: [ExchangeStep], _ count: Int, _ deadline: Deadline, _ mode: ExchangeMode
  ) async throws(PostgresError) -> Answer {
    var answer = Answer()
    answer.results.reserveCapacity(count)
    var unprepared: Set<String> = []
    do throws(PostgresError) {
      for step in steps {
        let outcome = try await fetch(step, deadline, mode)
        settle(step, outcome, &unprepared)
        switch outcome {
        case .failed(let error): if answer.failure == nil { answer.failure = error }
        case .result(let result):
          if step.isKept { answer.results.append(result) }
        case .aborted: break
        }
      }
      try await fetchSync(deadline, mode)
    } catch {
      // The server says why it goes before it goes: that is worth more than "connection closed".
      if error.code == .connectionLost, let reason = answer.failure {
        throw reason.recoded(.connectionLost)
      }
      throw error
    }
    return answer
  }

  private func fetch(
    _ step: ExchangeStep, _ deadline: Deadline, _ mode: ExchangeMode
  ) async throws(PostgresError) -> StepOutcome {
    var outcome: StepOutcome?
    while let result = try await nextResult(deadline, mode) {
      switch PQresultStatus(result) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
        outcome = .result(QueryResult(storage: ResultStorage(owning: result)))
      case PGRES_PIPELINE_ABORTED:
        PQclear(result)
        outcome = .aborted
      case PGRES_FATAL_ERROR:
        outcome = .failed(PostgresError(result: result, failedStatement: step.item.index))
        PQclear(result)
      default:
        // COPY, or a Sync too early: we are out of step with the server.
        PQclear(result)
        throw PostgresError(
          .misuse, failedStatement: step.item.index, context: "statement not supported")
      }
    }
    // libpq has nothing for a step that it owes us: the connection broke while it was parsing.
    guard let outcome else { throw lost() }
    return outcome
  }

  private func fetchSync(
    _ deadline: Deadline, _ mode: ExchangeMode
  ) async throws(PostgresError) {
    guard let result = try await nextResult(deadline, mode) else { throw lost() }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost() }
  }

  /// Keeps the statement cache true to what the server has.
  private func settle(
    _ step: ExchangeStep, _ outcome: StepOutcome, _ unprepared: inout Set<String>
  ) {
    switch (step.action, outcome) {
    case (_, .result), (.run, _): break
    case (.deallocate(let name), .failed(let error)) where error.sqlState == .invalidStatementName:
      // Somebody has deallocated it already.
      unprepared.insert(name)
    case (.deallocate(let name), _):
      if !unprepared.contains(name) { statements.handBack(orphan: name) }
    case (.prepare(let key, let name), _):
      unprepared.insert(name)
      statements.forget(key, name: name)
    case (.runPrepared(let key, let name), .failed(let error)):
      if error.sqlState == .invalidStatementName { statements.forget(key, name: name) }
      // "cached plan must not change result type"
      if error.sqlState == .featureNotSupported { statements.giveUp(key, name: name) }
    case (.runPrepared, .aborted): break
    }
  }
}

extension ExchangeStep {
  /// Whether its result goes to the caller.
  var isKept: Bool {
    switch action {
    case .deallocate, .prepare: false
    case .run, .runPrepared: item.index != nil
    }
  }
}

extension Query {
  /// - Throws: `.misuse` for what libpq or the protocol cannot carry, before anything is sent.
  func validate() throws(PostgresError) {
    guard parameters.count <= Int(UInt16.max) else {
      throw PostgresError(.misuse, context: "too many parameters")
    }
    guard parameters.bytes.count < 1 << 30 else {
      throw PostgresError(.misuse, context: "parameters too large")
    }
    guard !sql.utf8.contains(0) else {
      throw PostgresError(.misuse, context: "statement holds a NUL character")
    }
  }
}

extension OpaquePointer {
  /// As a `PGconn`: queues Parse, Bind, Describe and Execute of an unnamed statement.
  fileprivate func send(_ query: Query) -> Bool {
    query.parameters.withPointers { values, lengths, formats in
      PQsendQueryParams(
        self, query.sql, Int32(query.parameters.count), query.parameters.types, values, lengths,
        formats, 1) == 1
    }
  }

  /// As a `PGconn`: queues Bind, Describe and Execute of a prepared statement.
  fileprivate func send(_ query: Query, prepared name: String) -> Bool {
    query.parameters.withPointers { values, lengths, formats in
      PQsendQueryPrepared(
        self, name, Int32(query.parameters.count), values, lengths, formats, 1) == 1
    }
  }

  /// As a `PGconn`: queues the Parse of a named statement.
  fileprivate func prepare(_ query: Query, as name: String) -> Bool {
    PQsendPrepare(
      self, name, query.sql, Int32(query.parameters.count), query.parameters.types) == 1
  }
}

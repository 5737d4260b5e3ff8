// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc

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
      return steps.append(ExchangeStep(.run, for: item))
    }
    if plan.isNew {
      try sendOrphans(for: item, on: connection, &steps)
      guard connection.prepare(query, as: plan.name) else { throw lost() }
      steps.append(ExchangeStep(.prepare(key, name: plan.name), for: item))
    }
    guard connection.send(query, prepared: plan.name) else { throw lost() }
    steps.append(ExchangeStep(.runPrepared(key, name: plan.name), for: item))
  }

  /// Deallocates what was given up, ahead of a new statement. In a failed transaction the server
  /// would refuse it, and with it the ROLLBACK behind it.
  private func sendOrphans(
    for item: ExchangeItem, on connection: OpaquePointer, _ steps: inout [ExchangeStep]
  ) throws(PostgresError) {
    guard PQtransactionStatus(connection) != PQTRANS_INERROR else { return }
    for name in statements.takeOrphans() {
      guard connection.send(Query("deallocate \(name)", prepared: false)) else { throw lost() }
      steps.append(ExchangeStep(.deallocate(name), for: item))
    }
  }

  /// Fetches the results of all steps and of the Sync.
  func receive(
    _ steps: [ExchangeStep], _ deadline: Deadline, _ mode: ExchangeMode
  ) async throws(PostgresError) -> ExchangeAnswer {
    var reader = ResultReader(steps)
    do throws(PostgresError) {
      while let connection = handle.connection {
        if try reader.read(from: connection, &statements) { return reader.answer }
        try await awaitInput(deadline, mode)
      }
      throw lost()
    } catch {
      // The server says why it goes before it goes: that is worth more than "connection closed".
      if error.code == .connectionLost, let reason = reader.answer.failure {
        throw reason.recoded(.connectionLost)
      }
      throw error
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
    // As a C string the text ends at its first NUL.
    guard sql.withCString({ strlen($0) }) == sql.utf8.count else {
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

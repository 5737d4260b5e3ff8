// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What went wrong between us and PostgreSQL.
///
/// `description` names codes and identifiers of the schema only. Values, row data and the server's
/// message, which may hold both, never appear in it, so that an error can be logged as it is.
package struct PostgresError: Error, Sendable {
  package enum Code: String, Sendable, Hashable {
    /// The server answered with an error; `sqlState` says which.
    case server
    /// No connection came about: away, refused, wrong password, unusable settings.
    case connectionFailed
    /// An established connection broke, or was closed while in use.
    case connectionLost
    /// The deadline passed. The connection is closed and its query cancelled.
    case timedOut
    /// The task was cancelled. The connection is closed and its query cancelled.
    case cancelled
    /// The pool's queue is full, or the longest wait for a connection is over.
    case poolExhausted
    case poolClosed
    /// A second exchange was started on a connection that is in the middle of one.
    case connectionBusy
    /// The connection broke after COMMIT was sent: the transaction may have happened or not.
    case outcomeUnknown
    /// Committed on this server only: the wait for its synchronous standby was cancelled.
    case notReplicated
    /// A value does not have the shape that was asked for.
    case decoding
    /// A defect of the caller: a bad identifier, a use after the end.
    case misuse
  }

  package let code: Code
  package let sqlState: SQLState?
  /// Name of the constraint that was violated.
  package let constraint: String?
  package let table: String?
  /// Index of the query that failed, in the array given to `pipeline`; nil when the failing
  /// statement was not among them.
  package let failedStatement: Int?
  /// The label of the query that failed, also of one that was enqueued.
  package let label: String?
  /// What the server or libpq said. May hold values: never log it, never hand it to a caller.
  package let serverMessage: String?
  /// Our own words about the error; no values.
  package let context: String?

  package init(
    _ code: Code, sqlState: SQLState? = nil, constraint: String? = nil, table: String? = nil,
    failedStatement: Int? = nil, label: String? = nil, serverMessage: String? = nil,
    context: String? = nil
  ) {
    self.code = code
    self.sqlState = sqlState
    self.constraint = constraint
    self.table = table
    self.failedStatement = failedStatement
    self.label = label
    self.serverMessage = serverMessage
    self.context = context
  }

  /// Whether the database is away or overloaded, rather than the request wrong.
  package var isConnectionFailure: Bool {
    switch code {
    case .connectionFailed, .connectionLost, .timedOut: true
    case .server: sqlState?.isConnectionFailure ?? false
    default: false
    }
  }

  /// The same error as another kind, with every detail kept.
  func recoded(_ code: Code, context: String? = nil) -> PostgresError {
    PostgresError(
      code, sqlState: sqlState, constraint: constraint, table: table,
      failedStatement: failedStatement, label: label, serverMessage: serverMessage,
      context: context ?? self.context)
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    var parts: [String] = []
    if let sqlState { parts.append("sqlstate \(sqlState)") }
    if let constraint { parts.append("constraint \(constraint)") }
    if let table { parts.append("table \(table)") }
    if let failedStatement { parts.append("statement \(failedStatement)") }
    if let label { parts.append(label) }
    if let context { parts.append(context) }
    let details = parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
    return "postgres \(code.rawValue)" + details
  }
}

extension PostgresError: CustomDebugStringConvertible, CustomReflectable {
  package var debugDescription: String { description }

  /// `dump` and test reports read mirrors: the server's message must not leak through them.
  package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

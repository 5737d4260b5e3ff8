// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension DomainError {
  /// What the domain says of a failure of the database: the one place where SQLSTATEs that any
  /// statement may meet are read. Constraints of one statement are read beside that statement.
  init(translating error: PostgresError) {
    switch error.code {
    case .poolExhausted:
      self.init(.overloaded, "All connections to the database are in use.")
    case .outcomeUnknown, .notReplicated:
      self.init(
        .outcomeUnknown, "The connection was lost while committing; the request may have happened.")
    case .connectionFailed, .connectionLost, .timedOut, .poolClosed, .cancelled:
      self.init(.databaseUnavailable, "The database cannot be reached.")
    case .server:
      self.init(serverError: error)
    case .connectionBusy, .decoding, .misuse:
      self.init(.internalError, "postgres \(error.code.rawValue)")
    }
  }

  /// The custom SQLSTATE of `hansard.require_live_key`.
  private static let keyNotLive = SQLState(rawValue: "HS401")

  private init(serverError error: PostgresError) {
    switch error.sqlState {
    case Self.keyNotLive:
      self = .unauthenticated
    case _ where error.deniesAudit:
      self.init(.auditUnavailable, "This cannot be entered in the audit log, so it is not done.")
    case .some(let state) where state.isStorageFailure:
      self.init(.storageUnavailable, "The database cannot store this at the moment.")
    case SQLState.readOnlyTransaction, SQLState.lockNotAvailable, SQLState.queryCanceled,
      SQLState.serializationFailure, SQLState.deadlockDetected:
      self.init(.databaseUnavailable, "The database cannot do this at the moment.")
    case _ where error.isConnectionFailure:
      self.init(.databaseUnavailable, "The database cannot be reached.")
    default:
      self.init(.internalError, error.description)
    }
  }

  /// The one answer to credentials that do not hold, whatever is wrong with them.
  package static let unauthenticated = DomainError(
    .unauthenticated, "A valid API key or access token is needed.")
}

extension PostgresError {
  /// Whether it is the audit entry that could not be written, for whatever reason but one that has
  /// to do with the server as a whole: nothing of the transaction has happened then.
  var deniesAudit: Bool {
    label == AuditEntry.label.description && code == .server && !isConnectionFailure
      && sqlState != .readOnlyTransaction
  }
}

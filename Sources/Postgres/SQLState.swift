// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The five characters with which PostgreSQL names an error (manual, appendix A).
package struct SQLState: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// Five characters of `0-9A-Z`, as the server sent them.
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static let featureNotSupported = SQLState(rawValue: "0A000")
  package static let numericValueOutOfRange = SQLState(rawValue: "22003")
  package static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  package static let notNullViolation = SQLState(rawValue: "23502")
  package static let foreignKeyViolation = SQLState(rawValue: "23503")
  package static let uniqueViolation = SQLState(rawValue: "23505")
  package static let checkViolation = SQLState(rawValue: "23514")
  package static let exclusionViolation = SQLState(rawValue: "23P01")
  package static let readOnlyTransaction = SQLState(rawValue: "25006")
  package static let inFailedTransaction = SQLState(rawValue: "25P02")
  package static let invalidStatementName = SQLState(rawValue: "26000")
  package static let invalidPassword = SQLState(rawValue: "28P01")
  package static let unknownDatabase = SQLState(rawValue: "3D000")
  package static let serializationFailure = SQLState(rawValue: "40001")
  package static let deadlockDetected = SQLState(rawValue: "40P01")
  package static let insufficientPrivilege = SQLState(rawValue: "42501")
  package static let syntaxError = SQLState(rawValue: "42601")
  package static let undefinedTable = SQLState(rawValue: "42P01")
  package static let duplicatePreparedStatement = SQLState(rawValue: "42P05")
  package static let diskFull = SQLState(rawValue: "53100")
  package static let outOfMemory = SQLState(rawValue: "53200")
  package static let tooManyConnections = SQLState(rawValue: "53300")
  package static let lockNotAvailable = SQLState(rawValue: "55P03")
  package static let queryCanceled = SQLState(rawValue: "57014")
  package static let adminShutdown = SQLState(rawValue: "57P01")
  package static let crashShutdown = SQLState(rawValue: "57P02")
  package static let cannotConnectNow = SQLState(rawValue: "57P03")
  package static let ioError = SQLState(rawValue: "58030")
  package static let raisedException = SQLState(rawValue: "P0001")

  /// Whether the state says that the server, and not the statement, is the reason: class 08,
  /// 53300, 57P01, 57P02 and 57P03.
  package var isConnectionFailure: Bool {
    switch self {
    case .adminShutdown, .crashShutdown, .cannotConnectNow, .tooManyConnections: true
    default: rawValue.utf8.starts(with: "08".utf8)
    }
  }

  /// Whether the server could not store what it was given: its disk is full or fails (which it may
  /// say of any system call, 58030), or it has no memory.
  package var isStorageFailure: Bool { [.diskFull, .outOfMemory, .ioError].contains(self) }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Why a private server could not be started.
package enum EmbeddedPostgresError: Error, Sendable, Equatable {
  /// No directory holds both `initdb` and `postgres`; the directories that were looked at.
  case binariesNotFound(searched: [String])
  /// We are root and the account that the server must run as does not exist.
  case accountMissing(String)
  /// A program that starting needs is not installed.
  case toolMissing(String)
  /// The account of the server may not reach this directory, and it cannot be moved either.
  case unreachable(path: String, account: String)
  /// The path exists and is not a private directory of ours.
  case foreign(String)
  /// A Unix socket path holds 107 bytes; this one does not fit.
  case socketPathTooLong(String)
  /// The directory belongs to a live server, or is being started by another process (nil).
  case inUse(path: String, processID: Int32?)
  /// The directory is neither empty nor a PostgreSQL data directory.
  case notADataDirectory(String)
  /// `initdb` failed; what it printed.
  case initialisationFailed(output: String)
  /// The server ended before it was ready; the last lines of its log.
  case exitedEarly(status: ExitStatus, log: String)
  /// The server was not ready in time and was ended; the last lines of its log.
  case notReady(within: Duration, log: String)
  /// A system call failed.
  case system(operation: String, path: String, code: Int32)
}

extension EmbeddedPostgresError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .binariesNotFound(let searched):
      "PostgreSQL's server programs (initdb, postgres) were not found in "
        + (searched.isEmpty ? "any known place" : searched.joined(separator: ", "))
        + ": install the Debian package 'postgresql', or name their directory in "
        + ServerBinaries.variable
    case .accountMissing(let name):
      "PostgreSQL refuses to run as root and there is no account '\(name)': "
        + "install the Debian package 'postgresql', which creates it"
    case .toolMissing(let name):
      "the program '\(name)' is missing (Debian package 'util-linux')"
    case .unreachable(let path, let account):
      "the account '\(account)' may not reach \(path): choose another directory or open its parents"
    case .foreign(let path):
      "\(path) exists and is not a private directory (mode 0700) of this user"
    case .socketPathTooLong(let path):
      "the socket path \(path) is longer than 107 bytes: choose a shorter directory"
    case .inUse(let path, .some(let processID)):
      "\(path) is in use by the server with process id \(processID)"
    case .inUse(let path, nil):
      "\(path) is being started by another process"
    case .notADataDirectory(let path):
      "\(path) holds files, but is not a PostgreSQL data directory"
    case .initialisationFailed(let output):
      "initdb failed: \(output)"
    case .exitedEarly(let status, let log):
      "PostgreSQL ended before it was ready (\(status)); its log ends with:\n\(log)"
    case .notReady(let limit, let log):
      "PostgreSQL was not ready within \(limit); its log ends with:\n\(log)"
    case .system(let operation, let path, let code):
      "\(operation) \(path): \(String(cString: strerror(code)))"
    }
  }
}

extension EmbeddedPostgresError {
  /// The failure of the system call that just returned, read from `errno`.
  static func lastSystemError(_ operation: String, _ path: String) -> EmbeddedPostgresError {
    .system(operation: operation, path: path, code: errno)
  }
}

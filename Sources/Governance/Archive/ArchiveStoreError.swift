// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a store did not do what it was asked for. Nothing of a message shows credentials or content.
package enum ArchiveStoreError: Error, Sendable, Hashable {
  /// There is no such archive.
  case notFound
  /// The store does not let us: the credentials, their rights, or the mode of a directory.
  case denied(reason: String)
  /// The store answered something else than success.
  case refused(status: Int, reason: String)
  /// Nobody answers there.
  case unreachable
  /// Nobody answered in time.
  case timedOut
  /// The connection ended while an archive was read.
  case brokenOff
  /// More than a store takes in one piece.
  case tooLarge
  /// A call of the operating system failed.
  case system(operation: String, code: Int32)
}

extension ArchiveStoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound: "there is no such archive"
    case .denied(let reason): "the archive store denies access (\(reason))"
    case .refused(let status, let reason): "the archive store answered \(status) (\(reason))"
    case .unreachable: "the archive store cannot be reached"
    case .timedOut: "the archive store did not answer in time"
    case .brokenOff: "the connection to the archive store broke off"
    case .tooLarge: "the archive is larger than the store takes in one piece"
    case .system(let operation, let code):
      "the archive store: \(operation) failed: \(String(cString: strerror(code)))"
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Protection

/// Why an entry cannot be encoded or hashed.
package enum LedgerError: Error, Sendable, Hashable {
  /// A field is longer than its length prefix can say, or a digest is not 32 bytes.
  case lengthRefused(field: String)
  /// A place that the tree does not have.
  case outOfRange
  /// The leaves of a tile are others than those that its root was computed from.
  case leavesDiffer
  /// The hash function failed.
  case hashing(CryptoError)
}

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lengthRefused(let field): "the length of \(field) cannot be encoded"
    case .outOfRange: "the tree has no such place"
    case .leavesDiffer: "the leaves have changed"
    case .hashing(let error): "hashing failed: \(error)"
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Protection

/// Why an entry cannot be encoded or hashed.
package enum LedgerError: Error, Sendable, Hashable {
  /// A field is longer than its length prefix can say, or a digest is not 32 bytes.
  case lengthRefused(field: String)
  /// The hash function failed.
  case hashing(CryptoError)
}

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lengthRefused(let field): "the length of \(field) cannot be encoded"
    case .hashing(let error): "hashing failed: \(error)"
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What can go wrong in the cryptographic layer; no case carries keys, plaintext or lengths of them.
package enum CryptoError: Error, Sendable, Hashable {
  /// The tag does not fit: wrong key, wrong associated data or altered bytes. Which of them is
  /// deliberately not told.
  case authenticationFailed
  /// A length is outside what the algorithm takes (negative, or beyond its documented maximum).
  case lengthRefused
  /// The system gave no memory for a key.
  case outOfMemory
  /// A call into OpenSSL failed.
  case openSSL(OpenSSLError)
}

extension CryptoError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .authenticationFailed: "authentication failed"
    case .lengthRefused: "length outside the range of the algorithm"
    case .outOfMemory: "no memory for a key"
    case .openSSL(let error): error.description
    }
  }
}

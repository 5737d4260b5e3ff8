// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// Algorithms fetched from OpenSSL's providers once per process.
///
/// A fetch takes locks and string lookups and would cost more than hashing a small event. `nil`
/// means that the provider does not offer the algorithm (a restricted build); every user turns
/// that into an error.
enum FetchedAlgorithms {
  static let aes256ECB = Algorithm(EVP_CIPHER_fetch(nil, "AES-256-ECB", nil))
  static let aes256GCM = Algorithm(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
  static let sha256 = Algorithm(EVP_MD_fetch(nil, "SHA256", nil))
  static let hmac = Algorithm(EVP_MAC_fetch(nil, "HMAC", nil))
  static let hkdf = Algorithm(EVP_KDF_fetch(nil, "HKDF", nil))

  /// One fetched method object.
  ///
  /// Unchecked because of the raw pointer. Owner: this process, for ever (never freed). Rule:
  /// OpenSSL never changes a fetched method, and documents it as usable from all threads.
  struct Algorithm: @unchecked Sendable {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) {
      self.pointer = pointer
    }

    /// The method object, or an error naming the algorithm's fetch.
    func get() throws(CryptoError) -> OpaquePointer {
      guard let pointer else { throw .failed("EVP_fetch") }
      return pointer
    }
  }
}

/// Names of OpenSSL parameters as C strings that live for ever, which `OSSL_PARAM` needs: it keeps
/// the pointer.
enum ParameterText {
  static let digest = text("digest")
  static let sha256 = text("SHA256")
  static let mode = text("mode")
  static let key = text("key")
  static let salt = text("salt")
  static let info = text("info")

  /// One immortal, constant C string.
  ///
  /// Unchecked because of the raw pointer. Owner: the program image. Rule: constant data, read only.
  struct Text: @unchecked Sendable {
    let pointer: UnsafePointer<CChar>
  }

  private static func text(_ literal: StaticString) -> Text {
    Text(pointer: UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self))
  }
}

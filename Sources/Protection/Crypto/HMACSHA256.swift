// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1), fed piece by piece; the single owner of its context.
package struct HMACSHA256: ~Copyable {
  /// The size of an authentication code in bytes.
  package static let byteCount = 32

  private let context: OpaquePointer

  /// Starts a code under a 256-bit key.
  package init(key: SecretKey) throws(CryptoError) {
    self = try key.withUnsafeBytes { (bytes) throws(CryptoError) in
      try HMACSHA256(keyBytes: bytes)
    }
  }

  /// Starts a code under a key of any length except 0.
  init(keyBytes key: UnsafeRawBufferPointer) throws(CryptoError) {
    // OpenSSL takes a NULL key as "keep the key of before", so an empty one must not get there.
    guard !key.isEmpty else { throw .lengthRefused }
    let method = try FetchedAlgorithms.hmac.get()
    guard let context = EVP_MAC_CTX_new(method) else { throw .failed("EVP_MAC_CTX_new") }
    let digest = UnsafeMutablePointer(mutating: ParameterText.sha256.pointer)
    let parameters = [
      OSSL_PARAM_construct_utf8_string(ParameterText.digest.pointer, digest, 0),
      OSSL_PARAM_construct_end(),
    ]
    guard EVP_MAC_init(context, key.bytePointer, key.count, parameters) == 1 else {
      EVP_MAC_CTX_free(context)
      throw .failed("EVP_MAC_init")
    }
    self.context = context
  }

  deinit {
    EVP_MAC_CTX_free(context)
  }

  /// Adds bytes to the message.
  package borrowing func update(_ bytes: [UInt8]) throws(CryptoError) {
    guard EVP_MAC_update(context, bytes, bytes.count) == 1 else { throw .failed("EVP_MAC_update") }
  }

  /// Ends the message and returns its 32-byte code.
  package consuming func finish() throws(CryptoError) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Self.byteCount)
    var count = 0
    guard EVP_MAC_final(context, &code, &count, code.count) == 1, count == code.count else {
      throw .failed("EVP_MAC_final")
    }
    return code
  }

  /// The 32-byte code of one message.
  package static func code(for message: [UInt8], key: SecretKey) throws(CryptoError) -> [UInt8] {
    let mac = try HMACSHA256(key: key)
    try mac.update(message)
    return try mac.finish()
  }

  /// The same under a key of any length except 0, for protocols that derive keys step by step. The caller
  /// answers for what becomes of the key's bytes.
  package static func code(
    for message: [UInt8], keyBytes: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try keyBytes.withBytes { (key) throws(CryptoError) in
      let mac = try HMACSHA256(keyBytes: key)
      try mac.update(message)
      return try mac.finish()
    }
  }
}

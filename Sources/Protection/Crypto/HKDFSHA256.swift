// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// HKDF with HMAC-SHA-256 (RFC 5869).
package enum HKDFSHA256 {
  /// RFC 5869, section 2.3: 255 blocks of 32 bytes.
  package static let maximumByteCount = 255 * 32
  /// Longest `info` and `salt` taken here, in bytes; OpenSSL 3.0 itself stops at 2048 for `info`.
  package static let maximumInfoByteCount = 1024

  /// RFC 5869, section 2.2: the 32-byte pseudorandom key of input that need not be uniform.
  ///
  /// An empty `salt` stands for 32 zero bytes. Keys made by `SecretKey.generate()` are uniform
  /// already and go straight to `expand`.
  package static func extract(
    salt: [UInt8], inputKeyMaterial: UnsafeRawBufferPointer
  ) throws(CryptoError) -> SecretKey {
    try SecretKey { (output) throws(CryptoError) in
      try derive(.extract, key: inputKeyMaterial, context: salt, into: output)
    }
  }

  /// RFC 5869, section 2.3: the 256-bit key named by `info`.
  package static func expand(_ key: SecretKey, info: [UInt8]) throws(CryptoError) -> SecretKey {
    try SecretKey { (output) throws(CryptoError) in
      try expand(key, info: info, into: output)
    }
  }

  /// RFC 5869, section 2.3: `byteCount` (1 to 8160) bytes that may be shown, such as a fingerprint.
  package static func expand(
    _ key: SecretKey, info: [UInt8], byteCount: Int
  ) throws(CryptoError) -> [UInt8] {
    guard (1...maximumByteCount).contains(byteCount) else { throw .lengthRefused }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    try bytes.withMutableBytes { (output) throws(CryptoError) in
      try expand(key, info: info, into: output)
    }
    return bytes
  }

  private static func expand(
    _ key: SecretKey, info: [UInt8], into output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    try key.withUnsafeBytes { (bytes) throws(CryptoError) in
      try derive(.expand, key: bytes, context: info, into: output)
    }
  }

  private enum Mode: Int32 {
    case extract = 1
    case expand = 2

    var contextName: UnsafePointer<CChar> {
      self == .extract ? ParameterText.salt.pointer : ParameterText.info.pointer
    }
  }

  private static func derive(
    _ mode: Mode, key: UnsafeRawBufferPointer, context: [UInt8],
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    guard !key.isEmpty, context.count <= maximumInfoByteCount else { throw .lengthRefused }
    let method = try FetchedAlgorithms.hkdf.get()
    guard let kdf = EVP_KDF_CTX_new(method) else { throw .failed("EVP_KDF_CTX_new") }
    defer { EVP_KDF_CTX_free(kdf) }
    var modeValue = mode.rawValue
    var context = context
    let start = output.bytePointer
    // OSSL_PARAM wants mutable pointers although EVP_KDF_derive only reads through them.
    let result = withUnsafeMutablePointer(to: &modeValue) { modePointer in
      context.withUnsafeMutableBytes { contextBytes in
        let digest = UnsafeMutablePointer(mutating: ParameterText.sha256.pointer)
        let secret = UnsafeMutableRawPointer(mutating: key.baseAddress)
        let parameters = [
          OSSL_PARAM_construct_utf8_string(ParameterText.digest.pointer, digest, 0),
          OSSL_PARAM_construct_int(ParameterText.mode.pointer, modePointer),
          OSSL_PARAM_construct_octet_string(ParameterText.key.pointer, secret, key.count),
          OSSL_PARAM_construct_octet_string(
            mode.contextName, contextBytes.baseAddress, contextBytes.count),
          OSSL_PARAM_construct_end(),
        ]
        return EVP_KDF_derive(kdf, start, output.count, parameters)
      }
    }
    guard result == 1 else { throw .failed("EVP_KDF_derive") }
  }
}

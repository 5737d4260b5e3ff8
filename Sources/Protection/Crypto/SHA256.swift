// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
  /// The size of a digest in bytes.
  package static let byteCount = 32

  /// The 32-byte digest of `bytes`.
  package static func hash(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    let method = try FetchedAlgorithms.sha256.get()
    guard EVP_Digest(bytes, bytes.count, &digest, nil, method, nil) == 1 else {
      throw .failed("EVP_Digest")
    }
    return digest
  }

  /// The 32-byte digest of the parts put one after the other, without copying them together.
  ///
  /// Where one part ends is not part of the hash: the caller's encoding must be unambiguous.
  package static func hash(concatenating parts: [[UInt8]]) throws(CryptoError) -> [UInt8] {
    let digest = try RunningSHA256()
    for part in parts { try digest.update(part) }
    return try digest.finish()
  }
}

/// A SHA-256 over bytes that come piece by piece; the single owner of its context.
package final class RunningSHA256 {
  private let context: OpaquePointer

  /// Of no bytes yet.
  package init() throws(CryptoError) {
    let method = try FetchedAlgorithms.sha256.get()
    guard let context = EVP_MD_CTX_new() else { throw .failed("EVP_MD_CTX_new") }
    guard EVP_DigestInit_ex2(context, method, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw .failed("EVP_DigestInit_ex2")
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes; not after `finish`.
  package func update(_ bytes: [UInt8]) throws(CryptoError) {
    guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else {
      throw .failed("EVP_DigestUpdate")
    }
  }

  /// The 32-byte digest of all bytes; once.
  package func finish() throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
      throw .failed("EVP_DigestFinal_ex")
    }
    return digest
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// Random bytes from OpenSSL's generators (SP 800-90A, seeded by the kernel).
///
/// Nothing is buffered here: a buffer would repeat its bytes in a forked process.
package enum SecureRandom {
  /// The largest request in bytes, far above any use here.
  package static let maximumByteCount = 1 << 20

  /// `count` random bytes, 0 to `maximumByteCount`.
  ///
  /// - Throws: `CryptoError.lengthRefused` outside that range, `.openSSL` when the generator fails.
  package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    guard (0...maximumByteCount).contains(count) else { throw .lengthRefused }
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .failed("RAND_bytes") }
    return bytes
  }

  /// Fills key memory from the generator that OpenSSL keeps apart for secrets.
  static func fillSecret(_ buffer: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    guard buffer.count <= maximumByteCount else { throw .lengthRefused }
    let start = buffer.bytePointer
    guard RAND_priv_bytes(start, Int32(buffer.count)) == 1 else { throw .failed("RAND_priv_bytes") }
  }
}

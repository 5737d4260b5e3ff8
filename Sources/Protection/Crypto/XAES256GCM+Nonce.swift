// Hansard
// SPDX-License-Identifier: Apache-2.0

extension XAES256GCM {
  /// A nonce for one sealing; the only way to get one is at random.
  struct Nonce {
    /// 24 bytes.
    let bytes: [UInt8]

    init() throws(CryptoError) {
      bytes = try SecureRandom.bytes(XAES256GCM.nonceByteCount)
    }
  }
}

#if DEBUG
extension XAES256GCM.Nonce {
  /// The nonce of a published or fixed test vector.
  ///
  /// Known answers need it and nothing else may: it is not compiled into release builds.
  init(knownAnswer bytes: [UInt8]) throws(CryptoError) {
    guard bytes.count == XAES256GCM.nonceByteCount else { throw .lengthRefused }
    self.bytes = bytes
  }
}
#endif

// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// XAES-256-GCM (https://c2sp.org/XAES-256-GCM): authenticated encryption under one 256-bit key
/// with a random 192-bit nonce per message.
///
/// Shape of a sealed message: `nonce (24) ‖ ciphertext (as long as the plaintext) ‖ tag (16)`.
///
/// Each message has its own AES-256-GCM key, derived from the first half of the nonce:
/// ```
/// L     = AES-256(K, 0^128)
/// K1    = L << 1, and ⊕ 0x87 in the last byte if the top bit of L was set     (SP 800-38B, 6.1)
/// Kx    = AES-256(K, K1 ⊕ 00 01 58 00 ‖ N[0..<12]) ‖ AES-256(K, K1 ⊕ 00 02 58 00 ‖ N[0..<12])
/// (C,T) = AES-256-GCM(Kx, iv: N[12..<24])
/// ```
/// 2^80 messages per key have a chance of 2^-32 to repeat a nonce, so nothing has to be counted;
/// a counter would repeat after a rolled-back transaction or a restored backup. Like GCM it does
/// not commit to its key: see `DataKey.commitment`.
package struct XAES256GCM: Sendable {
  /// Bytes of the nonce in front.
  package static let nonceByteCount = 24
  /// Bytes of the tag behind.
  package static let tagByteCount = 16
  /// What a sealed message is longer than its plaintext.
  package static let overhead = nonceByteCount + tagByteCount
  /// The longest plaintext and associated data in bytes: 1 GiB.
  package static let maximumByteCount = 1 << 30

  private let key: SecretKey
  /// Both CMAC input blocks with a zero nonce: `K1 ⊕ 00015800… ‖ K1 ⊕ 00025800…`. Secret, as K1.
  private let blocks: SecretKey

  /// Prepares what all messages under `key` share.
  package init(key: SecretKey) throws(CryptoError) {
    self.key = key
    blocks = try Self.makeBlocks(key: key)
  }

  /// Seals `plaintext` (which may be empty) under a fresh random nonce.
  ///
  /// - Throws: `CryptoError.lengthRefused` beyond `maximumByteCount`, `.openSSL`, `.outOfMemory`.
  package func seal(
    _ plaintext: [UInt8], authenticating associatedData: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try seal(plaintext, authenticating: associatedData, nonce: Nonce())
  }

  /// Opens a sealed message.
  ///
  /// - Throws: `CryptoError.authenticationFailed` for a wrong key, wrong associated data, altered
  ///   or too short bytes, without telling which.
  package func open(
    _ sealed: [UInt8], authenticating associatedData: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    guard sealed.count >= Self.overhead else { throw .authenticationFailed }
    var plaintext = [UInt8](repeating: 0, count: sealed.count - Self.overhead)
    try plaintext.withMutableBytes { (output) throws(CryptoError) in
      try sealed.withBytes { (input) throws(CryptoError) in
        try open(input, authenticating: associatedData, into: output)
      }
    }
    return plaintext
  }

  /// Seals a key; the result has 72 bytes.
  func seal(
    _ secret: SecretKey, authenticating associatedData: [UInt8], nonce: Nonce
  ) throws(CryptoError) -> [UInt8] {
    try secret.withUnsafeBytes { (bytes) throws(CryptoError) in
      try seal(bytes, authenticating: associatedData, nonce: nonce)
    }
  }

  /// Opens a sealed key straight into locked memory.
  func openKey(
    _ sealed: [UInt8], authenticating associatedData: [UInt8]
  ) throws(CryptoError) -> SecretKey {
    guard sealed.count == SecretKey.byteCount + Self.overhead else { throw .authenticationFailed }
    return try SecretKey { (output) throws(CryptoError) in
      try sealed.withBytes { (input) throws(CryptoError) in
        try open(input, authenticating: associatedData, into: output)
      }
    }
  }

  func seal(
    _ plaintext: [UInt8], authenticating associatedData: [UInt8], nonce: Nonce
  ) throws(CryptoError) -> [UInt8] {
    try plaintext.withBytes { (bytes) throws(CryptoError) in
      try seal(bytes, authenticating: associatedData, nonce: nonce)
    }
  }

  // MARK: - The algorithm

  private func seal(
    _ plaintext: UnsafeRawBufferPointer, authenticating associatedData: [UInt8], nonce: Nonce
  ) throws(CryptoError) -> [UInt8] {
    guard plaintext.count <= Self.maximumByteCount else { throw .lengthRefused }
    var sealed = nonce.bytes
    sealed.reserveCapacity(plaintext.count + Self.overhead)
    sealed.append(contentsOf: repeatElement(0, count: plaintext.count + Self.tagByteCount))
    try sealed.withMutableBytes { (output) throws(CryptoError) in
      let parts = SealedParts(UnsafeRawBufferPointer(output))
      let (text, tag) = (output[parts.text], output[parts.tag])
      let context = try context(.encrypt, for: parts, of: UnsafeRawBufferPointer(output))
      try context.authenticate(associatedData)
      try context.transform(plaintext, into: UnsafeMutableRawBufferPointer(rebasing: text))
      try context.finish(tag: UnsafeMutableRawBufferPointer(rebasing: tag))
    }
    return sealed
  }

  /// `output` is wiped unless the tag fits: unauthenticated plaintext never leaves this function.
  private func open(
    _ sealed: UnsafeRawBufferPointer, authenticating associatedData: [UInt8],
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    let parts = SealedParts(sealed)
    do {
      let context = try context(.decrypt, for: parts, of: sealed)
      try context.authenticate(associatedData)
      try context.transform(UnsafeRawBufferPointer(rebasing: sealed[parts.text]), into: output)
      try context.verify(tag: UnsafeRawBufferPointer(rebasing: sealed[parts.tag]))
    } catch {
      OPENSSL_cleanse(output.baseAddress, output.count)
      throw error
    }
  }

  private func context(
    _ direction: CipherContext.Direction, for parts: SealedParts, of sealed: UnsafeRawBufferPointer
  ) throws(CryptoError) -> CipherContext {
    let subkey = try subkey(for: UnsafeRawBufferPointer(rebasing: sealed[parts.subkeyNonce]))
    let iv = UnsafeRawBufferPointer(rebasing: sealed[parts.iv])
    return try CipherContext(FetchedAlgorithms.aes256GCM, direction, key: subkey, iv: iv)
  }

  /// Kx of the formula above, for the first 12 bytes of the nonce.
  func subkey(for nonce: UnsafeRawBufferPointer) throws(CryptoError) -> SecretKey {
    let context = try CipherContext(FetchedAlgorithms.aes256ECB, .encrypt, key: key, iv: nil)
    return try SecretKey { (output) throws(CryptoError) in
      blocks.withUnsafeBytes { output.copyMemory(from: $0) }
      for (index, byte) in nonce.enumerated() {
        output[4 + index] ^= byte
        output[20 + index] ^= byte
      }
      try context.transform(UnsafeRawBufferPointer(output), into: output)
    }
  }

  private static func makeBlocks(key: SecretKey) throws(CryptoError) -> SecretKey {
    let context = try CipherContext(FetchedAlgorithms.aes256ECB, .encrypt, key: key, iv: nil)
    return try SecretKey { (output) throws(CryptoError) in
      // Both halves are zero, so both become L.
      output.initializeMemory(as: UInt8.self, repeating: 0)
      try context.transform(UnsafeRawBufferPointer(output), into: output)
      doubleInField(UnsafeMutableRawBufferPointer(rebasing: output[0..<16]))
      doubleInField(UnsafeMutableRawBufferPointer(rebasing: output[16..<32]))
      output[1] ^= 0x01
      output[2] ^= 0x58
      output[17] ^= 0x02
      output[18] ^= 0x58
    }
  }

  /// L to K1: times two in GF(2^128), without a branch on the secret top bit.
  private static func doubleInField(_ block: UnsafeMutableRawBufferPointer) {
    var carry = (block[0] >> 7) &* 0x87
    for index in block.indices.reversed() {
      let byte = block[index]
      block[index] = (byte << 1) ^ carry
      carry = byte >> 7
    }
  }
}

/// Where the parts of a sealed message lie. Made only for at least `XAES256GCM.overhead` bytes.
private struct SealedParts {
  let subkeyNonce = 0..<12
  let iv = 12..<XAES256GCM.nonceByteCount
  let text: Range<Int>
  let tag: Range<Int>

  init(_ sealed: UnsafeRawBufferPointer) {
    let end = max(sealed.count - XAES256GCM.tagByteCount, XAES256GCM.nonceByteCount)
    text = XAES256GCM.nonceByteCount..<end
    tag = end..<sealed.count
  }
}

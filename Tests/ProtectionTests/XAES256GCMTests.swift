// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto
import Testing

@testable import Protection

@Suite struct XAES256GCMTests {
  struct Vector: Sendable {
    let key: UInt8
    let (associatedData, subkey, sealed): (String, String, String)
  }

  static let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
  static let plaintext = Array("XAES-256-GCM".utf8)

  /// https://c2sp.org/XAES-256-GCM, "Test vectors": the top bit of L clear, then set.
  static let vectors = [
    Vector(
      key: 0x01, associatedData: "",
      subkey: "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b",
      sealed: "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
    Vector(
      key: 0x03, associatedData: "c2sp.org/XAES-256-GCM",
      subkey: "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8",
      sealed: "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
  ]

  @Test(arguments: vectors)
  func answersAsPublished(vector: Vector) throws {
    let cipher = try cipher(bytes(vector.key, 32))
    let data = Array(vector.associatedData.utf8)
    let subkey = try Self.nonce.withBytes { (nonce) throws(CryptoError) in
      try cipher.subkey(for: UnsafeRawBufferPointer(rebasing: nonce[..<12]))
    }
    #expect(subkey.withUnsafeBytes { Array($0) } == hex(vector.subkey))
    let sealed = try cipher.seal(
      Self.plaintext, authenticating: data, nonce: .init(knownAnswer: Self.nonce))
    #expect(sealed == Self.nonce + hex(vector.sealed))
    #expect(try cipher.open(sealed, authenticating: data) == Self.plaintext)
  }

  /// The specification's "accumulated randomized tests", 10,000 iterations: keys, nonces, texts and
  /// associated data of 0 to 255 bytes from SHAKE-128, the ciphertexts hashed with SHAKE-128.
  @Test func answersAsPublishedFor10000RandomMessages() throws {
    var stream = try shake128([], byteCount: 10_000 * (32 + 24 + 1 + 255 + 1 + 255))[...]
    #expect(Array(stream.prefix(16)) == hex("7f9c2ba4e88f827d616045507605853e"))
    var ciphertexts: [UInt8] = []
    for _ in 0..<10_000 {
      let (key, nonce) = (take(32, from: &stream), take(24, from: &stream))
      let plaintext = take(Int(take(1, from: &stream)[0]), from: &stream)
      let data = take(Int(take(1, from: &stream)[0]), from: &stream)
      let cipher = try cipher(key)
      let sealed = try cipher.seal(
        plaintext, authenticating: data, nonce: .init(knownAnswer: nonce))
      #expect(try cipher.open(sealed, authenticating: data) == plaintext)
      ciphertexts.append(contentsOf: sealed.dropFirst(XAES256GCM.nonceByteCount))
    }
    let expected = hex("e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939")
    #expect(try shake128(ciphertexts, byteCount: 32) == expected)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1000, 262_144], [0, 1, 16, 70_000])
  func opensWhatItSealed(size: Int, dataSize: Int) throws {
    let cipher = try XAES256GCM(key: .generate())
    let (text, data) = (try SecureRandom.bytes(size), bytes(9, dataSize))
    let sealed = try cipher.seal(text, authenticating: data)
    #expect(sealed.count == size + XAES256GCM.overhead)
    #expect(try cipher.open(sealed, authenticating: data) == text)
  }

  @Test(arguments: [0, 1, 33])
  func refusesEveryFlippedBit(size: Int) throws {
    let cipher = try XAES256GCM(key: .generate())
    let sealed = try cipher.seal(bytes(7, size), authenticating: [1, 2, 3])
    for bit in 0..<sealed.count * 8 {
      var altered = sealed
      altered[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: CryptoError.authenticationFailed) {
        try cipher.open(altered, authenticating: [1, 2, 3])
      }
    }
  }

  @Test func refusesOtherLengthsKeysAndAssociatedData() throws {
    let cipher = try XAES256GCM(key: .generate())
    let sealed = try cipher.seal(bytes(7, 20), authenticating: [1, 2, 3])
    for count in 0..<sealed.count {
      #expect(throws: CryptoError.authenticationFailed) {
        try cipher.open(Array(sealed[..<count]), authenticating: [1, 2, 3])
      }
    }
    for data in [[], [1, 2], [1, 2, 3, 0], [0, 1, 2, 3], [1, 2, 4]] as [[UInt8]] {
      #expect(throws: CryptoError.authenticationFailed) {
        try cipher.open(sealed, authenticating: data)
      }
    }
    let other = try XAES256GCM(key: .generate())
    #expect(throws: CryptoError.authenticationFailed) {
      try other.open(sealed, authenticating: [1, 2, 3])
    }
    #expect(try cipher.open(sealed, authenticating: [1, 2, 3]) == bytes(7, 20))
  }

  @Test func refusesLengthsThatItDoesNotTake() {
    #expect(throws: Never.self) { try CipherContext.length(XAES256GCM.maximumByteCount) }
    for count in [XAES256GCM.maximumByteCount + 1, Int(Int32.max) + 1, Int.max, -Int.max] {
      #expect(throws: CryptoError.lengthRefused) { try CipherContext.length(count) }
    }
  }

  @Test func neverRepeatsANonce() throws {
    let key = try DataKey.generate()
    let event = EventContext.sample
    var nonces: Set<[UInt8]> = []
    for _ in 0..<100_000 {
      nonces.insert(Array(try key.seal([1], as: event).prefix(XAES256GCM.nonceByteCount)))
    }
    #expect(nonces.count == 100_000)
    let first = try #require(nonces.first)
    #expect(!nonces.insert(first).inserted, "the control: a repeated nonce would be seen")
  }

  private func cipher(_ key: [UInt8]) throws -> XAES256GCM {
    try XAES256GCM(
      key: key.withBytes { (bytes) throws(CryptoError) in try SecretKey(copying: bytes) })
  }
}

private func take(_ count: Int, from stream: inout ArraySlice<UInt8>) -> [UInt8] {
  defer { stream = stream.dropFirst(count) }
  return Array(stream.prefix(count))
}

/// SHAKE-128 (FIPS 202) of `message`.
private func shake128(_ message: [UInt8], byteCount: Int) throws -> [UInt8] {
  var output = bytes(0, byteCount)
  let context = EVP_MD_CTX_new()
  defer { EVP_MD_CTX_free(context) }
  try #require(EVP_DigestInit_ex2(context, EVP_shake128(), nil) == 1)
  try #require(EVP_DigestUpdate(context, message, message.count) == 1)
  try #require(EVP_DigestFinalXOF(context, &output, byteCount) == 1)
  return output
}

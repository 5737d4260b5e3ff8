// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Protection

/// Why `DataKey.commitment` exists: a payload made to open under two keys, by whoever knows both.
@Suite struct KeyCommitmentTests {
  @Test func refusesTheSecondKeyOfAPayloadThatOpensUnderTwo() throws {
    let (first, second) = (try DataKey.generate(), try DataKey.generate())
    let forged = try payloadForBoth(first, second, as: .sample)

    // The control: without the commitment the cipher itself is content with either key.
    let (one, other) = (
      try first.open(forged, as: .sample), try second.open(forged, as: .sample)
    )
    #expect(one != other)

    let tenantKey = try TenantKey.generate()
    let wrapped = try tenantKey.wrap(second, tenant: Sample.tenant, recording: Sample.recording)
    #expect(throws: EnvelopeError.commitmentMismatch) {
      try tenantKey.unwrapDataKey(
        wrapped, commitment: first.commitment, tenant: Sample.tenant, recording: Sample.recording)
    }
  }

  /// With one ciphertext block X the tag is linear in X:
  /// `tag = S·H² ⊕ X·H² ⊕ lengths·H ⊕ mask`, S the GHASH state after the associated data; so the
  /// X for which both keys give one tag is the solution of a linear equation over GF(2^128).
  private func payloadForBoth(
    _ first: DataKey, _ second: DataKey, as event: EventContext
  ) throws -> [UInt8] {
    let nonce = try SecureRandom.bytes(XAES256GCM.nonceByteCount)
    let data = try event.associatedData
    let one = try BlockKey(first, nonce: nonce, associatedData: data)
    let other = try BlockKey(second, nonce: nonce, associatedData: data)
    let factor = one.square + other.square
    let block = (one.constant + other.constant) * factor.inverse
    #expect(one.tag(of: block) == other.tag(of: block))
    return nonce + block.bytes + one.tag(of: block).bytes
  }
}

/// What GCM computes a tag with, for one key, nonce and associated data and one ciphertext block.
private struct BlockKey {
  let square: FieldElement
  let constant: FieldElement

  init(_ key: DataKey, nonce: [UInt8], associatedData: [UInt8]) throws {
    let cipher = try XAES256GCM(key: KeyPurpose.dataEncryption.key(from: key.secret))
    let subkey = try nonce.withBytes { (nonce) throws(CryptoError) in
      try cipher.subkey(for: UnsafeRawBufferPointer(rebasing: nonce[..<12]))
    }
    let hash = try Self.encrypt(bytes(0, 16), under: subkey)
    let mask = try Self.encrypt(Array(nonce[12...]) + [0, 0, 0, 1], under: subkey)
    var state = FieldElement.zero
    for start in stride(from: 0, to: associatedData.count, by: 16) {
      let block = associatedData[start...].prefix(16)
      state = (state + FieldElement(block + bytes(0, 16 - block.count))) * hash
    }
    let lengths = FieldElement(high: UInt64(associatedData.count * 8), low: 128)
    square = hash * hash
    constant = state * square + lengths * hash + mask
  }

  func tag(of block: FieldElement) -> FieldElement {
    block * square + constant
  }

  private static func encrypt(_ block: [UInt8], under key: SecretKey) throws -> FieldElement {
    let context = try CipherContext(FetchedAlgorithms.aes256ECB, .encrypt, key: key, iv: nil)
    var output = bytes(0, 16)
    try output.withMutableBytes { (output) throws(CryptoError) in
      try block.withBytes { (input) throws(CryptoError) in
        try context.transform(input, into: output)
      }
    }
    return FieldElement(output[...])
  }
}

/// GF(2^128) as GCM writes it (SP 800-38D, 6.3): the first bit is the coefficient of x^0.
private struct FieldElement: Equatable {
  var high: UInt64
  var low: UInt64

  static let zero = FieldElement(high: 0, low: 0)
  static let one = FieldElement(high: 1 << 63, low: 0)

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(_ bytes: some Collection<UInt8>) {
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  var bytes: [UInt8] {
    [high, low].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }

  /// `self^(2^128 - 2)`.
  var inverse: FieldElement {
    var (result, power) = (FieldElement.one, self)
    for _ in 1..<128 {
      power = power * power
      result = result * power
    }
    return result
  }

  static func + (left: FieldElement, right: FieldElement) -> FieldElement {
    FieldElement(high: left.high ^ right.high, low: left.low ^ right.low)
  }

  static func * (left: FieldElement, right: FieldElement) -> FieldElement {
    var (result, shifted) = (FieldElement.zero, right)
    for bit in 0..<128 {
      let word = bit < 64 ? left.high : left.low
      if word >> UInt64(63 - bit % 64) & 1 == 1 { result = result + shifted }
      let carry = shifted.low & 1
      shifted.low = shifted.low >> 1 | shifted.high << 63
      shifted.high = shifted.high >> 1 ^ (carry == 1 ? 0xE1 << 56 : 0)
    }
    return result
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Protection

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples: empty, one block, two blocks, a million bytes.
  @Test(arguments: [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      [UInt8](repeating: 0x61, count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func answersAsPublished(message: [UInt8], digest: String) throws {
    #expect(try SHA256.hash(message) == hex(digest))
  }

  @Test func hashesPartsLikeTheirConcatenation() throws {
    let message = [UInt8](0...255)
    for cut in [0, 1, 55, 64, 255, 256] {
      let parts = [Array(message[..<cut]), [], Array(message[cut...])]
      #expect(try SHA256.hash(concatenating: parts) == SHA256.hash(message))
    }
    #expect(try SHA256.hash(concatenating: []) == SHA256.hash([]))
  }
}

@Suite struct HMACSHA256Tests {
  /// RFC 4231, cases 1 to 4, 6 and 7 (case 5 is about truncation, which is not offered).
  @Test(arguments: [
    (
      bytes(0x0b, 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      bytes(0xaa, 20), bytes(0xdd, 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](1...25), bytes(0xcd, 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      bytes(0xaa, 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      bytes(0xaa, 131),
      Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ])
  func answersAsPublished(key: [UInt8], message: [UInt8], code: String) throws {
    let whole = try key.withBytes { (key) throws(CryptoError) in
      let mac = try HMACSHA256(keyBytes: key)
      try mac.update(message)
      return try mac.finish()
    }
    let piecewise = try key.withBytes { (key) throws(CryptoError) in
      let mac = try HMACSHA256(keyBytes: key)
      for byte in message { try mac.update([byte]) }
      return try mac.finish()
    }
    #expect(whole == hex(code))
    #expect(piecewise == hex(code))
  }

  @Test func refusesAnEmptyKey() {
    #expect(throws: CryptoError.lengthRefused) {
      _ = try [UInt8]().withBytes { (key) throws(CryptoError) in
        try HMACSHA256(keyBytes: key).finish()
      }
    }
  }
}

@Suite struct HKDFSHA256Tests {
  struct Vector: Sendable {
    let (input, salt, info): ([UInt8], [UInt8], [UInt8])
    let (key, output): (String, String)
  }

  /// RFC 5869, appendix A.1 to A.3.
  static let vectors = [
    Vector(
      input: bytes(0x0b, 22), salt: [UInt8](0...12), info: [UInt8](0xf0...0xf9),
      key: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
      output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        + "34007208d5b887185865"),
    Vector(
      input: [UInt8](0x00...0x4f), salt: [UInt8](0x60...0xaf), info: [UInt8](0xb0...0xff),
      key: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
      output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    Vector(
      input: bytes(0x0b, 22), salt: [], info: [],
      key: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
      output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        + "9d201395faa4b61a96c8"),
  ]

  @Test(arguments: vectors)
  func answersAsPublished(vector: Vector) throws {
    let key = try vector.input.withBytes { (input) throws(CryptoError) in
      try HKDFSHA256.extract(salt: vector.salt, inputKeyMaterial: input)
    }
    let output = hex(vector.output)
    #expect(key.withUnsafeBytes { Array($0) } == hex(vector.key))
    #expect(try HKDFSHA256.expand(key, info: vector.info, byteCount: output.count) == output)
    let derived = try HKDFSHA256.expand(key, info: vector.info)
    #expect(derived.withUnsafeBytes { Array($0) } == Array(output.prefix(32)))
  }

  @Test func refusesLengthsOutsideItsRange() throws {
    let key = try SecretKey.generate()
    for count in [Int.min, -1, 0, 8161, Int.max] {
      #expect(throws: CryptoError.lengthRefused) {
        try HKDFSHA256.expand(key, info: [], byteCount: count)
      }
    }
    #expect(try HKDFSHA256.expand(key, info: [], byteCount: 8160).count == 8160)
    #expect(try HKDFSHA256.expand(key, info: bytes(1, 1024), byteCount: 1).count == 1)
    #expect(throws: CryptoError.lengthRefused) {
      try HKDFSHA256.expand(key, info: bytes(1, 1025), byteCount: 1)
    }
    #expect(throws: CryptoError.lengthRefused) {
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      return try HKDFSHA256.extract(salt: [], inputKeyMaterial: nothing)
    }
  }
}

@Suite struct ConstantTimeTests {
  @Test func comparesWholeStrings() {
    let reference = [UInt8](0...31)
    #expect(constantTimeEqual(reference, Array(reference)))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual(reference, Array(reference.dropLast())))
    #expect(!constantTimeEqual(reference, []))
    for index in reference.indices {
      var other = reference
      other[index] ^= 0x80
      #expect(!constantTimeEqual(reference, other))
    }
  }
}

@Suite struct SecureRandomTests {
  @Test func givesAsManyBytesAsAskedFor() throws {
    for count in [0, 1, 24, 1 << 20] { #expect(try SecureRandom.bytes(count).count == count) }
    for count in [-1, Int.min, (1 << 20) + 1, Int.max] {
      #expect(throws: CryptoError.lengthRefused) { try SecureRandom.bytes(count) }
    }
  }

  @Test func givesOtherBytesEachTime() throws {
    let all = try (0..<1000).map { _ in try SecureRandom.bytes(16) }
    #expect(Set(all).count == all.count)
  }
}

@Suite struct OpenSSLErrorTests {
  @Test func takesTheQueueAndLeavesNothingBehind() {
    let absent = FetchedAlgorithms.Algorithm(nil)
    #expect(throws: CryptoError.openSSL(OpenSSLError(operation: "EVP_fetch", codes: []))) {
      try absent.get()
    }
    #expect(OpenSSLError.take(after: "again").codes.isEmpty)
  }

  @Test func describesOnlyTheOperationAndTheReason() {
    let error = OpenSSLError(operation: "EVP_CipherUpdate", codes: [])
    #expect(error.description == "EVP_CipherUpdate failed")
    #expect(CryptoError.openSSL(error).description == "EVP_CipherUpdate failed")
  }
}

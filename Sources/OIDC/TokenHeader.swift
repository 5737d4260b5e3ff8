// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// What the header of a token says about its signature (RFC 7515, section 4.1).
struct TokenHeader {
  /// The key that it says it was signed with.
  let key: KeyName

  /// The longest name of a key, in bytes.
  static let maximumKeyBytes = 255

  /// Parameters that bring a key or name a place to fetch it from, or that change what is signed.
  private static let refused = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "enc", "zip"]

  /// Reads and checks a header.
  init(_ bytes: [UInt8], acceptsPlainJWT: Bool) throws(TokenRefusal) {
    let header = try JSONDocument.tokenObject(bytes)
    for name in Self.refused where header[name] != nil { throw .header }
    let named = TokenAlgorithm.allCases.first { header["alg"].isText($0.rawValue) }
    guard let algorithm = named else { throw .algorithm }
    guard Self.isAccepted(header["typ"], acceptsPlainJWT) else { throw .type }
    guard let id = header["kid"]?.decodedBytes(), (1...Self.maximumKeyBytes).contains(id.count)
    else { throw .unnamedKey }
    key = KeyName(id: Array(id), algorithm: algorithm)
  }

  /// RFC 9068, section 2.1: `at+jwt`, so that no other kind of token passes for an access token. Media
  /// types are the same in either case, and `application/` may be left out.
  private static func isAccepted(_ type: JSONValue?, _ acceptsPlainJWT: Bool) -> Bool {
    guard let type else { return acceptsPlainJWT }
    guard let bytes = type.decodedBytes() else { return false }
    let name = String(decoding: bytes.map(lowercased), as: UTF8.self)
    return ["at+jwt", "application/at+jwt"].contains(name)
      || acceptsPlainJWT && ["jwt", "application/jwt"].contains(name)
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

/// What a key is found by: its id, and the one algorithm that it is for.
///
/// A token that names an algorithm its key is not for names no key at all: the header cannot choose how
/// a key is used.
struct KeyName: Sendable, Hashable {
  let id: [UInt8]
  let algorithm: TokenAlgorithm
}

extension JSONValue? {
  /// Whether it is there and is `text`, compared by bytes.
  func isText(_ text: String) -> Bool { self?.isText(text) ?? false }
}

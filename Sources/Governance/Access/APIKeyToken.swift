// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

/// The text of an API key: `hsd_<key id>_<secret>`.
///
/// The key id is 32 lower-case hexadecimal digits (a UUID without hyphens), the secret 43
/// characters of base64url without padding: 256 random bits. Only SHA-256 of the secret's text is
/// stored; a fast hash is right because the secret is random.
struct APIKeyToken: Sendable {
  let key: KeyID
  /// The secret as text.
  let secret: String

  /// Reads a token; nil unless it has exactly this form.
  init?(_ text: String) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "_"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].elementsEqual("hsd".utf8), parts[2].count == 43,
      parts[2].allSatisfy(Self.isBase64URL), let uuid = Self.uuid(hexadecimal: parts[1])
    else { return nil }
    key = KeyID(uuid)
    secret = String(decoding: parts[2], as: UTF8.self)
  }

  /// A new key with a new secret.
  static func make() throws -> APIKeyToken {
    let secret = Base64URL.encode(try SecureRandom.bytes(32))
    return APIKeyToken(key: .make(), secret: secret)
  }

  private init(key: KeyID, secret: String) {
    self.key = key
    self.secret = secret
  }

  /// What is shown once and never stored.
  var text: String { "hsd_\(key.description.filter { $0 != "-" })_\(secret)" }

  /// What is stored: 32 bytes.
  var secretHash: [UInt8] {
    get throws { try SHA256.hash(Array(secret.utf8)) }
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func uuid(hexadecimal digits: some Collection<UInt8>) -> UUID? {
    guard digits.allSatisfy(isLowerHexadecimal) else { return nil }
    return UUID(digits: digits, hyphens: false)
  }

  private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

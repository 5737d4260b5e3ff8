// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

/// A credential of ours as text: `<kind>_<id>_<secret>`.
///
/// The id is 32 lower-case hexadecimal digits (a UUID without hyphens), the secret 43 characters of
/// base64url without padding: 256 random bits. Only SHA-256 of the secret's text is stored; a fast hash is
/// right because the secret is random.
struct SecretText: Sendable {
  /// What stands in front.
  enum Kind: String, Sendable {
    case apiKey = "hsd"
    case ticket = "hst"
  }

  let kind: Kind
  let id: UUID
  /// The secret as text.
  let secret: String

  /// Reads a text; nil unless it has exactly this form.
  init?(_ text: String, _ kind: Kind) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "_"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].elementsEqual(kind.rawValue.utf8), parts[2].count == 43,
      parts[2].allSatisfy(Self.isBase64URL), let id = Self.uuid(hexadecimal: parts[1])
    else { return nil }
    self.kind = kind
    self.id = id
    secret = String(decoding: parts[2], as: UTF8.self)
  }

  /// A new secret for `id`.
  static func make(_ kind: Kind, id: UUID) throws -> SecretText {
    SecretText(kind, id, Base64URL.encode(try SecureRandom.bytes(32)))
  }

  private init(_ kind: Kind, _ id: UUID, _ secret: String) {
    self.kind = kind
    self.id = id
    self.secret = secret
  }

  /// What is shown once and never stored.
  var text: String {
    "\(kind.rawValue)_\(id.text.filter { $0 != "-" })_\(secret)"
  }

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

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// A signed token in its compact form (RFC 7515, section 7.1), taken apart: nothing in it is to be
/// believed before its signature has been checked.
///
/// `base64url(header) . base64url(payload) . base64url(signature)`, all without padding.
struct CompactToken {
  /// The longest token, in bytes.
  static let maximumBytes = 8192

  let header: TokenHeader
  /// The bytes of a JSON text, not looked at yet.
  let payload: [UInt8]
  let signature: [UInt8]
  /// The bytes that were signed: the first two parts as they were sent, and the dot between them.
  let signedBytes: [UInt8]

  /// Takes `text` apart and checks its header.
  init(_ text: String, acceptsPlainJWT: Bool) throws(TokenRefusal) {
    guard text.utf8.count <= Self.maximumBytes else { throw .malformed }
    let bytes = Array(text.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed }
    header = try TokenHeader(try Self.decoded(parts[0]), acceptsPlainJWT: acceptsPlainJWT)
    payload = try Self.decoded(parts[1])
    signature = try Self.decoded(parts[2])
    signedBytes = Array(bytes[..<(parts[2].startIndex - 1)])
  }

  private static func decoded(_ part: ArraySlice<UInt8>) throws(TokenRefusal) -> [UInt8] {
    let text = String(decoding: part, as: UTF8.self)
    guard !part.isEmpty, let bytes = Base64URL.decode(text) else { throw .malformed }
    return bytes
  }
}

extension JSONDocument {
  /// What a token may hold: small, flat, and no name twice.
  private static let limits = JSONLimits(
    depth: 16, stringBytes: CompactToken.maximumBytes, numberBytes: 32, keys: 512)

  /// The object that a part of a token is.
  static func tokenObject(_ bytes: [UInt8]) throws(TokenRefusal) -> JSONValue {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes, limits: limits).root
    } catch {
      throw .malformed
    }
    guard root.kind == .object else { throw .malformed }
    return root
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A token as it is put together: every part can be wrong on purpose.
package struct TokenText: Sendable {
  /// Members in order, values in JSON.
  package var header: [(name: String, json: String)]
  package var claims: [(name: String, json: String)]

  /// A token that is right, for `key`, with these claims beside `exp` and `iat`.
  package init(_ key: SigningKey, at now: Int, _ claims: [(name: String, json: String)]) {
    header = [
      ("alg", "\"\(key.kind.rawValue)\""), ("typ", "\"at+jwt\""), ("kid", "\"\(key.id)\""),
    ]
    self.claims = [("iat", "\(now)"), ("exp", "\(now + 600)")] + claims
  }

  /// The same with a member of the header replaced, added, or with nil taken away.
  package func header(_ name: String, _ json: String?) -> TokenText {
    var copy = self
    copy.header.removeAll { $0.name == name }
    if let json { copy.header.append((name, json)) }
    return copy
  }

  /// The same with a claim replaced, added, or with nil taken away.
  package func claim(_ name: String, _ json: String?) -> TokenText {
    var copy = self
    copy.claims.removeAll { $0.name == name }
    if let json { copy.claims.append((name, json)) }
    return copy
  }

  /// What is signed: `base64url(header) . base64url(payload)`.
  package var signed: String {
    [header, claims].map { Self.encode(Array(Self.object($0).utf8)) }.joined(separator: ".")
  }

  /// The whole token, signed with `key`.
  package func text(by key: SigningKey) throws -> String {
    "\(signed).\(Self.encode(try key.signature(of: Array(signed.utf8))))"
  }

  /// base64url without padding.
  package static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  private static func object(_ members: [(name: String, json: String)]) -> String {
    "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
  }
}

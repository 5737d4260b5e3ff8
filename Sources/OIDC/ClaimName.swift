// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Where a claim stands in a token: a name such as `sub`, or an RFC 6901 pointer such as
/// `/realm_access/roles` for one inside of others.
package struct ClaimName: Sendable, Hashable {
  /// The text that it was made of.
  package let text: String
  private let path: [String]

  /// Reads a name or pointer of 1 to 255 bytes; nil for anything else.
  package init?(_ text: String) {
    guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.text = text
    guard text.utf8.first == UInt8(ascii: "/") else {
      path = [text]
      return
    }
    var path: [String] = []
    let steps = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for step in steps.dropFirst() {
      guard let name = Self.unescaped(step) else { return nil }
      path.append(name)
    }
    self.path = path
  }

  /// The claim in `claims`; nil where there is none.
  func find(in claims: JSONValue) -> JSONValue? {
    var value = claims
    for name in path {
      guard let next = value[name] else { return nil }
      value = next
    }
    return value
  }

  /// Whether it is the list of words that OAuth has for scopes (RFC 8693, section 4.2).
  var isScope: Bool { path == ["scope"] }

  /// `~1` stands for a slash and `~0` for the tilde; nil for any other tilde.
  private static func unescaped(_ step: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = step.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

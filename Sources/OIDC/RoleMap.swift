// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// Which role a value of the issuer's stands for.
package struct RoleMap: Sendable, Equatable {
  private let roles: [[UInt8]: Role]

  /// Each role by its own name.
  package static let standard = RoleMap(
    roles: Dictionary(uniqueKeysWithValues: Role.allCases.map { (Array($0.rawValue.utf8), $0) }))

  private init(roles: [[UInt8]: Role]) { self.roles = roles }

  /// Reads `value=role,value=role,…`; a value is visible text without a comma and stands once. Nil for
  /// anything else.
  package init?(_ text: String) {
    var roles: [[UInt8]: Role] = [:]
    for pair in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let equals = pair.lastIndex(of: UInt8(ascii: "=")) else { return nil }
      let word = String(decoding: pair[pair.index(after: equals)...], as: UTF8.self)
      guard let role = Role(rawValue: word) else { return nil }
      let value = Array(pair[..<equals])
      guard !value.isEmpty, value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
        roles.updateValue(role, forKey: value) == nil
      else { return nil }
    }
    self.roles = roles
  }

  /// The role of a claim: a text, or an array of texts of which those that mean nothing here are passed
  /// over. Of several roles it is the one that may see most: admin, auditor, reviewer, member, recorder.
  /// Nil where there is none, and for a claim of another form.
  func role(of claim: JSONValue, areWords: Bool) -> Role? {
    guard let values = Self.values(of: claim, areWords: areWords) else { return nil }
    let found = Set(values.compactMap { roles[Array($0)] })
    return Self.order.last { found.contains($0) }
  }

  /// From the one that sees least.
  private static let order: [Role] = [.recorder, .member, .reviewer, .auditor, .admin]

  private static func values(of claim: JSONValue, areWords: Bool) -> [ArraySlice<UInt8>]? {
    if let text = claim.decodedBytes() {
      return areWords ? text.split(separator: UInt8(ascii: " ")) : [text]
    }
    guard claim.kind == .array else { return nil }
    var values: [ArraySlice<UInt8>] = []
    for element in claim.elements {
      guard let text = element.decodedBytes() else { return nil }
      values.append(text)
    }
    return values
  }
}

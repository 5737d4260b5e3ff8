// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
package import Protection

/// What a tenant has redacted: everything built in but what it switched off, and its own rules.
package struct RedactionPolicy: Sendable {
  /// Counts from 1; 0 for a tenant that never set one, which has everything redacted.
  package let version: Int
  /// Names of families that are not redacted, in alphabetical order.
  package let switchedOff: [String]
  /// The tenant's own rules, in alphabetical order of their names.
  package let rules: [CustomSecret]
  /// When and by whom it was set; nil for version 0.
  package let setAt: Timestamp?
  package let setBy: String?

  /// The policy of a tenant that never set one.
  static let standard = RedactionPolicy(
    version: 0, switchedOff: [], rules: [], setAt: nil, setBy: nil)

  /// Ready for matching; takes a millisecond or two unless it is the standard policy.
  func compiled() -> RedactionRules {
    guard !switchedOff.isEmpty || !rules.isEmpty else { return .standard }
    return RedactionRules(switchedOff: Set(switchedOff), custom: rules)
  }
}

/// What an admin asks a policy to be.
package struct RedactionPolicyDraft: Sendable {
  package var switchedOff: [String]
  package var rules: [CustomSecret]

  /// The most rules of a tenant's own.
  package static let maximumRules = 100

  /// Creates a draft.
  package init(switchedOff: [String], rules: [CustomSecret]) {
    self.switchedOff = switchedOff
    self.rules = rules
  }

  /// Checks what only the whole can show, and puts it in order.
  ///
  /// - Parameter path: Where the draft stands in the body, for pointers.
  /// - Throws: `validationFailed` for a family that is not there, two rules of one name, too many.
  func checked(at path: String = "") throws(DomainError) -> RedactionPolicyDraft {
    let names = RedactionRules.families
    let known = Set(names.tokens + names.named + names.personal)
    for (index, name) in switchedOff.enumerated() where !known.contains(name) {
      throw .invalid("\(path)/switched_off/\(index)", "bad_value", "There is no such family.")
    }
    guard rules.count <= Self.maximumRules else {
      throw .invalid("\(path)/rules", "too_many", "There are more than \(Self.maximumRules) rules.")
    }
    var seen: Set<String> = []
    for (index, rule) in rules.enumerated() where !seen.insert(rule.name).inserted {
      throw .invalid("\(path)/rules/\(index)/name", "bad_value", "Another rule has this name.")
    }
    return RedactionPolicyDraft(
      switchedOff: Set(switchedOff).sorted(), rules: rules.sorted { $0.name < $1.name })
  }
}

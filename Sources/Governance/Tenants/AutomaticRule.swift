// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A rule of a tenant's about which actions of agents are recorded by themselves.
///
/// Each of its conditions must hold; a condition does where any of its entries fits.
package struct AutomaticRule: Sendable, Equatable {
  /// The agent's maturity is one of these; empty: any is.
  package var maturities: [Agent.Status]
  /// The action is one of these; empty: any is.
  package var actions: [ActionPattern]
  /// One of these tags is given with the action; empty: it does not matter.
  package var tags: [Tag]
  /// Whether what it fits is recorded.
  package var records: Bool

  /// Creates a rule.
  package init(
    maturities: [Agent.Status] = [], actions: [ActionPattern] = [], tags: [Tag] = [], records: Bool
  ) {
    self.maturities = maturities
    self.actions = actions
    self.tags = tags
    self.records = records
  }

  /// The most rules of a policy.
  package static let maximumCount = 100
  /// The most entries of one condition.
  package static let maximumEntries = 50

  /// An action by its whole name, or with `*` at the end by what its name begins with.
  package struct ActionPattern: Sendable, Equatable {
    /// As it was written.
    package let rawValue: String

    /// Checks `text`: like a tag, and without `*` but at its end.
    package init?(_ text: String) {
      guard Tag(text) != nil, !text.utf8.dropLast().contains(UInt8(ascii: "*")) else { return nil }
      rawValue = text
    }

    func fits(_ action: Tag) -> Bool {
      // By bytes: Swift takes canonically equivalent texts for equal.
      guard rawValue.utf8.last == UInt8(ascii: "*") else {
        return action.rawValue.utf8.elementsEqual(rawValue.utf8)
      }
      return action.rawValue.utf8.starts(with: rawValue.utf8.dropLast())
    }
  }

  func fits(_ maturity: Agent.Status, _ action: Tag, _ given: [Tag]) -> Bool {
    (maturities.isEmpty || maturities.contains(maturity))
      && (actions.isEmpty || actions.contains { $0.fits(action) })
      && (tags.isEmpty || tags.contains { tag in given.contains { $0.isSame(as: tag) } })
  }
}

extension Tag {
  fileprivate func isSame(as other: Tag) -> Bool {
    rawValue.utf8.elementsEqual(other.rawValue.utf8)
  }
}

/// The rules of the policy in force, in their order: the first one that fits decides.
struct AutomaticRules: Sendable, Equatable {
  /// The version of the policy; 0: there is none.
  var version: Int
  var rules: [AutomaticRule]

  /// What was decided, in words.
  struct Verdict: Sendable, Equatable {
    var records: Bool
    /// Where nothing is recorded, the whole decision; else what led to it.
    var words: String
    /// What decided, for the audit log; nil: that there is no rule for it.
    var rule: String?
  }

  func decide(_ maturity: Agent.Status, _ action: Tag, _ tags: [Tag]) -> Verdict {
    guard let index = rules.firstIndex(where: { $0.fits(maturity, action, tags) }) else {
      let lead = rules.isEmpty ? "" : "No rule of policy version \(version) fits. "
      return withoutRule(maturity, lead)
    }
    let rule = "rule \(index + 1) of policy version \(version)"
    let records = rules[index].records
    return Verdict(
      records: records,
      words: records ? "By \(rule)" : "By \(rule) this is not recorded.", rule: rule)
  }

  private func withoutRule(_ maturity: Agent.Status, _ lead: String) -> Verdict {
    guard maturity == .autonomous else {
      let words = "Only autonomous agents are recorded by themselves; this one is "
      return Verdict(records: false, words: "\(lead)\(words)\(maturity.rawValue).")
    }
    return Verdict(records: true, words: "\(lead)The agent is autonomous")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

extension ObjectReader {
  /// `automatic_recording?: [{maturity?, actions?, tags?, record}]`.
  mutating func automaticRules() -> [AutomaticRule] {
    let most = AutomaticRule.maximumEntries
    return objects(
      "automatic_recording", maximumCount: AutomaticRule.maximumCount,
      known: ["maturity", "actions", "tags", "record"]
    ) { reader in
      let maturities: [Agent.Status] = reader.condition("maturity", maximumCount: most, as: .word())
      let actions = reader.condition("actions", maximumCount: most, as: .actionPattern)
      let tags = reader.condition("tags", maximumCount: most, as: .tag)
      return reader.requiredTruth("record").map {
        AutomaticRule(maturities: maturities, actions: actions, tags: tags, records: $0)
      }
    }
  }
}

extension TextField where Value == AutomaticRule.ActionPattern {
  /// An action, or what actions begin with.
  fileprivate static var actionPattern: Self {
    let reason = "It must be an action without control characters, with * at its end alone."
    return Self(maximumBytes: Tag.maximumBytes, FieldFault(.badValue, reason)) {
      AutomaticRule.ActionPattern($0)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// A policy, with the families that there are to choose from.
  mutating func policy(_ policy: RedactionPolicy) {
    object { writer in
      writer.key("version")
      writer.int(policy.version)
      writer.member("switched_off", policy.switchedOff)
      writer.key("rules")
      writer.array { writer in
        for rule in policy.rules { writer.rule(rule) }
      }
      writer.member("set_at", policy.setAt)
      writer.member("set_by", policy.setBy)
      writer.key("families")
      writer.object { writer in
        let families = RedactionRules.families
        for (kind, names) in [
          ("tokens", families.tokens), ("named", families.named), ("personal", families.personal),
        ] {
          writer.member(kind, names)
        }
      }
    }
  }

  private mutating func rule(_ rule: CustomSecret) {
    object { writer in
      writer.member("name", rule.name)
      writer.member("position", rule.position.rawValue)
      writer.member("literal", rule.literal)
      writer.member("characters", rule.characters.rawValue)
      writer.key("minimum_length")
      writer.int(rule.length.lowerBound)
      writer.key("maximum_length")
      writer.int(rule.length.upperBound)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/redaction`: what a tenant has redacted.
struct RedactionRoutes: Sendable {
  static let prefix = "/api/governance/redaction"

  let policies: RedactionPolicies

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readRedaction, handler: find),
      Route(.put, Self.prefix, .manageRedaction, body: .command, handler: set),
      Route(.post, "\(Self.prefix)/try", .tryRedaction, body: .event, handler: attempt),
    ]
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let policy = try await policies.find(by: caller)
    return Reply { $0.policy(policy) }
  }

  private func set(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try RedactionBodies.draft(exchange.body)
    let policy = try await policies.set(draft, by: caller)
    return Reply { $0.policy(policy) }
  }

  /// `{sample, policy?}` to `{redacted, redactions}`; nothing is stored.
  private func attempt(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let body = try RedactionBodies.attempt(exchange.body)
    let redaction = try await policies.attempt(body.sample, under: body.draft, by: caller)
    return Reply { writer in
      writer.object { writer in
        writer.key("redacted")
        writer.raw(redaction.bytes)
        writer.key("redactions")
        writer.counts(redaction.counts)
      }
    }
  }
}

extension JSONWriter {
  /// A policy, with the families that there are to choose from.
  fileprivate mutating func policy(_ policy: RedactionPolicy) {
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

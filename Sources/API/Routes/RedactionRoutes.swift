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
    Self.shown(try await policies.find(by: caller))
  }

  /// `{switched_off?, rules?}`, whole; `If-Match` names the version that it replaces.
  private func set(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try RedactionBodies.draft(exchange.body)
    let version = try Self.tag.replaced(by: exchange)
    return Self.shown(try await policies.set(draft, replacing: version, by: caller))
  }

  private static let tag = VersionTag(name: "redaction")

  private static func shown(_ policy: RedactionPolicy) -> Reply {
    Reply(fields: [.eTag: tag.text(of: policy.version)]) { $0.policy(policy) }
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

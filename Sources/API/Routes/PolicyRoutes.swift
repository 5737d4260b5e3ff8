// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// The route `/api/governance/policy`: what a tenant has settled for all of its recordings.
struct PolicyRoutes: Sendable {
  static let prefix = "/api/governance/policy"

  let policies: TenantPolicies

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readPolicy, handler: find),
      Route(.put, Self.prefix, .managePolicy, body: .command, handler: set),
    ]
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    Self.shown(try await policies.find(by: caller))
  }

  /// `{retention_days?, review_sample_percent?, new_autonomy_reviews?, four_eyes?, rate_limits?, quotas?,
  /// automatic_recording?, recovery_alerts?}`, whole: what is not given is as if nothing had been settled.
  /// `If-Match` names the version that it replaces.
  private func set(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let terms = try PolicyDocument.terms(exchange.body)
    let version = try Self.tag.replaced(by: exchange)
    return Self.shown(try await policies.set(terms, replacing: version, by: caller))
  }

  private static let tag = VersionTag(name: "policy")

  private static func shown(_ policy: TenantPolicy) -> Reply {
    Reply(fields: [.eTag: tag.text(of: policy.version)]) { writer in
      writer.policy(policy)
    }
  }
}

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
  /// automatic_recording?}`, whole: what is not given is as if nothing had been settled. `If-Match` names
  /// the version that it replaces.
  private func set(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let terms = try PolicyDocument.terms(exchange.body)
    guard let tag = exchange.ifMatch else {
      throw Problem(.preconditionRequired, "If-Match names the version that is replaced.")
    }
    guard let version = Self.version(of: tag) else {
      throw Problem(.changedMeanwhile, "If-Match is not the ETag of the policy in force.")
    }
    return Self.shown(try await policies.set(terms, replacing: version, by: caller))
  }

  private static func tag(_ version: Int) -> String { "\"policy-\(version)\"" }

  /// The version that a tag of ours names.
  private static func version(of tag: String) -> Int? {
    let digits = tag.utf8.dropFirst(8).dropLast(1)
    guard let number = QueryReader.digits(String(decoding: Array(digits), as: UTF8.self)),
      let version = Int(exactly: number), Self.tag(version).utf8.elementsEqual(tag.utf8)
    else { return nil }
    return version
  }

  private static func shown(_ policy: TenantPolicy) -> Reply {
    Reply(fields: [.eTag: tag(policy.version)]) { writer in
      writer.policy(policy)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

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
    let root = try JSONDocument.request(exchange.body, limits: .command).root
    var reader = ObjectReader(root, known: Self.members)
    let days = reader.optionalCount("retention_days", 1...TenantPolicy.maximumRetentionDays)
    let sample = reader.optionalNumber("review_sample_percent", 0...100) ?? 0
    let newcomers = reader.optionalCount(
      "new_autonomy_reviews", 0...TenantPolicy.maximumNewAutonomyReviews)
    let fourEyes = reader.optionalTruth("four_eyes") ?? false
    let limits = reader.limits()
    let rules = reader.automaticRules()
    var terms = try reader.finish {
      TenantPolicy.Terms(
        retentionDays: days, reviewSamplePercent: sample, limits: limits, automaticRules: rules)
    }
    terms.fourEyes = fourEyes
    if let newcomers { terms.newAutonomyReviews = newcomers }
    guard let tag = exchange.ifMatch else {
      throw Problem(.preconditionRequired, "If-Match names the version that is replaced.")
    }
    guard let version = Self.version(of: tag) else {
      throw Problem(.changedMeanwhile, "If-Match is not the ETag of the policy in force.")
    }
    return Self.shown(try await policies.set(terms, replacing: version, by: caller))
  }

  private static let members = [
    "retention_days", "review_sample_percent", "new_autonomy_reviews", "four_eyes", "rate_limits",
    "quotas", "automatic_recording",
  ]

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
      writer.object { writer in
        writer.key("version")
        writer.int(policy.version)
        writer.key("retention_days")
        writer.int(policy.terms.retentionDays)
        writer.key("review_sample_percent")
        writer.double(policy.terms.reviewSamplePercent)
        writer.key("new_autonomy_reviews")
        writer.int(policy.terms.newAutonomyReviews)
        writer.key("four_eyes")
        writer.bool(policy.terms.fourEyes)
        writer.members(of: policy.terms.limits)
        writer.key("automatic_recording")
        writer.array { writer in
          for rule in policy.terms.automaticRules { rule.write(to: &writer) }
        }
        writer.member("set_at", policy.setAt)
        writer.member("set_by", policy.setBy)
      }
    }
  }
}

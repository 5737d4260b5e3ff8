// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// The routes under `/api/governance/policy`: what a tenant has settled for all of its recordings.
struct PolicyRoutes: Sendable {
  static let prefix = "/api/governance/policy"

  let policies: TenantPolicies

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readPolicy, handler: find),
      Route(.put, Self.prefix, .managePolicy, body: .command, handler: set),
      Route(
        .get, "\(Self.prefix)/retention-preview", .previewRetention,
        query: ["retention_days", "retention_profile"], handler: previewRetention),
      Route(
        .delete, "\(Self.prefix)/retention-change", .undoRetention, handler: undoRetention),
    ]
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    Self.shown(try await policies.find(by: caller))
  }

  /// What `PolicyDocument` reads, whole. `If-Match` names the version that it replaces.
  private func set(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let terms = try PolicyDocument.terms(exchange.body)
    let version = try Self.tag.replaced(by: exchange)
    return Self.shown(try await policies.set(terms, replacing: version, by: caller))
  }

  /// What would go, if a policy said so.
  private func previewRetention(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let days = query.read("retention_days", as: .retentionDays)
    let profile: RetentionProfile? = query.read("retention_profile", as: .word())
    if days == nil, query.violations.isEmpty {
      query.note("retention_days", .missingField, "It is required.")
    }
    try query.finish()
    guard let days else { throw Problem(.internalError, "No days, and nothing wrong with them.") }
    let preview = try await policies.previewRetention(days: days, profile: profile, by: caller)
    return Reply { $0.preview(preview) }
  }

  /// Until a shorter retention is in force.
  private func undoRetention(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    Self.shown(try await policies.undoRetention(by: caller))
  }

  private static let tag = VersionTag(name: "policy")

  private static func shown(_ policy: TenantPolicy) -> Reply {
    Reply(fields: [.eTag: tag.text(of: policy.version)]) { writer in
      writer.policy(policy)
    }
  }
}

extension TextField<Int> {
  /// Days, as a policy has them.
  fileprivate static var retentionDays: Self {
    let range = 1...TenantPolicy.maximumRetentionDays
    return TextField { text in
      guard let days = QueryReader.digits(text).flatMap({ Int(exactly: $0) }), range.contains(days)
      else {
        return .failure(
          FieldFault(
            .badValue, "It must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        )
      }
      return .success(days)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Tenants' policies: shown, and replaced version by version.
package struct TenantPolicies: Sendable {
  let gate: Gate
  let redactors: Redactors
  let limiter: Limiter

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors, limiter: Limiter) {
    self.gate = gate
    self.redactors = redactors
    self.limiter = limiter
  }

  /// The policy in force.
  package func find(by caller: Caller) async throws -> TenantPolicy {
    try await gate.perform(.readPolicy, by: caller) { transaction, _ in
      try await Self.current(of: caller.tenant, in: transaction)
    }
  }

  /// Sets the next version, which holds from now on: what is running keeps at least what it was given.
  /// Other instances follow its limits within seconds (`LimitWorker`).
  ///
  /// - Parameter version: The one that the caller has seen: another one in force is not overwritten.
  /// - Throws: `changedMeanwhile` where it is not in force any more; `secret_in_id` for rules that name a
  ///   token, which would stay in clear.
  package func set(
    _ terms: TenantPolicy.Terms, replacing version: Int, by caller: Caller
  ) async throws -> TenantPolicy {
    try await requireNoToken(in: terms.automaticRules, of: caller.tenant)
    let policy = try await gate.perform(.managePolicy, by: caller) { transaction, note in
      // A statement of its own: what is read next must see what the one before has committed.
      _ = try await transaction.execute(.lockTenantPolicy(of: caller.tenant))
      let before = try await Self.current(of: caller.tenant, in: transaction)
      note.amend { $0.details["version"] = "\(before.version)" }
      guard before.version == version else {
        throw DomainError(.changedMeanwhile, "The policy has been changed meanwhile.")
      }
      let results = try await transaction.pipeline([
        .insertTenantPolicy(terms, version + 1, of: caller.tenant, by: caller.principal.actor),
        .setRetention(days: terms.retentionDays, of: caller.tenant),
      ])
      guard let row = results.first?.first else { throw DomainError.unreadable }
      note.amend { $0.details = Self.changes(from: before.terms, to: terms, version + 1) }
      return TenantPolicy(
        version: version + 1, terms: terms, setAt: try row.decode(0),
        setBy: caller.principal.actor)
    }
    limiter.follow(policy, of: caller.tenant)
    return policy
  }

  private func requireNoToken(in rules: [AutomaticRule], of tenant: TenantID) async throws {
    guard !rules.isEmpty else { return }
    let texts = rules.enumerated().flatMap { index, rule in
      let place = "/automatic_recording/\(index)"
      return rule.actions.enumerated().map { ("\(place)/actions/\($0)", $1.rawValue) }
        + rule.tags.enumerated().map { ("\(place)/tags/\($0)", $1.rawValue) }
    }
    try await redactors.find(tenant).rules.requireNoToken(
      in: texts.map { (pointer: $0.0, id: $0.1) })
  }

  static func current(
    of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> TenantPolicy {
    guard let row = try await transaction.execute(.tenantPolicy(of: tenant)).first else {
      return .standard
    }
    return try TenantPolicy(row)
  }

  private static func changes(
    from before: TenantPolicy.Terms, to after: TenantPolicy.Terms, _ version: Int
  ) -> [String: String] {
    func days(_ terms: TenantPolicy.Terms) -> String {
      terms.retentionDays.map { "\($0)" } ?? "default"
    }
    return [
      "version": "\(version)", "retention_days_before": days(before),
      "retention_days_after": days(after),
      "review_sample_percent_before": "\(before.reviewSamplePercent)",
      "review_sample_percent_after": "\(after.reviewSamplePercent)",
      "new_autonomy_reviews_before": "\(before.newAutonomyReviews)",
      "new_autonomy_reviews_after": "\(after.newAutonomyReviews)",
      "four_eyes_before": "\(before.fourEyes)", "four_eyes_after": "\(after.fourEyes)",
      "limits_before": before.limits.words, "limits_after": after.limits.words,
      "automatic_recording_before": before.automaticRules.words,
      "automatic_recording_after": after.automaticRules.words,
      "recovery_alerts_before": before.recoveryAlerts.words,
      "recovery_alerts_after": after.recoveryAlerts.words,
    ]
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Tenants' policies: shown, and replaced version by version.
package struct TenantPolicies: Sendable {
  let gate: Gate
  let redactors: Redactors
  let limiter: Limiter
  /// Days that a deployment keeps recordings of tenants that say nothing.
  let standardDays: Int
  /// Whether the deployment has a place for archives.
  let hasArchive: Bool

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors, limiter: Limiter, standardDays: Int, hasArchive: Bool) {
    self.gate = gate
    self.hasArchive = hasArchive
    self.standardDays = standardDays
    self.redactors = redactors
    self.limiter = limiter
  }

  /// The policy in force.
  package func find(by caller: Caller) async throws -> TenantPolicy {
    try await gate.perform(.readPolicy, by: caller) { [self] transaction, _ in
      var policy = try await Self.current(of: caller.tenant, in: transaction)
      let rows = try await transaction.execute(.waitingShortening(of: caller.tenant, isHeld: false))
      policy.pendingRetention = try rows.first.flatMap { pending(try RetentionChange($0)) }
      return policy
    }
  }

  /// Sets the next version, which holds from now on: what is running keeps at least what it was given.
  /// Other instances follow its limits within seconds (`LimitWorker`). A shorter retention has a time of grace.
  ///
  /// - Parameter version: The one that the caller has seen: another one in force is not overwritten.
  /// - Throws: `changedMeanwhile` where it is not in force any more; `secret_in_id` for rules that name a
  ///   token, which would stay in clear; `validation_failed` for a retention below its minimum.
  package func set(
    _ terms: TenantPolicy.Terms, replacing version: Int, by caller: Caller
  ) async throws -> TenantPolicy {
    try terms.requireMinimum(standard: standardDays)
    try requireArchivable(terms)
    try await requireNoToken(in: terms.automaticRules, of: caller.tenant)
    let policy = try await gate.perform(.managePolicy, by: caller) { [self] transaction, note in
      // A statement of its own: what is read next must see what the one before has committed.
      _ = try await transaction.execute(.lockTenantPolicy(of: caller.tenant))
      let before = try await Self.current(of: caller.tenant, in: transaction)
      note.amend { $0.details["version"] = "\(before.version)" }
      guard before.version == version else {
        throw DomainError(.changedMeanwhile, "The policy has been changed meanwhile.")
      }
      return try await replace(before, by: terms, caller, note, transaction)
    }
    limiter.follow(policy, of: caller.tenant)
    return policy
  }

  /// Refuses to archive where there is no archive, or what is purged before.
  private func requireArchivable(_ terms: TenantPolicy.Terms) throws(DomainError) {
    guard let days = terms.archiveDays else { return }
    guard hasArchive else {
      throw .invalid(
        "/archive_days", "not_allowed",
        "This deployment has no archive: HANSARD_ARCHIVE_URL is not set.")
    }
    guard days < terms.retentionDays ?? standardDays else {
      throw .invalid("/archive_days", "bad_value", "It must be less than the days of retention.")
    }
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

  static func changes(
    from before: TenantPolicy.Terms, to after: TenantPolicy.Terms, _ version: Int
  ) -> [String: String] {
    func days(_ terms: TenantPolicy.Terms) -> String {
      terms.retentionDays.map { "\($0)" } ?? "default"
    }
    return [
      "version": "\(version)", "retention_days_before": days(before),
      "retention_days_after": days(after),
      "retention_profile_before": before.retentionProfile?.rawValue ?? "none",
      "retention_profile_after": after.retentionProfile?.rawValue ?? "none",
      "minimum_retention_days_before": before.minimumDays.map { "\($0)" } ?? "none",
      "minimum_retention_days_after": after.minimumDays.map { "\($0)" } ?? "none",
      "archive_days_before": before.archiveDays.map { "\($0)" } ?? "never",
      "archive_days_after": after.archiveDays.map { "\($0)" } ?? "never",
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

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// What would come of keeping recordings for so long; recovery sessions are not changed by a policy, and what is
/// still being recorded goes by what is in force when it stops.
package struct RetentionPreview: Sendable, Equatable {
  package var retentionDays: Int
  /// Days before which nothing that has stopped is purged.
  package var minimumDays: Int?
  /// When it would be applied, if the policy were set now.
  package var appliesAt: Timestamp
  /// Recordings that will have expired then and are not held.
  package var expiredRecordings: Int64
  /// The events in them.
  package var expiredEvents: Int64
  /// Those of them that will have expired without it too.
  package var expiredAnyway: Int64
  /// Recordings that will expire earlier than they would now, then or later.
  package var earlierRecordings: Int64
  /// Those of them that are held at the moment.
  package var earlierHeld: Int64
  /// Recordings that their `retain_until`, or the minimum, keeps for longer than these days.
  package var keptByMinimum: Int64
  /// When the first of those that will have expired started.
  package var oldestStartedAt: Timestamp?
  /// When the last of them did.
  package var newestStartedAt: Timestamp?
}

extension TenantPolicies {
  /// What would come of other terms of retention, without setting them.
  ///
  /// - Parameter profile: Nil: that of the policy in force, or none.
  /// - Throws: what setting them would.
  package func previewRetention(
    days: Int, profile: RetentionProfile?, by caller: Caller
  ) async throws -> RetentionPreview {
    try await gate.perform(
      .previewRetention, by: caller,
      naming: AuditMention(details: ["retention_days": "\(days)"])
    ) { [standardDays] transaction, note in
      var terms = try await Self.current(of: caller.tenant, in: transaction).terms
      terms.retentionDays = days
      if let profile { terms.retentionProfile = profile }
      try terms.requireMinimum(standard: standardDays)
      let inForce = try await Self.retention(of: caller.tenant, in: transaction, isHeld: false)
        .inForce
      let step = RetentionStep(
        from: inForce, waiting: nil, to: RetentionTerms(terms), standard: standardDays)
      let rows = try await transaction.execute(
        .retentionPreview(
          days: days, minimumDays: terms.minimumDays, shortens: step.shortening != .none,
          of: caller.tenant), deadline: RecoveryAudit.longDeadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      let preview = try RetentionPreview(row, retentionDays: days, minimumDays: terms.minimumDays)
      note.amend { $0.details["expired_recordings"] = "\(preview.expiredRecordings)" }
      return preview
    }
  }
}

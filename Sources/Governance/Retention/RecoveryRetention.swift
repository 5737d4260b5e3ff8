// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension RetentionKind {
  /// Recovery sessions. Their keys go first, many sessions at a time and with a line in the audit log; then,
  /// in steps, the attempts that nobody can read any more.
  static func recoveries(_ gate: Gate) -> RetentionKind {
    let retention = RecoveryRetention(gate: gate)
    return RetentionKind(due: retention.due, purge: retention.purge)
  }
}

/// The purging of recovery sessions, as `hansard_retention`.
struct RecoveryRetention: Sendable {
  /// Sessions whose keys are destroyed in one transaction.
  static let mostSessions = 100
  /// Attempts that are deleted in one transaction.
  static let mostAttempts = 5000

  private static let deadline = Duration.seconds(30)

  let gate: Gate

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await gate.database.tenants(
      .dueRecoveryPurges(after: after, upTo: upTo, most: most), deadline: Self.deadline)
  }

  func purge(_ tenant: TenantID) async throws -> RetentionPiece {
    let tally = try await destroyKeys(of: tenant)
    let isCut = try await sweep(tenant)
    let isFull = tally.recoverySessions >= Int64(Self.mostSessions)
    return RetentionPiece(tally: tally, mayHaveMore: isFull || isCut)
  }

  /// Leaves tombstones, and tells the audit log how many and how much, or does nothing.
  private func destroyKeys(of tenant: TenantID) async throws -> RetentionTally {
    let caller = Caller(principal: .service(of: tenant), request: .make())
    do {
      let tally = try await gate.perform(.purgeRecoveries, by: caller) { transaction, note in
        transaction.enqueue(.actAsRetention)
        let rows = try await transaction.execute(
          .purgeRecoveries(most: Self.mostSessions), deadline: Self.deadline)
        transaction.enqueue(.actAsService)
        guard let row = rows.first else { throw DomainError.unreadable }
        let tally = RetentionTally(
          recoverySessions: try row.decode(0), recoveryAttempts: try row.decode(1))
        guard tally.recoverySessions > 0 else { throw NothingToPurge() }
        note.amend {
          $0.details["sessions"] = "\(tally.recoverySessions)"
          $0.details["attempts"] = "\(tally.recoveryAttempts)"
          $0.details["cause"] = RecoverySession.Tombstone.Cause.expired.rawValue
        }
        return tally
      }
      gate.database.observer.observe(
        .recoveriesPurged(
          tenant: tenant, sessions: tally.recoverySessions, attempts: tally.recoveryAttempts))
      return tally
    } catch is NothingToPurge {
      return RetentionTally()
    }
  }

  /// Deletes attempts whose keys are destroyed; true where there may be more.
  private func sweep(_ tenant: TenantID) async throws -> Bool {
    try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .sweepRecoveries(most: Self.mostAttempts), deadline: Self.deadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(1)
    }
  }
}

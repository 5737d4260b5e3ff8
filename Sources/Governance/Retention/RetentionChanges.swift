// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension RetentionKind {
  /// Changes of how long recordings are kept: when their time has come, what has stopped before gets the new
  /// expiry, so many recordings at a time and with a line in the audit log.
  static func changes(_ gate: Gate, _ settings: Recordings.Settings) -> RetentionKind {
    let changes = RetentionChanges(gate: gate, standardDays: settings.retentionDays)
    return RetentionKind(due: changes.due, purge: changes.apply)
  }
}

/// The applying of changed policies, as `hansard_retention`. One worker at a time goes through a tenant; where it
/// ends, however it ends, the next goes on.
struct RetentionChanges: Sendable {
  /// Recordings that are gone through in one transaction: those that are being recorded wait for it.
  static let mostRecordings = 500

  private static let deadline = Duration.seconds(30)

  let gate: Gate
  let standardDays: Int
  var mostRecordings = RetentionChanges.mostRecordings

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await gate.database.readAsRetention(
      .dueRetentionChanges(after: after, upTo: upTo, most: most), deadline: Self.deadline
    ).map { row in
      var column = row.reader()
      return try column.serverID()
    }
  }

  func apply(_ tenant: TenantID) async throws -> RetentionPiece {
    let caller = Caller(principal: .service(of: tenant), request: .make())
    do {
      let piece = try await gate.perform(.applyRetention, by: caller) { transaction, note in
        transaction.enqueue(.actAsRetention)
        let rows = try await transaction.execute(
          .applyRetentionChange(standardDays: standardDays, most: mostRecordings),
          deadline: Self.deadline)
        transaction.enqueue(.actAsService)
        guard let row = rows.first else { throw NothingDue() }
        let batch = try RetentionBatch(row)
        note.amend { $0.details = batch.details }
        return RetentionPiece(
          tally: RetentionTally(changedRecordings: batch.recordings), mayHaveMore: !batch.isOver)
      }
      gate.database.observer.observe(
        .retentionApplied(tenant: tenant, recordings: piece.tally.changedRecordings))
      return piece
    } catch is NothingDue {
      return RetentionPiece(tally: RetentionTally(), mayHaveMore: false)
    }
  }

  /// Somebody else is at it: no line in the audit log for that.
  private struct NothingDue: Error {}
}

/// What was done of a change in one transaction.
struct RetentionBatch: Sendable {
  let change: String
  let recordings: Int64
  /// Whether it came into force with it.
  let hasBegun: Bool
  /// Whether all recordings have been gone through.
  let isOver: Bool

  fileprivate var details: [String: String] {
    [
      "change_id": change, "recordings": "\(recordings)", "begins": "\(hasBegun)",
      "ends": "\(isOver)",
    ]
  }
}

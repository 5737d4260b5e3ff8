// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

// For the role hansard_retention: the functions ask themselves what is due.
extension Query {
  static func dueRecoveryPurges(after: TenantID?, upTo: TenantID?, most: Int) -> Query {
    Query(
      "select tenant_id from hansard.due_recovery_purges($1, $2, $3)", after?.uuid, upTo?.uuid,
      Int32(clamping: most))
  }

  /// How many sessions, and how many attempts were in them.
  static func purgeRecoveries(most: Int) -> Query {
    Query(
      "select sessions, attempts from hansard.purge_recovery_sessions($1)", Int32(clamping: most))
  }

  /// How many attempts, and whether there may be more.
  static func sweepRecoveries(most: Int) -> Query {
    Query(
      "select attempts, is_cut from hansard.sweep_recovery_attempts($1)", Int32(clamping: most))
  }

  /// Read by `RetentionStatus`.
  static let recoveryRetention = Query(
    """
    select due, oldest_due, remains, purged, last_purged_at
    from hansard.recovery_retention()
    """)
}

extension RetentionStatus {
  init(_ row: Row) throws {
    var column = row.reader()
    dueRecoveries = try column.next()
    oldestDue = try column.next()
    unsweptRecoveries = try column.next()
    purgedRecoveries = try column.next()
    lastPurgedAt = try column.next()
  }
}

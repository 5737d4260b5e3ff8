// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

// For the role hansard_retention: the functions ask themselves what is due.
extension Query {
  static func dueRetentionChanges(after: TenantID?, upTo: TenantID?, most: Int) -> Query {
    Query(
      "select tenant_id from hansard.due_retention_changes($1, $2, $3)", after?.uuid, upTo?.uuid,
      Int32(clamping: most))
  }

  /// Read by `RetentionBatch`; no row where nothing is due, or somebody else is at it.
  static func applyRetentionChange(standardDays: Int, most: Int) -> Query {
    Query(
      """
      select change_id, recordings, has_begun, is_over
      from hansard.apply_retention_change($1, $2)
      """, Int32(clamping: standardDays), Int32(clamping: most))
  }
}

extension RetentionBatch {
  init(_ row: Row) throws {
    var column = row.reader()
    change = try column.next(UUID.self).text
    recordings = try column.next()
    hasBegun = try column.next()
    isOver = try column.next()
  }
}

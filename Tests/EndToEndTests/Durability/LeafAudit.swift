// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import TestSupport

/// Computes every leaf hash again from the columns it attests.
enum LeafAudit {
  /// How many stored events have another leaf hash than the ledger computes, or are not counted by
  /// their recording.
  static func wrongLeaves(_ connection: PostgresConnection) async throws -> Int {
    var wrong = 0
    for recording in try await connection.execute(Query(recordings, prepared: false)) {
      var column = recording.reader()
      let (tenant, id) = (try column.next(UUID.self), try column.next(UUID.self))
      let counted = try column.next(Int64.self)
      var position: Int64 = 0
      while case let rows = try await connection.execute(Query(events, tenant, id, position)),
        !rows.isEmpty
      {
        for row in rows {
          position += 1
          let leaf = try StoredLeaf(row)
          if leaf.computed != leaf.stored { wrong += 1 }
        }
      }
      if counted != position { wrong += 1 }
    }
    return wrong
  }

  /// How many events were sealed with a nonce that another of their recording, whose key it is, has too.
  static func repeatedNonces(_ connection: PostgresConnection) async throws -> Int {
    let rows = try await connection.execute(
      Query(
        """
        select count(*) - count(distinct (recording_id, substr(payload, 1, 24)))
        from hansard.recording_events
        """, prepared: false))
    guard let count = try rows.first?.decode(0, as: Int64.self) else {
      throw TestSupportError("nobody knows how many nonces there are")
    }
    return Int(count)
  }

  private static let recordings = """
    select tenant_id, recording_id, event_count
    from hansard.recording_progress
    """

  // With the tenant, as the index has it: long loops have hundreds of thousands in a recording.
  private static let events = """
    select \(StoredLeaf.columns)
    from hansard.recording_events
    where tenant_id = $1
      and recording_id = $2
      and seq > $3
    order by seq
    limit 1000
    """
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection

/// Computes every leaf hash again from the columns it attests.
enum LeafAudit {
  /// How many stored events have another leaf hash than the ledger computes, or are not counted by
  /// their recording.
  static func wrongLeaves(_ connection: PostgresConnection) async throws -> Int {
    var wrong = 0
    for recording in try await connection.execute(Query(recordings, prepared: false)) {
      var column = recording.reader()
      let id = try column.next(UUID.self)
      let counted = try column.next(Int64.self)
      var position: Int64 = 0
      while case let rows = try await connection.execute(Query(events, id, position)), !rows.isEmpty
      {
        for row in rows {
          position += 1
          if try leaf(row) != row.decode(0, as: [UInt8].self) { wrong += 1 }
        }
      }
      if counted != position { wrong += 1 }
    }
    return wrong
  }

  private static let recordings = """
    select recording_id, event_count
    from hansard.recording_progress
    """

  private static let events = """
    select
      leaf_hash, seq, recorded_at, tenant_id, recording_id, event_id, event_type, occurred_at,
      recorded_by, payload_length, payload, content_mac, redaction_policy, redacted_families,
      redacted_counts
    from hansard.recording_events
    where recording_id = $1
      and seq > $2
    order by seq
    limit 1000
    """

  private static func leaf(_ row: Row) throws -> [UInt8] {
    var column = row.reader()
    _ = try column.next([UInt8].self)
    let seq = try column.next(Int64.self)
    let recordedAt = try column.next(Timestamp.self)
    let tenant = try column.next(UUID.self)
    let recording = try column.next(UUID.self)
    let event = try column.next(UUID.self)
    let type = try column.next(String.self)
    let occurredAt = try column.next(Timestamp.self)
    let recordedBy = try column.next(String.self)
    let length = try column.next(Int32.self)
    let digest = try SHA256.hash(try column.next([UInt8].self))
    let contentMAC = try column.next([UInt8].self)
    let entry = try EventEntry(
      tenant: tenant, recording: recording, eventID: event, type: type,
      occurredAt: occurredAt.microseconds, recordedBy: recordedBy, payloadLength: Int(length),
      sealedDigest: digest, contentMAC: contentMAC, redaction: try redactions(&column))
    return try entry.leafHash(seq: seq, recordedAt: recordedAt.microseconds)
  }

  /// What was redacted; nil for an event of the time before there was redaction.
  private static func redactions(_ column: inout RowReader) throws -> EventEntry.Redactions? {
    let policy = try column.next(Int32?.self)
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    return policy.map {
      .init(policy: Int($0), counts: zip(families, counts).map { ($0, Int($1)) })
    }
  }
}

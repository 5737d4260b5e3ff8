// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// The leaf hashes that `Ledger` computes from the columns of the events.
enum StoredLeaves {
  /// Compares each stored leaf hash of a recording with the computed one; returns them in order.
  static func check(_ recording: RecordingID) async throws -> [[UInt8]] {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    let rows = try await connection.execute(Query(events, recording.uuid))
    await connection.close()
    return try rows.map { row in
      let stored = try row.decode(0, as: [UInt8].self)
      #expect(try leaf(row) == stored)
      return stored
    }
  }

  private static let events = """
    select
      leaf_hash, seq, recorded_at, tenant_id, recording_id, event_id, event_type, occurred_at,
      recorded_by, payload_length, payload, content_mac, redaction_policy, redacted_families,
      redacted_counts
    from hansard.recording_events
    where recording_id = $1
    order by seq
    """

  private static func leaf(_ row: Row) throws -> [UInt8] {
    var column = row.reader()
    _ = try column.next([UInt8].self)
    let (seq, recordedAt) = (try column.next(Int64.self), try column.next(Timestamp.self))
    let (tenant, recording) = (try column.next(UUID.self), try column.next(UUID.self))
    let (event, type) = (try column.next(UUID.self), try column.next(String.self))
    let occurredAt = try column.next(Timestamp.self)
    let (recordedBy, length) = (try column.next(String.self), try column.next(Int32.self))
    let (payload, mac) = (try column.next([UInt8].self), try column.next([UInt8].self))
    let policy = try column.next(Int32.self)
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    let entry = try EventEntry(
      tenant: tenant, recording: recording, eventID: event, type: type,
      occurredAt: occurredAt.microseconds, recordedBy: recordedBy, payloadLength: Int(length),
      sealedDigest: try SHA256.hash(payload), contentMAC: mac,
      redaction: .init(
        policy: Int(policy), counts: zip(families, counts).map { ($0, Int($1)) }))
    return try entry.leafHash(seq: seq, recordedAt: recordedAt.microseconds)
  }
}

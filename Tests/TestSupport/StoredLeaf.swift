// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
package import Postgres
import Protection

/// The leaf hash of a stored event beside the one that `Ledger` computes from the columns it attests.
package struct StoredLeaf: Sendable {
  /// What a query selects from `hansard.recording_events`, in the order in which it is read here.
  package static let columns = """
    leaf_hash, seq, recorded_at, tenant_id, recording_id, event_id, event_type, occurred_at,
    recorded_by, payload_length, payload, content_mac, redaction_policy, redacted_families,
    redacted_counts
    """

  package let stored: [UInt8]
  package let computed: [UInt8]

  /// Takes a row of `columns`.
  package init(_ row: Row) throws {
    var column = row.reader()
    stored = try column.next([UInt8].self)
    let (seq, recordedAt) = (try column.next(Int64.self), try column.next(Timestamp.self))
    let (tenant, recording) = (try column.next(UUID.self), try column.next(UUID.self))
    let (event, type) = (try column.next(UUID.self), try column.next(String.self))
    let occurredAt = try column.next(Timestamp.self)
    let (recordedBy, length) = (try column.next(String.self), try column.next(Int32.self))
    let (payload, mac) = (try column.next([UInt8].self), try column.next([UInt8].self))
    let entry = try EventEntry(
      tenant: tenant, recording: recording, eventID: event, type: type,
      occurredAt: occurredAt.microseconds, recordedBy: recordedBy, payloadLength: Int(length),
      sealedDigest: try SHA256.hash(payload), contentMAC: mac,
      redaction: try Self.redactions(&column))
    computed = try entry.leafHash(seq: seq, recordedAt: recordedAt.microseconds)
  }

  /// What was redacted; nil for an event of the time before there was redaction.
  private static func redactions(_ column: inout RowReader) throws -> EventEntry.Redactions? {
    let policy = try column.next(Int32?.self)
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    return policy.map {
      .init(
        policy: Int($0),
        counts: zip(families, counts).map { .init(family: $0, count: Int($1)) })
    }
  }
}

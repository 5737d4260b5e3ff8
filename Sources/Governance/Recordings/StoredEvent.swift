// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres
package import Protection

/// An event as it is kept, sealed, with what is needed to open it: a row of the database, or a line of an archive.
package struct StoredEvent: Sendable {
  package var id: EventID
  package var seq: Int64
  package var type: String
  package var occurredAt: Timestamp
  package var recordedAt: Timestamp
  /// 32 bytes; see `Ledger`.
  package var leafHash: [UInt8]
  /// Nonce, ciphertext and tag.
  package var payload: [UInt8]
  /// What was redacted, by family, in alphabetical order.
  package var redactions: [Redaction.Count]

  /// Takes what was read elsewhere than in the database.
  package init(
    id: EventID, seq: Int64, type: String, occurredAt: Timestamp, recordedAt: Timestamp,
    leafHash: [UInt8], payload: [UInt8], redactions: [Redaction.Count]
  ) {
    self.id = id
    self.seq = seq
    self.type = type
    self.occurredAt = occurredAt
    self.recordedAt = recordedAt
    self.leafHash = leafHash
    self.payload = payload
    self.redactions = redactions
  }

  /// How many bytes the payload has in clear.
  package var payloadLength: Int { payload.count - XAES256GCM.overhead }
}

extension StoredEvent {
  /// The columns that `init` reads, of `recording_events` under a name of the query's.
  static func columns(of table: String) -> String {
    [
      "event_id", "seq", "event_type", "occurred_at", "recorded_at", "leaf_hash", "payload",
      "redacted_families", "redacted_counts",
    ]
    .map { "\(table).\($0)" }.joined(separator: ", ")
  }

  /// How many they are.
  static let columnCount = 9

  /// Reads a row that begins with `columns`.
  init(_ row: Row) throws(PostgresError) {
    var column = row.reader()
    try self.init(reading: &column)
  }

  /// The same; the reader is behind the columns then.
  init(reading column: inout RowReader) throws(PostgresError) {
    id = EventID(try column.next(UUID.self))
    seq = try column.next()
    type = try column.next()
    occurredAt = try column.next()
    recordedAt = try column.next()
    leafHash = try column.next()
    payload = try column.next()
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    redactions = zip(families, counts).map { .init(family: $0, count: Int($1)) }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
package import Postgres
import Protection

/// An event as an archive keeps it: sealed, with every field that its leaf hash attests.
package struct ArchivedEvent: Sendable {
  /// What it takes to open it.
  package var stored: StoredEvent
  /// The key or user that recorded it: `Principal.actor`.
  package var recordedBy: String
  /// 32 bytes; see `DataKey.contentMAC`.
  package var contentMAC: [UInt8]
  /// The version of the policy that it was redacted under; nil for an event that was stored before there was
  /// redaction, of which `stored.redactions` is empty.
  package var redactionPolicy: Int?

  /// Takes the fields.
  package init(
    stored: StoredEvent, recordedBy: String, contentMAC: [UInt8], redactionPolicy: Int?
  ) {
    self.stored = stored
    self.recordedBy = recordedBy
    self.contentMAC = contentMAC
    self.redactionPolicy = redactionPolicy
  }

  /// What the leaf hash attests of its redaction.
  var redaction: EventEntry.Redactions? {
    redactionPolicy.map { .init(policy: $0, counts: stored.redactions) }
  }

  /// The leaf hash that the other fields have, as an event of this recording.
  ///
  /// - Throws: `LedgerError` for fields that no entry can have.
  func attestedHash(in recording: RecordingID, of tenant: TenantID) throws -> [UInt8] {
    try EventEntry(
      tenant: tenant.uuid, recording: recording.uuid, eventID: stored.id.uuid, type: stored.type,
      occurredAt: stored.occurredAt.microseconds, recordedBy: recordedBy,
      payloadLength: stored.payloadLength, sealedDigest: try SHA256.hash(stored.payload),
      contentMAC: contentMAC, redaction: redaction
    ).leafHash(seq: stored.seq, recordedAt: stored.recordedAt.microseconds)
  }
}

extension ArchivedEvent {
  /// The columns that `init` reads, of `recording_events` under a name of the query's.
  package static func columns(of table: String) -> String {
    ([StoredEvent.columns(of: table)]
      + ["recorded_by", "content_mac", "redaction_policy"].map { "\(table).\($0)" })
      .joined(separator: ", ")
  }

  /// Reads a row that begins with `columns`.
  package init(_ row: Row) throws(PostgresError) {
    var column = row.reader()
    stored = try StoredEvent(reading: &column)
    recordedBy = try column.next()
    contentMAC = try column.next()
    redactionPolicy = try column.next(Int32?.self).map { Int($0) }
  }
}

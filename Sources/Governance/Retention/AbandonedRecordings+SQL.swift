// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension Query {
  /// For the role hansard_retention.
  static func dueAbandonedRecordings(
    _ terms: AbandonmentTerms, after: TenantID?, upTo: TenantID?, most: Int
  ) -> Query {
    Query(
      """
      select tenant_id
      from hansard.due_abandoned_recordings(
        $1, $2, $3, $4 * interval '1 microsecond', make_interval(days => $5))
      """, after?.uuid, upTo?.uuid, Int32(clamping: most), terms.idle?.microseconds,
      Int32(clamping: terms.openDays))
  }

  /// For the role hansard_retention. Read by `AbandonedPlace`.
  static func abandonedRecordings(
    _ terms: AbandonmentTerms, after place: AbandonedPlace?, most: Int
  ) -> Query {
    Query(
      """
      select recording_id, started_at
      from hansard.abandoned_recordings(
        $1 * interval '1 microsecond', make_interval(days => $2), $3, $4, $5)
      """, terms.idle?.microseconds, Int32(clamping: terms.openDays), place?.startedAt,
      place?.recording.uuid, Int32(clamping: most))
  }

  /// Holds the counters of a recording if it is abandoned; no row: it is not, or somebody holds them. Read by
  /// `Abandonment`.
  static func claimAbandoned(_ id: RecordingID, _ terms: AbandonmentTerms) -> Query {
    Query(
      """
      select reason, last_event_at, found_at
      from hansard.claim_abandoned_recording(
        $1, $2 * interval '1 microsecond', make_interval(days => $3))
      """, id.uuid, terms.idle?.microseconds, Int32(clamping: terms.openDays))
  }

  static func appendFinalEvent(_ event: SealedEvent, to recording: RecordingID) -> Query {
    Query(
      """
      select seq, recorded_at, leaf_hash
      from hansard.append_final_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """, recording.uuid, event.id.uuid, event.type, event.occurredAt, event.recordedBy,
      event.payload, Int32(clamping: event.payloadLength), event.contentMAC, event.leafPrefix,
      Int32(clamping: event.redactionPolicy), event.redactions.literal(\.family),
      event.redactions.literal(\.count))
  }
}

extension AbandonedPlace {
  init(_ row: Row) throws {
    var column = row.reader()
    recording = try column.serverID()
    startedAt = try column.next()
  }
}

extension Abandonment {
  init(_ row: Row) throws {
    var column = row.reader()
    reason = try column.word()
    lastEventAt = try column.next()
    foundAt = try column.next()
  }
}

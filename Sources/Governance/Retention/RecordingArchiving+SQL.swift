// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

// For the role hansard_retention.
extension Query {
  static func dueArchives(after: TenantID?, upTo: TenantID?, most: Int) -> Query {
    Query(
      "select tenant_id from hansard.due_archives($1, $2, $3)", after?.uuid, upTo?.uuid,
      Int32(clamping: most))
  }

  /// Read by `RecordedEvents.init(_:)`.
  static func archivableRecordings(but passedOver: [RecordingID], most: Int) -> Query {
    Query(
      """
      select recording_id, expires_on::text, event_count, null::bytea
      from hansard.archivable_recordings($1, $2)
      """, passedOver.map(\.uuid), Int32(clamping: most))
  }

  /// Whether it may be written there.
  static func beginArchive(of id: RecordingID, at url: String) -> Query {
    Query("select hansard.begin_archive($1, $2)", id.uuid, url)
  }

  /// Whether it is read from now on.
  static func completeArchive(at url: String, _ summary: ArchiveSummary) -> Query {
    Query(
      "select hansard.complete_archive($1, $2, $3, $4, $5, $6)", summary.header.recording.uuid, url,
      summary.header.merkleRoot, summary.header.eventCount, summary.byteCount, summary.sha256)
  }

  /// How many events, and whether there may be more.
  static func sweepArchivedEvents(most: Int) -> Query {
    Query("select events, is_cut from hansard.sweep_archived_events($1)", Int32(clamping: most))
  }

  static func condemnedArchives(most: Int) -> Query {
    Query(
      "select recording_id from hansard.condemned_archives($1)", Int32(clamping: most))
  }

  /// How many of them.
  static func forgetArchives(_ destroyed: [RecordingID]) -> Query {
    Query("select hansard.forget_archives($1)", destroyed.map(\.uuid))
  }

  /// Read by `RetentionStatus`.
  static let recordingArchiving = Query(
    "select archived, in_progress, condemned from hansard.recording_archiving()")
}

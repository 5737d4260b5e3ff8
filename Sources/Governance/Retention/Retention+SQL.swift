// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

// For the role hansard_retention: the functions ask themselves what is due.
extension Query {
  static func dueRecordingPurges(after: TenantID?, upTo: TenantID?, most: Int) -> Query {
    Query(
      "select tenant_id from hansard.due_recording_purges($1, $2, $3)", after?.uuid, upTo?.uuid,
      Int32(clamping: most))
  }

  /// Read by `RecordedEvents.init(_:)`.
  static func expiredRecordings(but passedOver: [RecordingID], most: Int) -> Query {
    Query(
      """
      select recording_id, expires_on::text, event_count, archived_root
      from hansard.expired_recordings($1, $2)
      """, passedOver.map(\.uuid), Int32(clamping: most))
  }

  /// How many recordings, and how many events were in them.
  static func purgeRecordings(_ doomed: [RecordedEvents], roots: [[UInt8]]) -> Query {
    Query(
      "select recordings, events from hansard.purge_recordings($1, $2, $3)",
      doomed.map(\.recording.uuid), roots, doomed.map(\.count))
  }

  /// How many events, and whether there may be more.
  static func sweepRecordingEvents(most: Int) -> Query {
    Query(
      "select events, is_cut from hansard.sweep_recording_events($1)", Int32(clamping: most))
  }

  static func dueTrims(after: TenantID?, upTo: TenantID?, most: Int) -> Query {
    Query(
      "select tenant_id from hansard.due_trims($1, $2, $3)", after?.uuid, upTo?.uuid,
      Int32(clamping: most))
  }

  static func trimLeftovers(most: Int) -> Query {
    Query("select hansard.trim_leftovers($1)", Int32(clamping: most))
  }

  /// The names, and the day after the last one of each.
  static let pastEventPartitions = Query(
    "select partition_name, end_day::text from hansard.past_event_partitions()")

  static func recordingsInTheWay(upTo day: String, most: Int) -> Query {
    Query(
      """
      select tenant_id, recording_id, target::text
      from hansard.recordings_in_the_way(($1::text)::date, $2)
      """, day, Int32(clamping: most))
  }

  /// How many events; null where it was not moved.
  static func moveRecording(_ id: RecordingID, to day: String) -> Query {
    Query("select hansard.move_recording($1, ($2::text)::date)", id.uuid, day)
  }

  static func dropEventPartition(_ name: String) -> Query {
    Query("select hansard.drop_event_partition($1)", name)
  }

  /// The database's time, and why nothing may be purged.
  static func checkRetentionClock(
    hostNow: Timestamp, since: Timestamp?, elapsed: Double?
  ) -> Query {
    Query(
      "select moment, suspended_because from hansard.check_retention_clock($1, $2, $3)", hostNow,
      since, elapsed)
  }

  static func confirmRetentionClock(by actor: String) -> Query {
    Query("select hansard.confirm_retention_clock($1)", actor)
  }

  /// Read by `RetentionStatus`.
  static let recordingRetention = Query(
    """
    select due, oldest_due, held, remains, purged, last_purged_at, suspended_at, suspended_because
    from hansard.recording_retention()
    """)

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

extension RecordedEvents {
  init(_ row: Row) throws {
    var column = row.reader()
    recording = try column.serverID()
    day = try column.next()
    count = try column.next()
    archivedRoot = try column.next()
  }
}

extension Database {
  /// The tenants that a query for `hansard_retention` names.
  func tenants(_ query: Query, deadline: Duration) async throws -> [TenantID] {
    try await readAsRetention(query, deadline: deadline).map { row in
      var column = row.reader()
      return try column.serverID()
    }
  }
}

extension RetentionStatus {
  init(recordings: Row, recoveries: Row, archives: Row) throws {
    var column = recordings.reader()
    dueRecordings = try column.next()
    oldestDueRecording = try column.next()
    heldRecordings = try column.next()
    unsweptRecordings = try column.next()
    purgedRecordings = try column.next()
    lastRecordingPurgedAt = try column.next()
    suspendedAt = try column.next()
    suspendedBecause = try column.next()
    column = recoveries.reader()
    dueRecoveries = try column.next()
    oldestDue = try column.next()
    unsweptRecoveries = try column.next()
    purgedRecoveries = try column.next()
    lastPurgedAt = try column.next()
    column = archives.reader()
    archivedRecordings = try column.next()
    archivesInProgress = try column.next()
    condemnedArchives = try column.next()
  }
}

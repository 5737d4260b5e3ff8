// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

extension Fixture {
  /// A recording of ann's that has stopped.
  func stopped(events: Int = 3, by party: Party? = nil) async throws -> RecordingID {
    let party = party ?? acme
    let id = try await recordings.started(by: party)
    for number in 0..<events {
      try await recordings.appendOne(.of("{\"n\":\(number)}"), to: id, by: party.recorder)
    }
    _ = try await recordings.stop(id, status: .completed, summary: nil, by: party.recorder)
    return id
  }

  /// Another admin of a tenant, bound to a user.
  func admin(_ user: String) async throws -> Caller {
    try await Party.caller(.admin, user: user, by: acme.operatorCaller, in: hansard).caller
  }
}

/// What tests do to recordings that have stopped, and what is left of them.
enum StoppedRecordings {
  static func expire(_ id: RecordingID) async throws {
    try await TestDatabase.current.psql(
      """
      update hansard.canvas_recordings
      set expires_at = clock_timestamp() - interval '1 minute'
      where recording_id = '\(id)'
      """)
  }

  /// As the retention worker moves what stays longer than its partition.
  static func move(_ id: RecordingID, to day: String, of tenant: TenantID) async throws {
    let moved = try await TestDatabase.current.psql(
      """
      set hansard.tenant_id = '\(tenant)';
      select hansard.move_recording('\(id)', '\(day)') is not null
      """)
    try #require(moved == "t\n")
  }

  /// As the retention worker purges one that has expired; whether it was.
  static func purge(_ id: RecordingID, of tenant: TenantID) async throws -> Bool {
    let purged = try await TestDatabase.current.psql(
      """
      set hansard.tenant_id = '\(tenant)';
      select purged.recordings
      from hansard.recording_progress as p,
        hansard.purge_recordings(
          array[p.recording_id], array[decode(repeat('00', 32), 'hex')], array[p.event_count])
          as purged
      where p.recording_id = '\(id)'
      """)
    return purged == "1\n"
  }

  /// Rows of the recording, of its counters, of its key and of its certificate.
  static func rows(of id: RecordingID) async throws -> String {
    try await TestDatabase.current.psql(
      """
      select
        (select count(*) from hansard.canvas_recordings where recording_id = '\(id)'),
        (select count(*) from hansard.recording_progress where recording_id = '\(id)'),
        (select count(*) from hansard.recording_keys where recording_id = '\(id)'),
        (select count(*) from hansard.purge_certificates where recording_id = '\(id)')
      """)
  }

  static let whole = "1|1|1|0\n"
  static let gone = "0|0|0|1\n"
}

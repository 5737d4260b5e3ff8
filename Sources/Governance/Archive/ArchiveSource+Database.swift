// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension ArchiveSource {
  /// The events of a recording that has ended, as they lie in the database.
  init(_ events: RecordedEvents, of tenant: TenantID, in database: Database) {
    self.init(
      leaves: { seq, limit in
        try await database.readPage(
          .archiveLeaves(of: events, of: tenant, after: seq, limit: limit), of: tenant
        ).map { ArchiveLeaf(hash: try $0.decode(0), recordedAt: try $0.decode(1)) }
      },
      events: { seq, limit in
        try await database.readPage(
          .eventPage(
            of: events.recording, of: tenant, on: events.day, afterSeq: seq, limit: limit,
            columns: ArchivedEvent.columns), of: tenant
        ).map { try ArchivedEvent($0) }
      })
  }
}

extension Query {
  fileprivate static func archiveLeaves(
    of events: RecordedEvents, of tenant: TenantID, after seq: Int64, limit: Int
  ) -> Query {
    Query(
      """
      select e.leaf_hash, e.recorded_at
      from hansard.recording_events as e
      where e.tenant_id = $1
        and e.recording_id = $2
        and e.expires_on = ($3::text)::date
        and e.seq > $4
      order by e.seq
      limit $5
      """, tenant.uuid, events.recording.uuid, events.day, seq, Int64(limit))
  }
}

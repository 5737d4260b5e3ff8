// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Where the events of a recording are.
struct EventPlace: Sendable {
  /// Of their partition, as `YYYY-MM-DD`.
  let day: String
  /// Where they are archived, as the database says, and the Merkle root over their leaf hashes; nil: they are in
  /// the database.
  let archive: (url: String, root: [UInt8])?
}

extension EventPlace {
  /// Reads a row of `Query.eventPlace`.
  init(_ row: Row) throws(PostgresError) {
    var column = row.reader()
    day = try column.next()
    let url = try column.next(String?.self)
    let root = try column.next([UInt8]?.self)
    archive = url.flatMap { url in root.map { (url, $0) } }
  }
}

extension Query {
  /// Read by `EventPlace`; no row once the recording is purged.
  static func eventPlace(of id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      select p.expires_on::text, a.storage_url, a.merkle_root
      from hansard.recording_keys as k
      join hansard.recording_progress as p
        on p.tenant_id = k.tenant_id
        and p.recording_id = k.recording_id
      left join hansard.recording_archives as a
        on a.tenant_id = k.tenant_id
        and a.recording_id = k.recording_id
        and a.archived_at is not null
      where k.tenant_id = $1
        and k.recording_id = $2
      """, tenant.uuid, id.uuid)
  }
}

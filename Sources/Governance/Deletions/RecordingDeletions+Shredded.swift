// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension RecordingDeletions {
  /// Recordings that are looked for at a time.
  private static let pageSize = 100

  /// Takes away the recordings of the caller's tenant whose keys are destroyed, one at a time; run again, it goes on.
  /// No second pair of eyes could see what they were.
  ///
  /// - Parameter chosen: Which of them; nil: all.
  /// - Returns: How many left a certificate, and how many may not be taken away or have lost events.
  func deleteShredded(
    _ chosen: [RecordingID]? = nil, because text: String, by caller: Caller
  ) async throws -> (certificates: Int64, left: Int64) {
    var (certificates, left): (Int64, Int64) = (0, 0)
    var place: RecordingID?
    while true {
      let rows = try await gate.database.read(
        .shreddedRecordings(chosen, of: caller.tenant, after: place, most: Self.pageSize),
        of: caller.tenant)
      for row in rows {
        try Task.checkCancellation()
        let id = RecordingID(try row.decode(0, as: UUID.self))
        place = id
        if try await deleteShredded(id, because: text, by: caller) {
          certificates += 1
        } else {
          left += 1
        }
      }
      if rows.count < Self.pageSize { return (certificates, left) }
    }
  }

  private func deleteShredded(
    _ id: RecordingID, because text: String, by caller: Caller
  ) async throws -> Bool {
    do {
      try await gate.perform(
        .deleteRecording, by: caller, naming: AuditMention(recording: id),
        load: { try await Recordings.load(id, in: $0, caller, .unlocked) },
        work: { transaction, found, note in
          try found.requireDeletable()
          _ = try await Self.destroyAtOnce(found, because: text, caller, note, in: transaction)
        })
    } catch let error as DomainError where error.isRefusal || error.code == .integrityFailure {
      return false
    }
    recordings.contexts.forget(id, of: caller.tenant)
    return true
  }
}

extension Query {
  /// So many recordings whose key was destroyed, in the order of their ids, after one; of all, or some.
  fileprivate static func shreddedRecordings(
    _ chosen: [RecordingID]?, of tenant: TenantID, after: RecordingID?, most: Int
  ) -> Query {
    Query(
      """
      select r.recording_id
      from hansard.canvas_recordings as r
      where r.tenant_id = $1
        and ($2::uuid is null or r.recording_id > $2)
        and ($4::uuid[] is null or r.recording_id = any ($4))
        and not exists (
          select
          from hansard.recording_keys as k
          where k.tenant_id = r.tenant_id
            and k.recording_id = r.recording_id)
      order by r.recording_id
      limit $3
      """, tenant.uuid, after?.uuid, Int32(clamping: most), chosen?.map(\.uuid))
  }
}

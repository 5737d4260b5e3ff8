// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  private static let deletionColumns = """
    d.deletion_id, d.recording_id, d.reason, d.state, d.requested_at, d.requested_by, d.decided_at,
    d.decided_by, d.refusal_reason
    """

  /// A request, and the agent and user of its recording, also where that is gone.
  static func deletion(_ id: DeletionID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(deletionColumns), coalesce(r.agent_id, c.agent_id), coalesce(r.user_id, c.user_id)
      from hansard.recording_deletions as d
      left join hansard.canvas_recordings as r
        on r.tenant_id = d.tenant_id
        and r.recording_id = d.recording_id
      left join hansard.purge_certificates as c
        on c.tenant_id = d.tenant_id
        and c.recording_id = d.recording_id
      where d.tenant_id = $1
        and d.deletion_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  static func deletions(
    _ state: RecordingDeletion.State?, after place: DeletionPlace?, limit: PageLimit,
    of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("d.tenant_id = ", tenant.uuid)
    if let state { conditions.add("d.state = ", state.rawValue) }
    if let place {
      let time = conditions.bind(place.requestedAt)
      let id = conditions.bind(place.id.uuid)
      conditions.clauses.append("(d.requested_at, d.deletion_id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(deletionColumns)
      from hansard.recording_deletions as d
      where \(conditions.text)
      order by d.requested_at desc, d.deletion_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }

  /// No row where one is pending.
  static func requestDeletion(
    _ id: DeletionID, of recording: RecordingID, because reason: String, of tenant: TenantID,
    by caller: Caller
  ) -> Query {
    Query(
      """
      insert into hansard.recording_deletions as d (
        tenant_id, deletion_id, recording_id, reason, requested_by)
      values ($1, $2, $3, $4, $5)
      on conflict (tenant_id, recording_id) where state = 'pending' do nothing
      returning \(deletionColumns)
      """, tenant.uuid, id.uuid, recording.uuid, reason, caller.principal.actor)
  }

  /// No row where it is not pending.
  ///
  /// - Parameter reason: Why it is refused.
  static func decide(
    _ id: DeletionID, _ state: RecordingDeletion.State, because reason: String? = nil,
    of tenant: TenantID, by caller: Caller
  ) -> Query {
    Query(
      """
      update hansard.recording_deletions as d
      set
        state = $3,
        decided_at = clock_timestamp(),
        decided_by = $4,
        refusal_reason = $5
      where d.tenant_id = $1
        and d.deletion_id = $2
        and d.state = 'pending'
      returning \(deletionColumns)
      """, tenant.uuid, id.uuid, state.rawValue, caller.principal.actor, reason)
  }

  /// Ends what was asked for before four eyes were wanted no more.
  static func overtakeDeletions(
    of recording: RecordingID, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      update hansard.recording_deletions
      set
        state = 'overtaken',
        decided_at = clock_timestamp(),
        decided_by = $3
      where tenant_id = $1
        and recording_id = $2
        and state = 'pending'
      """, tenant.uuid, recording.uuid, actor)
  }

  /// For the role hansard_retention. A word: `deleted`, or why not.
  static func deleteRecording(
    _ id: RecordingID, root: [UInt8], events: Int64, because reason: String,
    askedBy requester: String, by actor: String
  ) -> Query {
    Query(
      "select hansard.delete_recording($1, $2, $3, $4, $5, $6)", id.uuid, root, events, reason,
      requester, actor)
  }
}

extension RecordingDeletion {
  /// Reads `Query.deletionColumns`.
  init(reading column: inout RowReader) throws {
    id = try column.serverID()
    recording = try column.serverID()
    reason = try column.next()
    state = try column.word()
    requestedAt = try column.next()
    requestedBy = try column.next()
    decidedAt = try column.next()
    decidedBy = try column.next()
    refusalReason = try column.next()
  }
}

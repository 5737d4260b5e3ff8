// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func find(_ id: RecordingID, of tenant: TenantID, _ hold: Recordings.Hold) -> Query {
    let lock = hold == .locked ? "for no key update of p" : ""
    return Query(
      """
      select \(StoredRecording.columns)
      from hansard.canvas_recordings as r
      join hansard.recording_progress as p
        on p.tenant_id = r.tenant_id
        and p.recording_id = r.recording_id
      where r.tenant_id = $1
        and r.recording_id = $2
      \(lock)
      """, tenant.uuid, id.uuid)
  }

  /// From here on no event is accepted; the caller holds the row.
  static func close(_ id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.recording_progress
      set is_open = false
      where tenant_id = $1
        and recording_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// Settles how it ended and when it expires, by what is in force now: that may be after the partition of its
  /// events goes, and then they are moved to a later one.
  static func stop(
    _ id: RecordingID, of tenant: TenantID, status: Recording.Status, summary: String,
    retentionDays: Int
  ) -> Query {
    Query(
      """
      update hansard.canvas_recordings as r
      set
        status = $3,
        stopped_at = c.now,
        duration_seconds = greatest(0, extract(epoch from c.now - r.started_at)),
        summary = $4,
        event_count = p.event_count,
        retain_until = greatest(
          r.retain_until, c.now + make_interval(days => t.minimum_retention_days)),
        expires_at = greatest(
          r.retain_until, c.now + make_interval(days => t.minimum_retention_days),
          c.now + make_interval(days => coalesce(t.retention_days, $5))),
        updated_at = c.now
      from hansard.recording_progress as p,
        hansard.tenants as t,
        (select clock_timestamp() as now) as c
      where r.tenant_id = $1
        and r.recording_id = $2
        and r.status = 'recording'
        and p.tenant_id = r.tenant_id
        and p.recording_id = r.recording_id
        and t.tenant_id = r.tenant_id
      returning \(StoredRecording.columns)
      """, tenant.uuid, id.uuid, status.rawValue, summary, Int32(clamping: retentionDays))
  }

  static func addFlag(
    _ flag: FlagID, to id: RecordingID, of tenant: TenantID, _ reason: String,
    by actor: String
  ) -> Query {
    Query(
      """
      insert into hansard.recording_flags (
        tenant_id, flag_id, recording_id, flag_reason, flagged_by, flagged_at)
      values ($1, $2, $3, $4, $5, clock_timestamp())
      """, tenant.uuid, flag.uuid, id.uuid, reason, actor)
  }

  /// Makes the recording show its latest flag.
  static func markFlagged(_ id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.canvas_recordings as r
      set
        flagged_for_review = true,
        flag_reason = f.flag_reason,
        flagged_by = f.flagged_by,
        flagged_at = f.flagged_at,
        tags = case when 'flagged_review' = any (r.tags) then r.tags
          else array_append(r.tags, 'flagged_review') end,
        updated_at = f.flagged_at
      from hansard.recording_progress as p,
        (
          select flag_reason, flagged_by, flagged_at
          from hansard.recording_flags
          where tenant_id = $1
            and recording_id = $2
          order by flagged_at desc, flag_id desc
          limit 1
        ) as f
      where r.tenant_id = $1
        and r.recording_id = $2
        and p.tenant_id = r.tenant_id
        and p.recording_id = r.recording_id
      returning \(StoredRecording.columns)
      """, tenant.uuid, id.uuid)
  }

  static func flags(of id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      select flag_id, flag_reason, flagged_by, flagged_at
      from hansard.recording_flags
      where tenant_id = $1
        and recording_id = $2
      order by flagged_at, flag_id
      limit 1000
      """, tenant.uuid, id.uuid)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

// What puts a recording into the queue, or back into it where it is decided; what is open or claimed stays
// as it is.
extension Query {
  /// Somebody has flagged it: it is due in three days.
  ///
  /// - Parameter reopens: Whether one that is decided is opened again.
  static func openReview(
    ofFlagged recording: RecordingID, reopens: Bool, by caller: Caller
  ) -> Query {
    Query(
      """
      with opened as (
        insert into hansard.reviews as v (tenant_id, review_id, recording_id, source, due_at)
        values ($1, $2, $3, 'flag', now() + interval '3 days')
        on conflict (tenant_id, recording_id) do update
        set \(reopened(due: "excluded.due_at"))
        where v.state = 'decided'
          and $6
        returning v.review_id
      )
      insert into hansard.review_entries (tenant_id, entry_id, review_id, kind, actor, note)
      select $1, $4, o.review_id, 'opened', $5, 'flag'
      from opened as o
      """, caller.tenant.uuid, UUID.version7(), recording.uuid, UUID.version7(),
      caller.principal.actor, reopens)
  }

  /// It has ended, which may give cause for a review: then it is due in seven days. The first of these
  /// is the cause: it failed, an event is an error, a permission was denied, it is among the first of an
  /// agent that is new to autonomy, or it is drawn as a sample, as often as the tenant's policy says.
  ///
  /// - Parameters:
  ///   - source: What the recording's counters say: `failure`, `error`, or `sample` where neither.
  ///   - day: Names the partition of its events.
  static func openReview(
    ofEnded recording: RecordingID, because source: Review.Source, on day: String,
    by caller: Caller
  ) -> Query {
    Query(
      """
      with policy as (
        select p.new_autonomy_reviews, p.review_sample_percent
        from hansard.tenant_policies as p
        where p.tenant_id = $1
        order by p.version desc
        limit 1
      ), cause as (
        select
          case
            when $4::text <> 'sample' then $4
            when \(hasDenial) then 'denial'
            when \(isNewToAutonomy) then 'autonomy'
            else 'sample'
          end as source
      ), opened as (
        insert into hansard.reviews as v (tenant_id, review_id, recording_id, source, due_at)
        select $1, $2, $3, c.source, now() + interval '7 days'
        from cause as c
        where c.source <> 'sample'
          or random() * 100 < (select review_sample_percent from policy)
        on conflict (tenant_id, recording_id) do update
        set \(reopened(due: "excluded.due_at"))
        where v.state = 'decided'
        returning v.review_id
      )
      insert into hansard.review_entries (tenant_id, entry_id, review_id, kind, actor, note)
      select $1, $5, o.review_id, 'opened', $6, c.source
      from opened as o, cause as c
      """, caller.tenant.uuid, UUID.version7(), recording.uuid, source.rawValue, UUID.version7(),
      caller.principal.actor, day, Int32(TenantPolicy.standard.terms.newAutonomyReviews))
  }

  private static let hasDenial = """
    exists (
      select
      from hansard.recording_events as e
      where e.tenant_id = $1
        and e.recording_id = $3
        and e.expires_on = ($7::text)::date
        and e.event_type = '\(EventType.denialWord)')
    """

  /// Whether it is among so many of the agent's recordings, counted from when its status became
  /// autonomous. Which of them end first makes no difference.
  private static let isNewToAutonomy = """
    exists (
      select
      from hansard.canvas_recordings as r
      join hansard.agent_registry as a
        on a.tenant_id = r.tenant_id
        and a.agent_id = r.agent_id
        and a.status = 'autonomous'
        and a.autonomous_since <= r.started_at
      where r.tenant_id = $1
        and r.recording_id = $3
        and (
          select count(*)
          from (
            select
            from hansard.canvas_recordings as x
            where x.tenant_id = r.tenant_id
              and x.agent_id = r.agent_id
              and x.started_at >= a.autonomous_since
              and (x.started_at, x.recording_id) <= (r.started_at, r.recording_id)
            limit \(TenantPolicy.maximumNewAutonomyReviews + 1)
          ) as since
        ) <= coalesce((select new_autonomy_reviews from policy), $8))
    """

  /// What somebody has flagged is due in three days, though it was opened for another reason.
  static func bringForward(reviewOf recording: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.reviews
      set due_at = least(due_at, now() + interval '3 days')
      where tenant_id = $1
        and recording_id = $2
        and state <> 'decided'
      """, tenant.uuid, recording.uuid)
  }
}

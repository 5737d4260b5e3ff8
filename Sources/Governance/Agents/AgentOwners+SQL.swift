// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// Whether a period of `agent_owners` as o makes a recording, r, a matter of that user's own: they own
  /// its agent, or did between its start and its stop. Whoever gives an agent away does not become
  /// somebody else's judge of what it did for them.
  static let ownershipConcerns = """
    o.tenant_id = r.tenant_id
    and o.agent_id = r.agent_id
    and (
      o.until is null
      or o.until > r.started_at and o.since < coalesce(r.stopped_at, 'infinity'))
    """

  /// Makes these and no others the owners of an agent, and keeps who was one before. The caller holds
  /// `lockOwners`.
  static func setOwners(
    _ owners: [UserID], of id: AgentID, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      with removed as (
        update hansard.agent_owners
        set
          until = greatest(since, clock_timestamp()),
          removed_by = $4
        where tenant_id = $1
          and agent_id = $2
          and until is null
          and user_id <> all ($3)
      )
      insert into hansard.agent_owners (tenant_id, agent_id, user_id, added_by)
      select $1, $2, g.user_id, $4
      from unnest($3::text[]) as g (user_id)
      where not exists (
        select
        from hansard.agent_owners as o
        where o.tenant_id = $1
          and o.agent_id = $2
          and o.user_id = g.user_id
          and o.until is null)
      """, tenant.uuid, id.rawValue, owners.map(\.rawValue), actor)
  }

  /// A row where the user owns the recording's agent, or did while it was recorded.
  static func ownership(
    of user: UserID, ofAgentIn recording: RecordingID, of tenant: TenantID
  ) -> Query {
    Query(
      """
      select 1
      from hansard.canvas_recordings as r
      join hansard.agent_owners as o on \(ownershipConcerns)
      where r.tenant_id = $1
        and r.recording_id = $2
        and o.user_id = $3
      limit 1
      """, tenant.uuid, recording.uuid, user.rawValue)
  }
}

// Who owns an agent stays as it is while somebody judges what it did. A lock of its own rather than the
// agent's row: an agent is paused at once, however many reviewers are at work.
extension Query {
  /// Waits for whoever judges, and makes who comes wait, to the end of the transaction.
  static func lockOwners(of id: AgentID, of tenant: TenantID) -> Query {
    Query(
      "select pg_advisory_xact_lock(\(ownersLock("$1", "$2")))", tenant.uuid, id.rawValue)
  }

  /// Holds the owners of the agent that a review is about, together with others who judge.
  static func holdOwners(ofReview id: ReviewID, of tenant: TenantID) -> Query {
    Query(
      """
      select pg_advisory_xact_lock_shared(\(ownersLock("r.tenant_id", "r.agent_id")))
      from hansard.reviews as v
      join hansard.canvas_recordings as r
        on r.tenant_id = v.tenant_id
        and r.recording_id = v.recording_id
      where v.tenant_id = $1
        and v.review_id = $2
      """, tenant.uuid, id.uuid)
  }

  private static func ownersLock(_ tenant: String, _ agent: String) -> String {
    "hashtextextended('hansard.agent_owners ' || \(tenant)::text || ' ' || \(agent)::text, 0)"
  }
}

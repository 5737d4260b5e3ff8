// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

// What changes a review, and the lines of its history.
extension Query {
  /// Passes over what others are claiming at this moment, what is the caller's own or their agent's, and
  /// what waits for another verdict than the caller's.
  static func claimNext(
    for lease: Duration, by principal: Principal, of tenant: TenantID
  ) -> Query {
    Query(
      """
      update hansard.reviews as u
      set
        state = 'claimed',
        claimed_by = $3,
        claimed_until = now() + $4 * interval '1 microsecond'
      where u.tenant_id = $1
        and u.review_id = (
          select v.review_id
          from hansard.reviews as v
          join hansard.canvas_recordings as r
            on r.tenant_id = v.tenant_id
            and r.recording_id = v.recording_id
          join hansard.recording_progress as p
            on p.tenant_id = v.tenant_id
            and p.recording_id = v.recording_id
          where v.tenant_id = $1
            and v.state <> 'decided'
            and (v.state = 'open' or v.claimed_until <= now())
            and ($2::text is null or r.user_id <> $2 and not exists (
              select
              from hansard.agent_owners as o
              where \(ownershipConcerns)
                and o.user_id = $2))
            and not ($3 = any (v.proposed_by) and \(hasProposals))
          order by v.due_at, v.review_id
          limit 1
          for no key update of v skip locked)
      returning u.review_id
      """, tenant.uuid, principal.user?.rawValue, principal.actor, lease.microseconds)
  }

  static func claim(_ id: ReviewID, for lease: Duration, by caller: Caller) -> Query {
    Query(
      """
      update hansard.reviews
      set
        state = 'claimed',
        claimed_by = $3,
        claimed_until = now() + $4 * interval '1 microsecond'
      where tenant_id = $1
        and review_id = $2
      """, caller.tenant.uuid, id.uuid, caller.principal.actor, lease.microseconds)
  }

  static func release(_ id: ReviewID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.reviews
      set
        state = 'open',
        claimed_by = null,
        claimed_until = null
      where tenant_id = $1
        and review_id = $2
      """, tenant.uuid, id.uuid)
  }

  static func reopen(_ id: ReviewID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.reviews
      set \(reopened(due: "now() + interval '3 days'"))
      where tenant_id = $1
        and review_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// What an update of `hansard.reviews` sets where it opens one again.
  static func reopened(due: String) -> String {
    """
    state = 'open',
    due_at = \(due),
    review_status = null,
    decided_by = null,
    decided_at = null,
    decided_event_count = null,
    decided_root = null,
    decided_recording_at = null,
    proposed_by = '{}',
    proposed_status = '{}',
    proposed_event_count = null,
    proposed_root = null,
    proposed_recording_at = null
    """
  }

  /// A verdict that holds, and those that were given before it on the same.
  static func decide(
    _ id: ReviewID, _ decision: Decision, on basis: DecisionBasis,
    after proposals: [Review.Proposal], by caller: Caller
  ) -> Query {
    Query(
      """
      update hansard.reviews
      set
        state = 'decided',
        claimed_by = null,
        claimed_until = null,
        review_status = $3,
        decided_by = $4,
        decided_at = now(),
        decided_event_count = $5,
        decided_root = $6,
        decided_recording_at = $7,
        proposed_by = $8,
        proposed_status = $9,
        proposed_event_count = case when cardinality($8::text[]) > 0 then $5::bigint end,
        proposed_root = case when cardinality($8::text[]) > 0 then $6::bytea end,
        proposed_recording_at = case when cardinality($8::text[]) > 0 then $7::timestamptz end
      where tenant_id = $1
        and review_id = $2
      """, caller.tenant.uuid, id.uuid, decision.verdict.rawValue, caller.principal.actor,
      basis.events, basis.root, basis.recordingAt, proposals.map(\.by),
      proposals.map(\.verdict.rawValue))
  }

  /// The verdicts that wait for somebody who gives one of them too.
  static func propose(
    _ proposals: [Review.Proposal], for id: ReviewID, on basis: DecisionBasis, of tenant: TenantID
  ) -> Query {
    Query(
      """
      update hansard.reviews
      set
        state = 'open',
        claimed_by = null,
        claimed_until = null,
        proposed_by = $3,
        proposed_status = $4,
        proposed_event_count = $5,
        proposed_root = $6,
        proposed_recording_at = $7
      where tenant_id = $1
        and review_id = $2
      """, tenant.uuid, id.uuid, proposals.map(\.by), proposals.map(\.verdict.rawValue),
      basis.events, basis.root, basis.recordingAt)
  }

  static func addEntry(
    _ kind: ReviewEntry.Kind, to id: ReviewID, note: String? = nil, by caller: Caller
  ) -> Query {
    Query(
      """
      insert into hansard.review_entries (tenant_id, entry_id, review_id, kind, actor, note)
      values ($1, $2, $3, $4, $5, $6)
      """, caller.tenant.uuid, UUID.version7(), id.uuid, kind.rawValue, caller.principal.actor,
      note)
  }

  static func addEntry(
    _ kind: ReviewEntry.Kind, _ decision: Decision, on basis: DecisionBasis, to id: ReviewID,
    by caller: Caller
  ) -> Query {
    let ratings = decision.ratings
    return Query(
      """
      insert into hansard.review_entries (
        tenant_id, entry_id, review_id, kind, actor, review_status, overall_rating,
        performance_rating, safety_rating, feedback, identified_issues, positive_patterns,
        lessons_learned, governance_notes, event_count, merkle_root)
      values ($1, $2, $3, $16, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      """, caller.tenant.uuid, UUID.version7(), id.uuid, caller.principal.actor,
      decision.verdict.rawValue, ratings.overall.map { Int32(clamping: $0) },
      ratings.performance.map { Int32(clamping: $0) }, ratings.safety.map { Int32(clamping: $0) },
      decision.feedback, decision.identifiedIssues, decision.positivePatterns,
      decision.lessonsLearned, decision.governanceNotes, basis.events, basis.root, kind.rawValue)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// What `Review.init(_:)` reads, of `reviewTables`.
  private static let reviewColumns = """
    v.review_id, v.recording_id, r.agent_id, r.user_id, v.source, \(reviewState), v.opened_at,
    v.due_at, v.claimed_by, v.claimed_until, v.review_status, v.decided_by, v.decided_at,
    v.decided_event_count, v.decided_root,
    case
      when v.state = 'decided' then v.proposed_by
      when \(hasProposals) then array(select c.actor from \(countingProposals) order by c.place)
      else '{}'
    end,
    case
      when v.state = 'decided' then v.proposed_status
      when \(hasProposals) then array(select c.verdict from \(countingProposals) order by c.place)
      else '{}'
    end
    """

  /// Whom the recording concerns as owners of its agent.
  private static let agentOwners = """
    array(
      select distinct o.user_id
      from hansard.agent_owners as o
      where \(ownershipConcerns))
    """

  /// The verdicts that wait for another one, but for those of whoever has come to own the agent since.
  private static let countingProposals = """
    unnest(v.proposed_by, v.proposed_status) with ordinality as c (actor, verdict, place)
    where not exists (
      select
      from hansard.agent_owners as o
      where \(ownershipConcerns)
        and 'user:' || o.user_id = c.actor)
    """

  /// Whether somebody has given a verdict on what there is now; null where nobody has given any.
  static let hasProposals =
    "(v.proposed_event_count, v.proposed_recording_at) = (p.event_count, r.updated_at)"

  /// A lease that has ended is none, and a decision on something else than there is now is stale.
  private static let reviewState = """
    case
      when v.state = 'open' or v.state = 'claimed' and v.claimed_until <= now()
        then case
          when not coalesce(\(hasProposals), false) then 'open'
          when exists (select from \(countingProposals)) then 'awaiting_second'
          else 'open'
        end
      when v.state = 'decided'
        and (v.decided_event_count, v.decided_recording_at) <> (p.event_count, r.updated_at)
        then 'stale'
      else v.state
    end
    """

  private static let reviewTables = """
    hansard.reviews as v
    join hansard.canvas_recordings as r
      on r.tenant_id = v.tenant_id
      and r.recording_id = v.recording_id
    join hansard.recording_progress as p
      on p.tenant_id = v.tenant_id
      and p.recording_id = v.recording_id
    """

  /// The row has whom the recording concerns as owners of its agent behind the review.
  static func review(_ id: ReviewID, of tenant: TenantID, _ hold: Recordings.Hold) -> Query {
    Query(
      """
      select \(reviewColumns), \(agentOwners)
      from \(reviewTables)
      where v.tenant_id = $1
        and v.review_id = $2
      \(hold == .locked ? "for no key update of v" : "")
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  static func reviews(
    _ state: Review.State?, after place: ReviewPlace?, limit: PageLimit, of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("v.tenant_id = ", tenant.uuid)
    if let state {
      // What the indexes are made for; the expression sorts out the rest.
      switch state {
      case .open, .awaitingSecond, .claimed: conditions.clauses.append("v.state <> 'decided'")
      case .decided, .stale: conditions.clauses.append("v.state = 'decided'")
      }
      conditions.add("\(reviewState) = ", state.rawValue)
    }
    if let place {
      let time = conditions.bind(place.dueAt)
      let id = conditions.bind(place.id.uuid)
      conditions.clauses.append("(v.due_at, v.review_id) > (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(reviewColumns)
      from \(reviewTables)
      where \(conditions.text)
      order by v.due_at, v.review_id
      limit \(limit)
      """, parameters: conditions.parameters)
  }

  static func reviewHistory(_ id: ReviewID, of tenant: TenantID) -> Query {
    Query(
      """
      select
        e.kind, e.actor, e.occurred_at, e.note, e.event_count, e.merkle_root, e.review_status,
        e.overall_rating, e.performance_rating, e.safety_rating, e.feedback, e.identified_issues,
        e.positive_patterns, e.lessons_learned, e.governance_notes
      from (
        select *
        from hansard.review_entries
        where tenant_id = $1
          and review_id = $2
        order by occurred_at desc, entry_id desc
        limit 1000
      ) as e
      order by e.occurred_at, e.entry_id
      """, tenant.uuid, id.uuid)
  }

  /// The leaf hashes behind position `seq` and up to `last`, in order.
  static func leaves(
    of recording: RecordingID, of tenant: TenantID, on day: String, after seq: Int, upTo last: Int64
  ) -> Query {
    Query(
      """
      select leaf_hash
      from hansard.recording_events
      where tenant_id = $1
        and recording_id = $2
        and expires_on = ($4::text)::date
        and seq > $3
        and seq <= $5
      order by seq
      limit 10000
      """, tenant.uuid, recording.uuid, Int64(seq), day, last)
  }
}

extension Review {
  init(reading column: inout RowReader) throws {
    id = try column.serverID()
    recording = try column.serverID()
    agent = try column.callerID()
    owner = try column.callerID()
    source = try column.word()
    state = try column.word()
    openedAt = try column.next()
    dueAt = try column.next()
    claimedBy = try column.next()
    claimedUntil = try column.next()
    verdict = try column.next(String?.self).flatMap { Verdict(rawValue: $0) }
    decidedBy = try column.next()
    decidedAt = try column.next()
    decidedEventCount = try column.next()
    decidedRoot = try column.next()
    let proposers = try column.next([String].self)
    let verdicts = try column.next([String].self)
    proposals = try zip(proposers, verdicts).map { by, word in
      guard let verdict = Verdict(rawValue: word) else { throw DomainError.unreadable }
      return Proposal(by: by, verdict: verdict)
    }
  }
}

extension ReviewEntry {
  init(_ row: Row) throws {
    var column = row.reader()
    guard let kind = Kind(rawValue: try column.next()) else { throw DomainError.unreadable }
    self.kind = kind
    actor = try column.next()
    occurredAt = try column.next()
    note = try column.next()
    eventCount = try column.next()
    root = try column.next()
    guard let word = try column.next(String?.self) else { return }
    guard let verdict = Review.Verdict(rawValue: word) else { throw DomainError.unreadable }
    func rating() throws -> Int? { try column.next(Int32?.self).map { Int($0) } }
    let ratings = Decision.Ratings(
      overall: try rating(), performance: try rating(), safety: try rating())
    decision = Decision(
      verdict: verdict, ratings: ratings, feedback: try column.next(),
      identifiedIssues: try column.next(), positivePatterns: try column.next(),
      lessonsLearned: try column.next(), governanceNotes: try column.next())
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// What `Review.init(_:)` reads, of `reviewTables`.
  private static let reviewColumns = """
    v.review_id, v.recording_id, r.agent_id, r.user_id, v.source, \(reviewState), v.opened_at,
    v.due_at, v.claimed_by, v.claimed_until, v.review_status, v.decided_by, v.decided_at,
    v.decided_event_count, v.decided_root
    """

  /// A lease that has ended is none, and a decision on something else than there is now is stale.
  private static let reviewState = """
    case
      when v.state = 'claimed' and v.claimed_until <= now() then 'open'
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

  static func review(_ id: ReviewID, of tenant: TenantID, _ hold: Recordings.Hold) -> Query {
    Query(
      """
      select \(reviewColumns)
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
      case .open, .claimed: conditions.clauses.append("v.state <> 'decided'")
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

  /// Passes over what others are claiming at this moment, and what is the caller's own.
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
          where v.tenant_id = $1
            and v.state <> 'decided'
            and (v.state = 'open' or v.claimed_until <= now())
            and ($2::text is null or r.user_id <> $2)
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

  private static func reopened(due: String) -> String {
    """
    state = 'open',
    due_at = \(due),
    review_status = null,
    decided_by = null,
    decided_at = null,
    decided_event_count = null,
    decided_root = null,
    decided_recording_at = null
    """
  }

  static func decide(
    _ id: ReviewID, _ decision: Decision, on basis: DecisionBasis, by caller: Caller
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
        decided_recording_at = $7
      where tenant_id = $1
        and review_id = $2
      """, caller.tenant.uuid, id.uuid, decision.verdict.rawValue, caller.principal.actor,
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
    _ decision: Decision, on basis: DecisionBasis, to id: ReviewID, by caller: Caller
  ) -> Query {
    let ratings = decision.ratings
    return Query(
      """
      insert into hansard.review_entries (
        tenant_id, entry_id, review_id, kind, actor, review_status, overall_rating,
        performance_rating, safety_rating, feedback, identified_issues, positive_patterns,
        lessons_learned, governance_notes, event_count, merkle_root)
      values ($1, $2, $3, 'decided', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      """, caller.tenant.uuid, UUID.version7(), id.uuid, caller.principal.actor,
      decision.verdict.rawValue, ratings.overall.map { Int32(clamping: $0) },
      ratings.performance.map { Int32(clamping: $0) }, ratings.safety.map { Int32(clamping: $0) },
      decision.feedback, decision.identifiedIssues, decision.positivePatterns,
      decision.lessonsLearned, decision.governanceNotes, basis.events, basis.root)
  }

  /// Puts a recording into the queue, or back into it where it is decided; what is open or claimed
  /// stays as it is. What somebody flagged is due in three days, what a rule found in seven. A sample is
  /// drawn as often as the tenant's policy says.
  ///
  /// - Parameter reopens: Whether one that is decided is opened again.
  static func openReview(
    of recording: RecordingID, because source: Review.Source, reopens: Bool, by caller: Caller
  ) -> Query {
    Query(
      """
      with opened as (
        insert into hansard.reviews as v (tenant_id, review_id, recording_id, source, due_at)
        select $1, $2, $3, $4, now() + make_interval(days => $5)
        where $4::text <> 'sample'
          or random() * 100 < (
            select p.review_sample_percent
            from hansard.tenant_policies as p
            where p.tenant_id = $1
            order by p.version desc
            limit 1)
        on conflict (tenant_id, recording_id) do update
        set \(reopened(due: "excluded.due_at"))
        where v.state = 'decided'
          and $8
        returning v.review_id
      )
      insert into hansard.review_entries (tenant_id, entry_id, review_id, kind, actor, note)
      select $1, $6, o.review_id, 'opened', $7, $4
      from opened as o
      """, caller.tenant.uuid, UUID.version7(), recording.uuid, source.rawValue,
      Int32(source == .flag ? 3 : 7), UUID.version7(), caller.principal.actor, reopens)
  }

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
  init(_ row: Row) throws {
    var column = row.reader()
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

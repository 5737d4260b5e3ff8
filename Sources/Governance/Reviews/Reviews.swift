// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The review queue: what waits for somebody to judge it, in the order in which it is due.
///
/// An item is claimed for a time, so that no two people work on the same; what happens to it is kept
/// in its history, of which nothing is ever changed. A decision is bound to the events that it was
/// made on, by their number and the Merkle root over them.
package struct Reviews: Sendable {
  /// How long a claim lasts unless said.
  package static let standardLease = Duration.seconds(30 * 60)
  /// How long it lasts at the most.
  package static let longestLease = Duration.seconds(24 * 3600)

  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// A page of the queue, what is due first first; of all states where none is given.
  package func list(
    _ state: Review.State?, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<Review> {
    let mention = AuditMention(details: state.map { ["state": $0.rawValue] } ?? [:])
    return try await gate.perform(.readReviews, by: caller, naming: mention) { transaction, note in
      let place = try cursor.map { try ReviewPlace($0, of: caller.tenant) }
      // No index has the stale ones alone: there may be few among many.
      if state != .stale { transaction.enqueue(.inOrderOfIndexes) }
      let rows = try await transaction.execute(
        .reviews(state, after: place, limit: limit, of: caller.tenant))
      let reviews = try rows.prefix(limit.count).map { row in
        var column = row.reader()
        return try Review(reading: &column)
      }
      note.amend(count: reviews.count)
      let next = rows.count > limit.count ? reviews.last.map(ReviewPlace.init) : nil
      return Page(elements: reviews, next: next?.cursor(of: caller.tenant))
    }
  }

  /// One review with its history, oldest first.
  package func find(
    _ id: ReviewID, by caller: Caller
  ) async throws -> (review: Review, history: [ReviewEntry]) {
    try await gate.perform(
      .readReviews, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller, .unlocked) },
      work: { transaction, review, _ in
        let rows = try await transaction.execute(.reviewHistory(id, of: caller.tenant))
        return (review, try rows.map { try ReviewEntry($0) })
      })
  }

  /// Takes the one that is due first and that the caller may judge; nil where there is none. Any
  /// number of callers at once get different ones.
  package func claimNext(for lease: Duration, by caller: Caller) async throws -> Review? {
    try await gate.perform(.claimReview, by: caller) { transaction, note in
      try await Self.requireSomebody(caller, in: transaction)
      let rows = try await transaction.execute(
        .claimNext(for: lease, by: caller.principal, of: caller.tenant))
      guard let row = rows.first else { return nil }
      var column = row.reader()
      let id: ReviewID = try column.serverID()
      transaction.enqueue(.addEntry(.claimed, to: id, by: caller))
      let found = try await Self.load(id, in: transaction, caller, .unlocked)
      note.amend { $0 = found.mention }
      return found.value
    }
  }

  /// Takes one, or prolongs the lease of one that the caller has.
  ///
  /// - Throws: `reviewTaken` while somebody else has it, `reviewNotOpen` when it is decided,
  ///   `reviewNeedsAnother` when it waits for another verdict than the caller's.
  package func claim(
    _ id: ReviewID, for lease: Duration, by caller: Caller
  ) async throws -> Review {
    try await change(id, .claimReview, caller) { transaction, review in
      switch review.state {
      case .claimed where review.claimedBy != caller.principal.actor:
        throw DomainError(.reviewTaken, "Somebody else is at this review.")
      case .decided, .stale:
        throw DomainError(.reviewNotOpen, "It is decided; it can be opened again.")
      case .open, .awaitingSecond, .claimed: break
      }
      try review.requireAnother(than: caller)
      try await Self.requireSomebody(caller, in: transaction)
      transaction.enqueue(.claim(id, for: lease, by: caller))
      transaction.enqueue(.addEntry(.claimed, to: id, by: caller))
    }
  }

  /// Gives one back.
  package func release(_ id: ReviewID, by caller: Caller) async throws -> Review {
    try await change(id, .releaseReview, caller) { transaction, review in
      try review.requireClaim(of: caller)
      transaction.enqueue(.release(id, of: caller.tenant))
      transaction.enqueue(.addEntry(.released, to: id, by: caller))
    }
  }

  /// Adds a comment to the history.
  package func comment(
    _ text: RecordingText, on id: ReviewID, by caller: Caller
  ) async throws -> Review {
    let note = try await redactors.find(caller.tenant).redact(text.rawValue)
    return try await change(id, .commentReview, caller) { transaction, _ in
      transaction.enqueue(.addEntry(.commented, to: id, note: note, by: caller))
    }
  }

  /// Opens one again that was decided, or has a verdict that waits for another: no verdict counts from
  /// then on.
  package func reopen(
    _ id: ReviewID, because text: RecordingText, by caller: Caller
  ) async throws -> Review {
    let note = try await redactors.find(caller.tenant).redact(text.rawValue)
    return try await change(id, .reopenReview, caller) { transaction, review in
      guard review.verdict != nil || review.state == .awaitingSecond else {
        throw DomainError(.reviewNotDecided, "It is not decided.")
      }
      transaction.enqueue(.reopen(id, of: caller.tenant))
      transaction.enqueue(.addEntry(.reopened, to: id, note: note, by: caller))
    }
  }
}

extension Reviews {
  /// What reviewers made of an agent in the last `days`.
  package func metrics(
    of agent: AgentID, days: Int, by caller: Caller
  ) async throws -> ReviewMetrics {
    // The audit entry names what was asked for.
    let rules = try await redactors.find(caller.tenant).rules
    try rules.requireNoToken(in: [("agent_id", agent.rawValue)])
    return try await gate.perform(
      .readReviewMetrics, by: caller,
      naming: AuditMention(agent: agent, details: ["days": "\(days)"])
    ) { transaction, _ in
      let results = try await transaction.pipeline([
        .agent(agent, of: caller.tenant),
        .reviewMetrics(of: agent, days: days, of: caller.tenant),
      ])
      guard results.count == 2, let row = results[0].first, let metrics = results[1].first else {
        throw DomainError(.notFound, "There is no such agent.")
      }
      return try ReviewMetrics(metrics, status: try Agent(row).status)
    }
  }

  static func mention(_ id: ReviewID) -> AuditMention {
    AuditMention(details: ["review_id": id.description])
  }

  static func load(
    _ id: ReviewID, in transaction: PostgresTransaction, _ caller: Caller, _ hold: Recordings.Hold
  ) async throws -> Gate.Subject<Review> {
    let rows = try await transaction.execute(.review(id, of: caller.tenant, hold))
    guard let row = rows.first else { throw try await absence(of: id, in: transaction, caller) }
    var column = row.reader()
    let review = try Review(reading: &column)
    let agentOwners = try column.next([String].self).compactMap { UserID($0) }
    var mention = mention(id)
    mention.recording = review.recording
    mention.agent = review.agent
    mention.user = review.owner
    return Gate.Subject(
      value: review,
      facts: AccessFacts(
        owner: review.owner, agent: review.agent, agentOwners: Set(agentOwners)),
      mention: mention)
  }

  /// The same for whoever judges: until they are done nobody comes to own the agent, or ceases to.
  static func loadToJudge(
    _ id: ReviewID, in transaction: PostgresTransaction, _ caller: Caller, _ hold: Recordings.Hold
  ) async throws -> Gate.Subject<Review> {
    transaction.enqueue(.holdOwners(ofReview: id, of: caller.tenant))
    return try await load(id, in: transaction, caller, hold)
  }

  /// Finds a review, locks it, lets `body` change it, and returns it as it is then.
  private func change(
    _ id: ReviewID, _ operation: Operation, _ caller: Caller,
    _ body: @escaping @Sendable (PostgresTransaction, Review) async throws -> Void
  ) async throws -> Review {
    try await gate.perform(
      operation, by: caller, naming: Self.mention(id),
      load: { try await Self.loadToJudge(id, in: $0, caller, .locked) },
      work: { transaction, review, _ in
        try await body(transaction, review)
        return try await Self.load(id, in: transaction, caller, .unlocked).value
      })
  }
}

extension Review {
  /// - Throws: `reviewNotClaimed` unless the caller has it and the lease has not ended.
  func requireClaim(of caller: Caller) throws(DomainError) {
    guard state == .claimed, claimedBy == caller.principal.actor else {
      throw DomainError(.reviewNotClaimed, "You have not claimed this review, or not in time.")
    }
  }

  /// - Throws: `reviewNeedsAnother` where the caller has given a verdict that waits for another.
  func requireAnother(than caller: Caller) throws(DomainError) {
    guard !proposals.contains(where: { $0.by == caller.principal.actor }) else {
      throw DomainError(
        .reviewNeedsAnother, "You have given your verdict; somebody else has to give theirs.")
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Reviews {
  /// Gives a verdict on the recording as it is now; the caller has claimed it.
  ///
  /// It holds at once, or, where the tenant's policy wants four eyes, when another reviewer has given the
  /// same on the same: until then it waits, whatever others have given meanwhile.
  ///
  /// - Parameter events: How many events the caller has seen, if that is said.
  /// - Throws: `changedMeanwhile` where there are more, `reviewNotClaimed`, `reviewNeedsAnother`,
  ///   `forbidden` where four eyes are wanted and the caller's key is nobody's.
  package func decide(
    _ id: ReviewID, _ decision: Decision, seen events: Int64?, by caller: Caller
  ) async throws -> Review {
    let decision = try decision.redacted(by: try await redactors.find(caller.tenant))
    return try await gate.perform(
      .decideReview, by: caller, naming: Self.mention(id),
      load: { try await Self.loadToJudge(id, in: $0, caller, .unlocked) },
      work: { transaction, review, note in
        try review.requireClaim(of: caller)
        let needsTwo = try await Self.requireSomebody(caller, in: transaction)
        let basis = try await DecisionBasis(of: review.recording, caller, in: transaction)
        guard events ?? basis.events == basis.events else {
          throw DomainError(.changedMeanwhile, "There are other events than you have seen.")
        }
        // Behind the recording's lock, as flags and stops take them.
        let found = try await Self.load(id, in: transaction, caller, .locked).value
        try found.requireClaim(of: caller)
        try found.requireAnother(than: caller)
        let holds = !needsTwo || found.proposals.contains { $0.verdict == decision.verdict }
        note.amend {
          $0.details["review_status"] = decision.verdict.rawValue
          $0.details["holds"] = "\(holds)"
        }
        transaction.enqueue(Self.verdict(decision, on: found, basis, holds: holds, by: caller))
        transaction.enqueue(
          .addEntry(holds ? .decided : .proposed, decision, on: basis, to: id, by: caller))
        let judged = try await Self.load(id, in: transaction, caller, .unlocked).value
        if holds { note.announce(.reviewed(judged)) }
        return judged
      })
  }

  /// What a verdict makes of a review.
  private static func verdict(
    _ decision: Decision, on review: Review, _ basis: DecisionBasis, holds: Bool, by caller: Caller
  ) -> Query {
    if holds {
      return .decide(review.id, decision, on: basis, after: review.proposals, by: caller)
    }
    let proposal = Review.Proposal(by: caller.principal.actor, verdict: decision.verdict)
    return .propose(review.proposals + [proposal], for: review.id, on: basis, of: caller.tenant)
  }

  /// Whether the tenant wants four eyes. Then two keys that name no user could be one person's, and each
  /// could be the owner's: they judge nothing.
  @discardableResult
  static func requireSomebody(
    _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> Bool {
    let policy = try await TenantPolicies.current(of: caller.tenant, in: transaction)
    guard policy.terms.fourEyes else { return false }
    guard caller.principal.user != nil else {
      throw DomainError(.forbidden, "Under four eyes a key names its user.")
    }
    return true
  }
}

extension Decision {
  /// The same without what the tenant has redacted.
  fileprivate func redacted(by redactor: TenantRedactor) throws -> Decision {
    var decision = self
    decision.feedback = try feedback.map { try redactor.redact($0) }
    decision.lessonsLearned = try lessonsLearned.map { try redactor.redact($0) }
    decision.governanceNotes = try governanceNotes.map { try redactor.redact($0) }
    decision.identifiedIssues = try identifiedIssues.map { try redactor.redact($0) }
    decision.positivePatterns = try positivePatterns.map { try redactor.redact($0) }
    return decision
  }
}

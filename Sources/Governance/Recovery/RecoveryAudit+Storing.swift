// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension RecoveryAudit {
  /// Where a session stands that attempts are added to; nothing of it where it is still to begin.
  struct Standing: Sendable {
    var stored: StoredRecovery?
    var key: WrappedRecordingKey?
    /// Attempts of the request that are stored already, by entry.
    var known: [String: RecoveryPlan.Known] = [:]
    /// What the tenant wants to be alerted to.
    let alerts: RecoveryAlertPolicy
  }

  /// Finds the session and holds it, also where there is none yet.
  func load(
    _ request: RecoveryLogging, in transaction: PostgresTransaction
  ) async throws -> Gate.Subject<Standing> {
    let (id, tenant) = (request.session, request.caller.tenant)
    // Statements of their own: what is read must see what whoever held the lock has committed.
    let results = try await transaction.pipeline([
      .lockRecovery(id, of: tenant), .recovery(id, of: tenant), .recoveryKey(of: id, of: tenant),
      .knownAttempts(request.attempts.compactMap(\.draft.entry), of: id, tenant),
      .alertPolicy(of: tenant),
    ])
    guard results.count == 5 else { throw DomainError.unreadable }
    var standing = Standing(alerts: try RecoveryAlertPolicy(results[4]))
    standing.stored = try results[1].first.map { try StoredRecovery($0) }
    standing.key = try results[2].first.map { row in
      var column = row.reader()
      return try WrappedRecordingKey(reading: &column)
    }
    for row in results[3] {
      let known = try RecoveryPlan.Known(row, in: id)
      standing.known[known.receipt.entry] = known
    }
    let principal = request.caller.principal
    // Whoever is not told by the session itself is told by whoever starts it.
    let facts = AccessFacts(
      owner: standing.stored.map(\.session.user) ?? (request.user ?? principal.user),
      agent: standing.stored?.session.agent ?? request.agent)
    var mention = request.mention
    mention.user = facts.owner ?? request.user
    mention.agent = facts.agent
    return Gate.Subject(value: standing, facts: facts, mention: mention)
  }

  /// Stores the attempts of a request and tells of them; the caller holds the session.
  func store(
    _ request: RecoveryLogging, _ standing: Standing, in transaction: PostgresTransaction,
    note: AuditNote
  ) async throws -> [RecoveryReceipt] {
    try request.requireOwnAgents()
    let (stored, keys) = try await opened(standing, request, in: transaction)
    var plan = RecoveryPlan(attempts: stored.session.attemptCount, lastNumber: stored.lastNumber)
    try plan.add(
      request.attempts, macs: try keys.macs(of: request.attempts), known: standing.known)
    guard !plan.new.isEmpty else { return plan.receipts([]) }
    let recordedAt = try await advance(stored, by: plan, request, in: transaction)
    let events = try await tell(plan, request, at: recordedAt, in: transaction)
    let session = stored.session.named(by: request)
    let sealed = try plan.new.map { new in
      let attempt = request.attempts[new.index]
      let facts = RecoveryFacts(
        attempt, new, of: session, by: request.caller.principal.actor, at: recordedAt,
        events[new.index])
      return try keys.seal(
        attempt, as: facts, new.contentMAC, of: request.caller.tenant, stored.uuid)
    }
    transaction.enqueue(.insertAttempts(sealed, in: request.session, of: request.caller.tenant))
    for attempt in sealed { note.announce(.attempted(attempt.facts, in: request.session)) }
    // Behind everything else that it waits for.
    try await alert(
      to: sealed.map(\.facts), of: request, standing.alerts, at: recordedAt, in: transaction,
      note: note)
    return plan.receipts(
      sealed.map { RecoveryReceipt($0.facts, in: request.session) })
  }

  /// The session and its keys, begun now where there is none.
  private func opened(
    _ standing: Standing, _ request: RecoveryLogging, in transaction: PostgresTransaction
  ) async throws -> (StoredRecovery, RecoveryKeys) {
    let (tenant, principal) = (request.caller.tenant, request.caller.principal)
    let user = request.user ?? (standing.stored == nil ? principal.user : nil)
    try standing.stored?.requireThere()
    if let owner = standing.stored?.session.user { try request.require(owner) }
    transaction.introduce(
      [user].compactMap(\.self), request.attempts.compactMap(\.agent), tenant)
    guard let stored = standing.stored else {
      let begun = try await begin(
        request.session, request.agent, user, request.caller, in: transaction)
      guard let begun else { throw DomainError.unreadable }  // It is held, and was not there.
      return begun
    }
    guard let key = standing.key else {
      try await StoredRecovery.requireStill(request.session, of: tenant, in: transaction)
      throw DomainError.unreadable
    }
    return (stored, try key.recoveryKeys(in: vault, tenant: tenant, session: stored.uuid))
  }

  /// Counts the attempts in, and returns the time at which they are stored.
  private func advance(
    _ stored: StoredRecovery, by plan: RecoveryPlan, _ request: RecoveryLogging,
    in transaction: PostgresTransaction
  ) async throws -> Timestamp {
    guard plan.lastPosition < 1 << 24 else {
      throw DomainError.invalid("", "too_many", "The session holds as many attempts as it can.")
    }
    let rows = try await transaction.execute(
      .advanceRecovery(
        stored, to: plan.lastPosition, plan.lastNumber, request.agent, request.user,
        of: request.caller.tenant))
    guard let row = rows.first else {
      // Somebody has cleared all sessions meanwhile, or it has expired.
      try await StoredRecovery.requireStill(
        request.session, of: request.caller.tenant, in: transaction)
      throw DomainError.unreadable
    }
    return try row.decode(0)
  }
}

extension RecoverySession {
  /// The session with whom it names from this request on, as `advance` writes it.
  fileprivate func named(by request: RecoveryLogging) -> RecoverySession {
    var session = self
    session.agent = agent ?? request.agent
    session.user = user ?? request.user
    return session
  }
}

extension RecoveryPlan {
  /// The receipts of a request in its order, given those of what is new.
  func receipts(_ new: [RecoveryReceipt]) -> [RecoveryReceipt] {
    outcomes.compactMap { outcome in
      switch outcome {
      case .known(let receipt): receipt
      case .new(let place): place < new.count ? new[place] : nil
      }
    }
  }
}

extension RecoveryFacts {
  fileprivate init(
    _ attempt: PreparedAttempt, _ new: RecoveryPlan.New, of session: RecoverySession,
    by actor: String, at recordedAt: Timestamp, _ event: RecoveryEvent?
  ) {
    let draft = attempt.draft
    self.init(
      entry: attempt.entry.rawValue, position: new.position,
      occurredAt: draft.timestamp ?? recordedAt, recordedAt: recordedAt, recordedBy: actor,
      errorType: attempt.errorType, strategy: attempt.strategy, number: new.number,
      success: draft.success, rollbackPerformed: draft.rollbackPerformed,
      nextAction: attempt.nextAction, duration: draft.duration.text,
      agent: attempt.agent ?? session.agent, user: attempt.user ?? session.user,
      canvas: draft.canvas, event: event)
  }
}

extension RecoveryReceipt {
  /// Of one that is stored now.
  fileprivate init(_ facts: RecoveryFacts, in session: SessionID) {
    self.init(
      session: session, entry: facts.entry, number: facts.number, recordedAt: facts.recordedAt,
      event: facts.event, isReplay: false)
  }
}

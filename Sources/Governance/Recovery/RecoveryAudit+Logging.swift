// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RecoveryAudit {
  /// Stores attempts at the end of a session: all of them or none. A session starts by itself at its
  /// first attempt.
  ///
  /// An attempt whose entry id is stored already answers with its first receipt if it is the same. One that
  /// was made in a recording is also an event `recovery_attempt` in its timeline, in the same transaction.
  ///
  /// - Parameter drafts: 1 to `RecoveryAttemptDraft.maximumBatch`.
  /// - Returns: One receipt per attempt, in order.
  /// - Throws: `eventMismatch` for an entry id that another attempt has, with pointers
  ///   `/<index>/entry_id`; `sessionCleared`, `sessionExpired`; of the recordings `notFound`, `forbidden`,
  ///   `recordingNotOpen`, `quotaExceeded`. Nothing is stored then.
  package func log(
    _ drafts: [RecoveryAttemptDraft], in id: SessionID, by caller: Caller
  ) async throws -> [RecoveryReceipt] {
    guard (1...RecoveryAttemptDraft.maximumBatch).contains(drafts.count) else {
      throw DomainError.invalid(
        "", "count_out_of_range", "There are 1 to \(RecoveryAttemptDraft.maximumBatch) attempts.")
    }
    try await vault.verify(against: gate.database)
    let redactor = try await redactors.find(caller.tenant)
    try redactor.rules.requireNoToken(
      in: [("session_id", id.rawValue)] + drafts.enumerated().flatMap { $1.ids(at: $0) })
    let request = RecoveryLogging(
      session: id, caller: caller,
      attempts: try drafts.map {
        try PreparedAttempt($0, by: caller.principal, redactor: redactor)
      },
      redactor: redactor, contexts: try await contexts(of: drafts, caller))
    try request.requireOneUser()
    let receipts = try await withinQuota(request) {
      try await gate.perform(
        .logRecovery, by: caller, naming: request.mention,
        load: { try await load(request, in: $0) },
        work: { try await store(request, $1, in: $0, note: $2) })
    }
    count(request.attempts, by: receipts)
    return receipts
  }

  /// Counts the attempts that are new; one that a request has twice is one.
  private func count(_ attempts: [PreparedAttempt], by receipts: [RecoveryReceipt]) {
    var entries: Set<String> = []
    let new = zip(attempts, receipts).filter { !$1.isReplay && entries.insert($1.entry).inserted }
    guard !new.isEmpty else { return }
    let observer = gate.database.observer
    observer.observe(
      .recoveriesLogged(
        attempts: new.count, failures: new.count { !$0.0.draft.success },
        events: new.count { $0.1.event != nil }))
    let redactions = new.reduce(0) { $0 + $1.0.redactions.total }
    if redactions > 0 { observer.observe(.redacted(count: redactions)) }
  }

  /// What is known of the recordings that attempts were made in, once it is settled that the caller may
  /// write to them.
  private func contexts(
    of drafts: [RecoveryAttemptDraft], _ caller: Caller
  ) async throws -> [RecordingID: RecordingContext] {
    var contexts: [RecordingID: RecordingContext] = [:]
    for id in Set(drafts.compactMap(\.recording)) {
      guard let context = try await recordings.contexts.find(id, of: caller.tenant) else {
        try await gate.refuseMissing(id, .logRecovery, by: caller)
      }
      try await gate.admit(
        .appendEvents, by: caller, facts: context.facts, naming: context.mention)
      contexts[id] = context
    }
    return contexts
  }

  /// Events that tell of attempts count as any others.
  private func withinQuota(
    _ request: RecoveryLogging, _ body: () async throws -> [RecoveryReceipt]
  ) async throws -> [RecoveryReceipt] {
    let count = request.attempts.count { $0.draft.recording != nil }
    guard count > 0 else { return try await body() }
    let limiter = recordings.limiter
    let allotment = try await limiter.take(count, of: .events, for: request.caller.tenant)
    do {
      let receipts = try await body()
      let told = Set(receipts.filter { !$0.isReplay && $0.event != nil }.map(\.entry)).count
      limiter.giveBack(count - told, of: allotment)
      return receipts
    } catch {
      if !error.mayHaveBeenDone { limiter.giveBack(count, of: allotment) }
      throw error
    }
  }
}

/// A request to log attempts, and what can be known of it before its transaction.
struct RecoveryLogging: Sendable {
  let session: SessionID
  let caller: Caller
  let attempts: [PreparedAttempt]
  let redactor: TenantRedactor
  let contexts: [RecordingID: RecordingContext]

  /// The user that it names; all attempts name the same one.
  var user: UserID? { attempts.lazy.compactMap(\.user).first }
  /// The first agent that it names.
  var agent: AgentID? { attempts.lazy.compactMap(\.agent).first }

  var mention: AuditMention {
    AuditMention(
      recording: contexts.count == 1 ? contexts.keys.first : nil, agent: agent, user: user,
      session: session, details: ["attempts": "\(attempts.count)"])
  }

  /// A session is one user's: it would show each of two what is the other's.
  func requireOneUser() throws(DomainError) {
    guard let user else { return }
    try require(user)
  }

  /// - Throws: `validationFailed` at the first attempt that names another user.
  func require(_ user: UserID) throws(DomainError) {
    guard let index = attempts.firstIndex(where: { $0.user.map { $0 != user } ?? false }) else {
      return
    }
    throw .invalid("/\(index)/user_id", "not_allowed", "The session names another user.")
  }

  /// - Throws: `forbidden` where the caller's key records for one agent, and an attempt is another's.
  func requireOwnAgents() throws(DomainError) {
    guard let bound = caller.principal.agent, attempts.contains(where: { $0.agent != bound })
    else { return }
    throw DomainError(.forbidden, "This key records for another agent.")
  }
}

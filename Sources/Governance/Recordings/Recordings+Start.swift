// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Recordings {
  /// Starts a recording by hand.
  ///
  /// A user or agent named for the first time appears, unregistered, the agent as a student.
  ///
  /// - Throws: `recordingDisabled` while recording is switched off; `quotaExceeded`.
  package func start(
    _ draft: RecordingDraft, by caller: Caller
  ) async throws -> Recording {
    guard settings.isEnabled else {
      throw DomainError(.recordingDisabled, "Recording is switched off on this deployment.")
    }
    return try await withinQuota(caller) { refusal in
      // Only inside is it known whether a request that has a name was done before.
      if let refusal, caller.once == nil { throw refusal }
      return try await start(draft, unless: refusal, by: caller)
    }
  }

  private func start(
    _ draft: RecordingDraft, unless refusal: DomainError?, by caller: Caller
  ) async throws -> Recording {
    let user = try Self.owner(draft.user, caller)
    try await vault.verify(against: gate.database)
    let redactor = try await redactors.find(caller.tenant)
    let plan = StartPlan(
      id: .make(), agent: draft.agent, user: user, canvas: draft.canvas, session: draft.session,
      reason: try redactor.redact(draft.reason.rawValue),
      tags: try draft.tags.map { try redactor.redact($0.rawValue) }.withoutRepeats, action: nil,
      scope: nil)
    try plan.requireNoToken(redactor.rules)
    return try await gate.perform(
      .startRecording, by: caller, facts: plan.facts, naming: plan.mention
    ) { transaction, note in
      if let refusal { throw refusal }
      let party = try await Self.introduce(plan, caller, in: transaction)
      note.amend { $0.recording = plan.id }
      let recording = try await begin(plan, party, caller, in: transaction).recording
      note.announce(.started(recording))
      return recording
    }
  }

  /// Starts a recording if the tenant's rules say so, or in want of a rule if the agent works
  /// autonomously; or finds the one that its session has.
  ///
  /// - Throws: `quotaExceeded` where one would have to be started.
  package func startAutomatically(
    _ draft: AutomaticDraft, by caller: Caller
  ) async throws -> AutomaticOutcome {
    try await withinQuota(caller, hasStarted: \.created) { refusal in
      try await startAutomatically(draft, unless: refusal, by: caller)
    }
  }

  private func startAutomatically(
    _ draft: AutomaticDraft, unless refusal: DomainError?, by caller: Caller
  ) async throws -> AutomaticOutcome {
    let user = try Self.owner(draft.user, caller)
    let plan = try await automaticPlan(draft, user, caller.tenant)
    return try await gate.perform(
      .startAutomatically, by: caller, facts: plan.facts, naming: plan.mention
    ) { transaction, note in
      guard settings.isEnabled else {
        return AutomaticOutcome(
          recording: nil, created: false, decision: "Recording is switched off on this deployment.")
      }
      let party = try await Self.introduce(plan, caller, in: transaction)
      let verdict = party.rules.decide(party.agentStatus, draft.action, draft.tags)
      note.amend { $0.details["decided_by"] = verdict.rule }
      guard verdict.records else {
        return AutomaticOutcome(recording: nil, created: false, decision: verdict.words)
      }
      let (recording, created) = try await begin(plan, party, caller, in: transaction)
      // Takes back what was begun.
      if created, let refusal { throw refusal }
      note.amend { $0.recording = recording.id }
      if created { note.announce(.started(recording)) }
      return AutomaticOutcome(
        recording: recording.id, created: created,
        decision: created
          ? "\(verdict.words): a recording was started."
          : "\(verdict.words): the open recording goes on.")
    }
  }

  /// The plan of an automatic recording, redacted. While recording is switched off no key is needed
  /// for it: the action is left out, and the ids, which the audit log names, are held to the built-in
  /// rules.
  private func automaticPlan(
    _ draft: AutomaticDraft, _ user: UserID, _ tenant: TenantID
  ) async throws -> StartPlan {
    guard settings.isEnabled else {
      let plan = StartPlan(automatic: draft, action: nil, tags: [], user: user)
      try plan.requireNoToken(.standard)
      return plan
    }
    try await vault.verify(against: gate.database)
    let redactor = try await redactors.find(tenant)
    let plan = StartPlan(
      automatic: draft, action: try redactor.redact(draft.action.rawValue),
      tags: try draft.tags.map { try redactor.redact($0.rawValue) }, user: user)
    try plan.requireNoToken(redactor.rules)
    return plan
  }

  /// Whose recording it will be.
  private static func owner(
    _ named: UserID?, _ caller: Caller
  ) throws(DomainError) -> UserID {
    guard let user = named ?? caller.principal.user else {
      throw .invalid("/user_id", "missing_field", "A recording needs the user whose it is.")
    }
    return user
  }

  /// Makes sure that user and agent exist, and reads what a start needs to know of them, and an
  /// automatic one of the tenant's rules.
  private static func introduce(
    _ plan: StartPlan, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> StartParty {
    let isAutomatic = plan.action != nil
    let results = try await transaction.pipeline(
      [
        .introduceUser(plan.user, of: caller.tenant),
        .introduceAgent(plan.agent, of: caller.tenant),
        .startParty(plan.agent, of: caller.tenant),
      ] + (isAutomatic ? [.automaticRules(of: caller.tenant)] : []))
    guard results.count >= 3, let row = results[2].first else {
      throw DomainError(.internalError, "An agent that was just introduced is not there.")
    }
    var party = try StartParty(row)
    if isAutomatic, let rows = results.last { party.rules = try AutomaticRules(rows) }
    return party
  }

  /// Writes the recording, its counters and its key; for an automatic one that is open already, only
  /// the action's tag.
  private func begin(
    _ plan: StartPlan, _ party: StartParty, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> (recording: Recording, created: Bool) {
    let tenantKeyRow =
      if let known = party.tenantKey {
        known
      } else {
        try await vault.activeTenantKey(of: caller.tenant, in: transaction)
      }
    let times = StartTimes(
      startedAt: party.readAt, retentionDays: party.retentionDays ?? settings.retentionDays,
      minimumDays: party.minimumDays, maximumOpenDays: settings.maximumOpenDays)
    let results = try await transaction.pipeline([
      .ensurePartition(times.expiresOn),
      .insertRecording(plan, party, times, of: caller.tenant),
    ])
    guard let row = results.last?.first else { throw DomainError.unreadable }
    let (recording, created) = try Recording.started(row, plan)
    guard created else { return (recording, false) }
    let tenantKey = try vault.tenantKey(tenantKeyRow, of: caller.tenant)
    let dataKey: (wrapped: [UInt8], commitment: [UInt8])
    do {
      let key = try DataKey.generate()
      let wrapped = try tenantKey.wrap(
        key, tenant: caller.tenant.uuid, recording: recording.id.uuid)
      dataKey = (wrapped, key.commitment)
    } catch {
      throw DomainError(sealing: error)
    }
    transaction.enqueue(.insertProgress(recording.id, times, of: caller.tenant))
    transaction.enqueue(
      .insertKey(
        of: recording.id, tenantKeyRow.id, dataKey.wrapped, dataKey.commitment, caller.tenant))
    return (recording, true)
  }
}

extension StartPlan {
  /// Refuses ids that are secrets.
  fileprivate func requireNoToken(_ rules: RedactionRules) throws(DomainError) {
    try rules.requireNoToken(in: [
      ("/agent_id", agent.rawValue), ("/user_id", user.rawValue), ("/canvas_id", canvas?.rawValue),
      ("/session_id", session?.rawValue),
    ])
  }
}

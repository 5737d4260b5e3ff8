// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// The recovery audit trail: every operation that starts, writes, shows or clears a session.
///
/// Each public method is one transaction behind the gate. What a method returns is committed.
package struct RecoveryAudit: Sendable {
  let gate: Gate
  let redactors: Redactors
  /// Where attempts that were made in a recording are told of too.
  let recordings: Recordings
  /// For sums over many sessions.
  let turnstile = Turnstile(places: 2, queueLimit: 32)
  /// A planted defect, for tests.
  var alarmDefect: RecoveryAlarm.Defect?
  var vault: KeyVault { gate.vault }
  var retentionDays: Int { recordings.settings.retentionDays }

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors, recordings: Recordings) {
    self.gate = gate
    self.redactors = redactors
    self.recordings = recordings
  }

  /// Starts a session. A user or agent named for the first time appears, unregistered.
  ///
  /// - Throws: `sessionExists` for a name in use, also by a session that was cleared.
  package func start(
    _ draft: RecoverySessionDraft, by caller: Caller
  ) async throws -> RecoverySession {
    let id = draft.id ?? .makeRecovery()
    let user = draft.user ?? caller.principal.user
    let agent = draft.agent ?? caller.principal.agent
    try await vault.verify(against: gate.database)
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("/session_id", draft.id?.rawValue), ("/agent_id", agent?.rawValue),
      ("/user_id", user?.rawValue),
    ])
    return try await gate.perform(
      .startRecovery, by: caller, facts: AccessFacts(owner: user, agent: agent),
      naming: AuditMention(agent: agent, user: user, session: id)
    ) { transaction, _ in
      transaction.enqueue(.lockRecovery(id, of: caller.tenant))
      transaction.introduce([user].compactMap(\.self), [agent].compactMap(\.self), caller.tenant)
      guard let begun = try await begin(id, agent, user, caller, in: transaction) else {
        throw DomainError(.sessionExists, "There is, or was, a session of this name.")
      }
      return begun.stored.session
    }
  }

  /// One session; its tombstone where an admin cleared it.
  ///
  /// - Throws: `sessionExpired` from the end of its retention on.
  package func find(_ id: SessionID, by caller: Caller) async throws -> RecoverySession {
    try await gate.perform(
      .findRecovery, by: caller, naming: AuditMention(session: id),
      load: { transaction in try await Self.load(id, in: transaction, caller) },
      work: { _, found, _ in
        if found.session.tombstone?.cause != .cleared { try found.requireThere() }
        return found.session
      })
  }

  /// A page of sessions, newest first, stable while others start.
  package func list(
    _ filter: RecoveryFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<RecoverySession> {
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("agent_id", filter.agent?.rawValue), ("user_id", filter.user?.rawValue),
    ])
    return try await gate.perform(
      .listRecoveries, by: caller, facts: AccessFacts(owner: filter.user),
      naming: AuditMention(agent: filter.agent, user: filter.user)
    ) { transaction, note in
      let place = try cursor.map { try RecoveryPlace($0, of: caller.tenant) }
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(
        .recoveries(
          filter, RecoveryScope(of: caller.principal), after: place, limit: limit,
          of: caller.tenant))
      let found = try rows.prefix(limit.count).map { try StoredRecovery($0) }
      note.amend(count: found.count)
      let last = rows.count > limit.count ? found.last : nil
      return Page(
        elements: found.map(\.session),
        next: last.map { RecoveryPlace($0).cursor(of: caller.tenant) })
    }
  }
}

extension RecoveryAudit {
  /// Writes a session and its key; nil where the id is in use.
  func begin(
    _ id: SessionID, _ agent: AgentID?, _ user: UserID?, _ caller: Caller,
    in transaction: PostgresTransaction
  ) async throws -> (stored: StoredRecovery, keys: RecoveryKeys)? {
    let rows = try await transaction.execute(
      .insertRecovery(
        id, .version7(), agent, user, of: caller.tenant, by: caller.principal.actor,
        retentionDays: retentionDays))
    guard let row = rows.first else { return nil }
    let stored = try StoredRecovery(row)
    let tenantKeyRow = try await vault.activeTenantKey(of: caller.tenant, in: transaction)
    let tenantKey = try vault.tenantKey(tenantKeyRow, of: caller.tenant)
    do {
      let key = try DataKey.generate()
      let wrapped = try tenantKey.wrap(
        key, tenant: caller.tenant.uuid, recoverySession: stored.uuid)
      transaction.enqueue(
        .insertRecoveryKey(of: id, tenantKeyRow.id, wrapped, key.commitment, caller.tenant))
      return (stored, RecoveryKeys(data: key, tenant: tenantKey))
    } catch {
      throw DomainError(sealing: error)
    }
  }

  /// Finds a session as the subject of an operation.
  static func load(
    _ id: SessionID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> Gate.Subject<StoredRecovery> {
    guard let row = try await transaction.execute(.recovery(id, of: caller.tenant)).first else {
      throw DomainError.recoveryNotFound
    }
    let found = try StoredRecovery(row)
    return Gate.Subject(value: found, facts: found.facts, mention: found.mention)
  }
}

extension PostgresTransaction {
  /// Makes sure that users and agents exist: in one order, so that two who name the same ones do not wait
  /// for each other.
  func introduce(_ users: [UserID], _ agents: [AgentID], _ tenant: TenantID) {
    for user in Set(users).sorted(by: { $0.rawValue < $1.rawValue }) {
      enqueue(.introduceUser(user, of: tenant))
    }
    for agent in Set(agents).sorted(by: { $0.rawValue < $1.rawValue }) {
      enqueue(.introduceAgent(agent, of: tenant))
    }
  }
}

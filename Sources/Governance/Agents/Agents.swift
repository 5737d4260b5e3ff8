// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The register of agents (**seed** `agent_registry`).
package struct Agents: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// Registers an agent or changes it; without a name it keeps the one it has, or bears its id.
  ///
  /// The audit entry has the maturity before and after, and the owners where they are given. An id that
  /// holds a token is refused, in a name it is redacted.
  ///
  /// - Parameter owners: Who answers for it from now on, at most `Agent.maximumOwners`; nil: as it was.
  ///   Users who are not known yet appear.
  package func put(
    _ id: AgentID, name: DisplayName?, status: Agent.Status, owners: [UserID]? = nil,
    by caller: Caller
  ) async throws -> Agent {
    let redactor = try await redactors.find(caller.tenant)
    try redactor.rules.requireNoToken(in: [("agent_id", id.rawValue)])
    let owners = try owners.map { try Self.accepted($0, redactor) }
    let name = try name.map { try Self.redacted($0, redactor) }
    return try await gate.perform(.manageAgents, by: caller, naming: AuditMention(agent: id)) {
      transaction, note in
      // First, so that nobody waits for what waits for reviewers, but who changes owners too.
      if owners != nil { transaction.enqueue(.lockOwners(of: id, of: caller.tenant)) }
      // Users before agents, as all who introduce them do, and in one order.
      for owner in owners ?? [] {
        transaction.enqueue(.introduceUser(owner, of: caller.tenant))
      }
      let before = try await Self.find(id, caller, in: transaction)
      transaction.enqueue(.putAgent(id, name: name, status: status, of: caller.tenant))
      if let owners {
        transaction.enqueue(
          .setOwners(owners, of: id, of: caller.tenant, by: caller.principal.actor))
      }
      note.amend {
        $0.details["status_before"] = before?.status.rawValue
        $0.details["status_after"] = status.rawValue
        guard let owners else { return }
        $0.details["owners_before"] = Self.listed(before?.owners ?? [])
        $0.details["owners_after"] = Self.listed(owners)
      }
      guard let agent = try await Self.find(id, caller, in: transaction) else {
        throw DomainError.unreadable
      }
      return agent
    }
  }

  /// One agent.
  package func find(_ id: AgentID, by caller: Caller) async throws -> Agent {
    // The audit entry names what was asked for.
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [("agent_id", id.rawValue)])
    return try await gate.perform(.readAgents, by: caller, naming: AuditMention(agent: id)) {
      transaction, _ in
      guard let agent = try await Self.find(id, caller, in: transaction) else {
        throw DomainError(.notFound, "There is no such agent.")
      }
      return agent
    }
  }

  private static func find(
    _ id: AgentID, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> Agent? {
    try await transaction.execute(.agent(id, of: caller.tenant)).first.map { try Agent($0) }
  }

  /// Ids in one text: none has a space in it.
  private static func listed(_ ids: [UserID]) -> String {
    ids.map(\.rawValue).joined(separator: " ")
  }

  /// The owners in order, each once.
  private static func accepted(
    _ owners: [UserID], _ redactor: TenantRedactor
  ) throws -> [UserID] {
    try redactor.rules.requireNoToken(
      in: owners.enumerated().map { ("/owner_user_ids/\($0.offset)", $0.element.rawValue) })
    let distinct = Set(owners.map(\.rawValue)).sorted().compactMap { UserID($0) }
    guard distinct.count <= Agent.maximumOwners else {
      throw DomainError.invalid(
        "/owner_user_ids", "too_many", "It has more than \(Agent.maximumOwners) entries.")
    }
    return distinct
  }

  private static func redacted(
    _ name: DisplayName, _ redactor: TenantRedactor
  ) throws(DomainError) -> DisplayName {
    guard let name = DisplayName(try redactor.redact(name.rawValue)) else {
      throw .invalid("/name", "too_long", "It is too long with what is redacted in it.")
    }
    return name
  }

  /// The agents in order of their ids, at most 1000 after the given one.
  package func list(after id: AgentID? = nil, by caller: Caller) async throws -> [Agent] {
    try await gate.perform(.readAgents, by: caller) { transaction, note in
      let rows = try await transaction.execute(.agents(after: id, of: caller.tenant))
      note.amend(count: rows.count)
      return try rows.map { try Agent($0) }
    }
  }
}

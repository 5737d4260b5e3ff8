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
  /// The audit entry has the maturity before and after. An id that holds a token is refused, in a name
  /// it is redacted.
  package func put(
    _ id: AgentID, name: DisplayName?, status: Agent.Status, by caller: Caller
  ) async throws -> Agent {
    let redactor = try await redactors.find(caller.tenant)
    try redactor.rules.requireNoToken(in: [("agent_id", id.rawValue)])
    let name = try name.map { try Self.redacted($0, redactor) }
    return try await gate.perform(.manageAgents, by: caller, naming: AuditMention(agent: id)) {
      transaction, note in
      let before = try await transaction.execute(.agent(id, of: caller.tenant)).first
      let statusBefore = try before.map { try Agent($0).status.rawValue }
      let rows = try await transaction.execute(
        .putAgent(id, name: name, status: status, of: caller.tenant))
      guard let row = rows.first else { throw DomainError.unreadable }
      note.amend {
        $0.details["status_before"] = statusBefore
        $0.details["status_after"] = status.rawValue
      }
      return try Agent(row)
    }
  }

  /// One agent.
  package func find(_ id: AgentID, by caller: Caller) async throws -> Agent {
    // The audit entry names what was asked for.
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [("agent_id", id.rawValue)])
    return try await gate.perform(.readAgents, by: caller, naming: AuditMention(agent: id)) {
      transaction, _ in
      guard let row = try await transaction.execute(.agent(id, of: caller.tenant)).first else {
        throw DomainError(.notFound, "There is no such agent.")
      }
      return try Agent(row)
    }
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

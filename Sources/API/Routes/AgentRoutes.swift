// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/agents`.
struct AgentRoutes: Sendable {
  static let prefix = "/api/governance/agents"

  let agents: Agents

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readAgents, query: ["after"], handler: list),
      Route(.get, "\(Self.prefix)/{id}", .readAgents, handler: find),
      Route(.put, "\(Self.prefix)/{id}", .manageAgents, body: .command, handler: put),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let after: AgentID? = try exchange.after(as: .callerID())
    let agents = try await agents.list(after: after, by: caller)
    return RegisterPage(items: agents, id: \.id.rawValue) { $0.agent($1) }.reply(to: exchange)
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: AgentID = try exchange.pathID(
      as: .callerID(), orThrow: DomainError(.notFound, "There is no such agent."))
    let agent = try await agents.find(id, by: caller)
    return Reply { $0.agent(agent) }
  }

  private func put(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: AgentID = try exchange.newID("agent_id", as: .callerID())
    let body = try AgentBody(exchange.body)
    let agent = try await agents.put(
      id, name: body.name, status: body.status, owners: body.owners, by: caller)
    return Reply { $0.agent(agent) }
  }
}

extension JSONWriter {
  /// An agent as its tenant's admins see it.
  fileprivate mutating func agent(_ agent: Agent) {
    object { writer in
      writer.member("agent_id", agent.id.rawValue)
      writer.member("name", agent.name)
      writer.member("status", agent.status.rawValue)
      writer.key("registered")
      writer.bool(agent.isRegistered)
      writer.member("autonomous_since", agent.autonomousSince)
      writer.key("owner_user_ids")
      writer.array { for owner in agent.owners { $0.string(owner.rawValue) } }
      writer.member("created_at", agent.createdAt)
      writer.member("updated_at", agent.updatedAt)
    }
  }
}

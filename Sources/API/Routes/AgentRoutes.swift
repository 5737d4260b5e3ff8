// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/agents`.
struct AgentRoutes: Sendable {
  static let prefix = "/api/governance/agents"

  /// How many agents `Agents.list` answers with at most.
  static let pageSize = 1000

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
    var query = exchange.query
    let after: AgentID? = query.read("after", as: .callerID())
    try query.finish()
    let agents = try await agents.list(after: after, by: caller)
    let last = agents.count < Self.pageSize ? nil : agents.last?.id.rawValue
    let link = last.map { exchange.nextPage("", (name: "after", value: $0)) }
    return Reply(fields: link ?? [:]) { writer in
      writer.array { writer in
        for agent in agents { writer.agent(agent) }
      }
    }
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    guard let id = exchange.parameters.first.flatMap({ AgentID($0) }) else {
      throw DomainError(.notFound, "There is no such agent.")
    }
    let agent = try await agents.find(id, by: caller)
    return Reply { $0.agent(agent) }
  }

  private func put(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let field = TextField<AgentID>.callerID()
    let id: AgentID
    switch field.read(exchange.parameters.first ?? "") {
    case .success(let value): id = value
    case .failure(let fault): throw Problem.invalid("agent_id", fault.code, fault.reason)
    }
    let body = try AgentBody(exchange.body)
    let agent = try await agents.put(id, name: body.name, status: body.status, by: caller)
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
      writer.member("created_at", agent.createdAt)
      writer.member("updated_at", agent.updatedAt)
    }
  }
}

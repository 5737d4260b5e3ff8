// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance

/// `hansard agent …`
struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Register the agents of a tenant and say how far they are trusted.",
    subcommands: [CreateAgent.self, ListAgents.self])
}

/// `hansard agent create AGENT`
struct CreateAgent: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Register an agent, or change one.")

  @Argument(help: "The agent's id, as the platform has it.", transform: CommandValue.callerID)
  var agent: AgentID

  @Option(help: "student, intern, supervised, autonomous, paused or deprecated.")
  var status = Agent.Status.student

  @Option(help: "A name for people to read.", transform: CommandValue.name)
  var name: DisplayName?

  @Option(
    help: "A user who answers for it and does not review it; repeat for more. Others cease to.",
    transform: CommandValue.callerID)
  var owner: [UserID] = []

  @Flag(help: "Nobody owns it any more.")
  var noOwner = false

  @OptionGroup var options: OperatorOptions

  /// Who is to own it; nil where that stays as it is.
  private var owners: [UserID]? { owner.isEmpty && !noOwner ? nil : owner }

  func validate() throws {
    guard owner.isEmpty || !noOwner else {
      throw ValidationError("Either --owner or --no-owner.")
    }
  }

  func run() async throws {
    let made = try await options.perform { hansard, caller in
      try await hansard.agents.put(agent, name: name, status: status, owners: owners, by: caller)
    }
    Listing.show(made.fields, json: options.json)
  }
}

/// `hansard agent list`
struct ListAgents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the agents of a tenant.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let agents = try await options.perform { hansard, caller in
      var all: [Agent] = []
      while case let page = try await hansard.agents.list(after: all.last?.id, by: caller),
        !page.isEmpty
      {
        all += page
      }
      return all
    }
    Listing.show(agents.map(\.fields), json: options.json)
  }
}

extension Agent {
  fileprivate var fields: Listing.Fields {
    [
      ("agent_id", .text(id.rawValue)), ("name", .text(name)), ("status", .text(status.rawValue)),
      ("registered", .flag(isRegistered)), ("owner_user_ids", .texts(owners.map(\.rawValue))),
    ]
  }
}

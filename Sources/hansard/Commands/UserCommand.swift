// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance

/// `hansard user …`
struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Register the users of a tenant.",
    subcommands: [CreateUser.self, ListUsers.self])
}

/// `hansard user create USER`
struct CreateUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Register a user, or change one; what is not given stays.")

  @Argument(help: "The user's id, as the platform has it.", transform: CommandValue.callerID)
  var user: UserID

  @Option(help: "A name for people to read.", transform: CommandValue.name)
  var name: DisplayName?

  @Option(help: "The user's address.", transform: CommandValue.name)
  var email: DisplayName?

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let made = try await options.perform { hansard, caller in
      try await hansard.users.put(user, name: name, email: email, by: caller)
    }
    Listing.show(made.fields, json: options.json)
  }
}

/// `hansard user list`
struct ListUsers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the users of a tenant.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let users = try await options.perform { hansard, caller in
      var all: [User] = []
      while case let page = try await hansard.users.list(after: all.last?.id, by: caller),
        !page.isEmpty
      {
        all += page
      }
      return all
    }
    Listing.show(users.map(\.fields), json: options.json)
  }
}

extension User {
  fileprivate var fields: Listing.Fields {
    [
      ("user_id", .text(id.rawValue)), ("name", .some(name)), ("email", .some(email)),
      ("registered", .flag(isRegistered)),
    ]
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard key …`
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make and revoke the API keys of a tenant.",
    subcommands: [CreateKey.self, ListKeys.self, RotateKey.self, RevokeKey.self])
}

/// `hansard key create --role ROLE`
struct CreateKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a key. It is shown this once; only its hash is kept.")

  @Option(help: "recorder, member, reviewer, auditor or admin.")
  var role: Role

  @Option(help: "The user it is bound to; a member's must be.", transform: CommandValue.callerID)
  var user: UserID?

  @Option(help: "The only agent it records for; for a recorder.", transform: CommandValue.callerID)
  var agent: AgentID?

  @Option(help: "A name for people to read.", transform: CommandValue.name)
  var name: DisplayName?

  @Option(help: "When it ends by itself: 2027-01-31T00:00:00Z.", transform: CommandValue.time)
  var expiresAt: Timestamp?

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let draft = APIKeyDraft(
      role: role, name: name, user: user, agent: agent, expiresAt: expiresAt)
    let made = try await options.perform { hansard, caller in
      try await hansard.keys.create(draft, by: caller)
    }
    Listing.show([("key", .text(made.text))] + made.key.fields, json: options.json)
  }
}

/// `hansard key list`
struct ListKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the keys of a tenant, without their secrets.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let keys = try await options.perform { hansard, caller in
      try await hansard.keys.listAll(by: caller)
    }
    Listing.show(keys.map(\.fields), json: options.json)
  }
}

/// `hansard key rotate KEY`
struct RotateKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Make a key that may do the same; both are live until the old one ends.")

  @Argument(help: "The key's id.", transform: CommandValue.keyID)
  var key: KeyID

  @Option(help: "How long the old one stays live, in seconds.")
  var grace = 86_400

  @OptionGroup var options: OperatorOptions

  func validate() throws {
    guard (0...2_592_000).contains(grace) else {
      throw ValidationError("--grace is 0 to 2592000 seconds.")
    }
  }

  func run() async throws {
    let made = try await options.perform { hansard, caller in
      try await hansard.keys.rotate(key, grace: .seconds(grace), by: caller)
    }
    Listing.show(made.key.fields + [("key", .text(made.text))], json: options.json)
  }
}

/// `hansard key revoke KEY`
struct RevokeKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Revoke a key, at once and on every instance.")

  @Argument(help: "The key's id.", transform: CommandValue.keyID)
  var key: KeyID

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let revoked = try await options.perform { hansard, caller in
      try await hansard.keys.revoke(key, by: caller)
    }
    Listing.show(revoked.fields, json: options.json)
  }
}

extension APIKeys {
  /// All keys of the caller's tenant, page by page.
  func listAll(by caller: Caller) async throws -> [APIKey] {
    var all: [APIKey] = []
    while case let page = try await list(after: all.last?.id, by: caller), !page.isEmpty {
      all += page
    }
    return all
  }
}

extension APIKey {
  fileprivate var fields: Listing.Fields {
    [
      ("key_id", .text(id.description)), ("role", .text(role.rawValue)),
      ("name", .some(name)), ("user_id", .some(user?.rawValue)),
      ("agent_id", .some(agent?.rawValue)), ("created_at", .text(createdAt.rfc3339)),
      ("expires_at", .some(expiresAt?.rfc3339)), ("revoked_at", .some(revokedAt?.rfc3339)),
    ]
  }
}

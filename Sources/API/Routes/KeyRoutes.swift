// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/keys`.
struct KeyRoutes: Sendable {
  static let prefix = "/api/governance/keys"

  let keys: APIKeys

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readKeys, query: ["after"], handler: list),
      Route(.post, Self.prefix, .createKey, body: .command, handler: create),
      Route(.get, "\(Self.prefix)/{id}", .readKeys, handler: find),
      Route(.delete, "\(Self.prefix)/{id}", .revokeKey, handler: revoke),
      Route(
        .post, "\(Self.prefix)/{id}/rotate", .rotateKey, body: .optionalCommand, handler: rotate),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let after: KeyID? = try exchange.after(as: .serverID())
    let keys = try await keys.list(after: after, by: caller)
    return RegisterPage(items: keys, id: \.id.description) { $0.key($1) }.reply(to: exchange)
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let key = try await keys.find(id(exchange), by: caller)
    return Reply { $0.key(key) }
  }

  private func create(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try KeyBodies.draft(exchange.body)
    return try await exchange.once(caller) { caller in
      try await keys.create(draft, by: caller)
    } reply: {
      Self.shownOnce($0)
    }
  }

  private func rotate(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let grace = try KeyBodies.grace(exchange.body)
    let id = try id(exchange)
    return try await exchange.once(caller) { caller in
      try await keys.rotate(id, grace: grace, by: caller)
    } reply: {
      Self.shownOnce($0)
    }
  }

  private func revoke(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let key = try await keys.revoke(id(exchange), by: caller)
    return Reply { $0.key(key) }
  }

  private func id(_ exchange: Exchange) throws -> KeyID {
    try exchange.pathID(
      as: .serverID(), orThrow: DomainError(.notFound, "There is no such key."))
  }

  private static func shownOnce(_ made: (key: APIKey, text: String)) -> Reply {
    let location = "\(prefix)/\(made.key.id)"
    return Reply(.created, fields: [.location: location]) { $0.key(made.key, text: made.text) }
  }
}

extension JSONWriter {
  /// A key; `text` is the key itself, where it has just been made.
  fileprivate mutating func key(_ key: APIKey, text: String? = nil) {
    object { writer in
      writer.member("key_id", key.id)
      if let text { writer.member("key", text) }
      writer.member("role", key.role.rawValue)
      writer.member("name", key.name)
      writer.member("user_id", key.user?.rawValue)
      writer.member("agent_id", key.agent?.rawValue)
      writer.member("created_at", key.createdAt)
      writer.member("expires_at", key.expiresAt)
      writer.member("revoked_at", key.revokedAt)
    }
  }
}

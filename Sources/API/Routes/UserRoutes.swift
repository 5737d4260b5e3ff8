// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/users`.
struct UserRoutes: Sendable {
  static let prefix = "/api/governance/users"

  let users: Users

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readUsers, query: ["after"], handler: list),
      Route(.get, "\(Self.prefix)/{id}", .readUsers, handler: find),
      Route(.put, "\(Self.prefix)/{id}", .manageUsers, body: .command, handler: put),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let after: UserID? = try exchange.after(as: .callerID())
    let users = try await users.list(after: after, by: caller)
    return RegisterPage(items: users, id: \.id.rawValue) { $0.user($1) }.reply(to: exchange)
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: UserID = try exchange.pathID(
      as: .callerID(), orThrow: DomainError(.notFound, "There is no such user."))
    let user = try await users.find(id, by: caller)
    return Reply { $0.user(user) }
  }

  /// `{name?, email?}`; what is not given stays.
  private func put(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: UserID = try exchange.newID("user_id", as: .callerID())
    let root = try JSONDocument.request(exchange.body, limits: .command).root
    var reader = ObjectReader(root, known: ["name", "email"])
    let name = reader.optional("name", as: .displayName)
    let email = reader.optional("email", as: .displayName)
    try reader.finish { () }
    let user = try await users.put(id, name: name, email: email, by: caller)
    return Reply { $0.user(user) }
  }
}

extension JSONWriter {
  /// A user as the tenant's admins see them.
  fileprivate mutating func user(_ user: User) {
    object { writer in
      writer.member("user_id", user.id.rawValue)
      writer.member("name", user.name)
      writer.member("email", user.email)
      writer.key("registered")
      writer.bool(user.isRegistered)
      writer.member("created_at", user.createdAt)
      writer.member("updated_at", user.updatedAt)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The register of users.
package struct Users: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// Registers a user or changes them; what is not given stays.
  ///
  /// An id that holds a token is refused, and so is a name or an address: of a person there is nothing
  /// to keep with a secret in it.
  package func put(
    _ id: UserID, name: DisplayName?, email: DisplayName?, by caller: Caller
  ) async throws -> User {
    if let email, !email.isEmail {
      throw DomainError.invalid("/email", "malformed", "An e-mail address has the form name@host.")
    }
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("user_id", id.rawValue), ("/name", name?.rawValue), ("/email", email?.rawValue),
    ])
    return try await gate.perform(.manageUsers, by: caller, naming: AuditMention(user: id)) {
      transaction, _ in
      let rows = try await transaction.execute(
        .putUser(id, name: name, email: email, of: caller.tenant))
      guard let row = rows.first else { throw DomainError.unreadable }
      return try User(row)
    }
  }

  /// One user.
  package func find(_ id: UserID, by caller: Caller) async throws -> User {
    // The audit entry names what was asked for.
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [("user_id", id.rawValue)])
    return try await gate.perform(.readUsers, by: caller, naming: AuditMention(user: id)) {
      transaction, _ in
      guard let row = try await transaction.execute(.user(id, of: caller.tenant)).first else {
        throw DomainError(.notFound, "There is no such user.")
      }
      return try User(row)
    }
  }

  /// The users in order of their ids, at most 1000 after the given one.
  package func list(after id: UserID? = nil, by caller: Caller) async throws -> [User] {
    try await gate.perform(.readUsers, by: caller) { transaction, note in
      let rows = try await transaction.execute(.users(after: id, of: caller.tenant))
      note.amend(count: rows.count)
      return try rows.map { try User($0) }
    }
  }
}

extension DisplayName {
  /// Whether something stands before and after an at sign; more only a mail server knows.
  fileprivate var isEmail: Bool {
    let parts = rawValue.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
  }
}

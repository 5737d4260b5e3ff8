// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The register of API keys.
package struct APIKeys: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// Makes a key and returns its text, which is shown this once.
  ///
  /// Names and ids that hold a token are refused.
  package func create(
    _ draft: APIKeyDraft, by caller: Caller
  ) async throws -> (key: APIKey, text: String) {
    try draft.validate()
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("/name", draft.name?.rawValue), ("/user_id", draft.user?.rawValue),
      ("/agent_id", draft.agent?.rawValue),
    ])
    let token = try APIKeyToken.make()
    let mention = AuditMention(
      agent: draft.agent, user: draft.user,
      details: ["key_id": token.key.description, "role": draft.role.rawValue])
    return try await gate.perform(.createKey, by: caller, naming: mention) { transaction, _ in
      if let user = draft.user { transaction.enqueue(.introduceUser(user, of: caller.tenant)) }
      if let agent = draft.agent { transaction.enqueue(.introduceAgent(agent, of: caller.tenant)) }
      let rows = try await transaction.execute(
        .insertKey(token, draft, of: caller.tenant, by: caller.principal.actor))
      guard let row = rows.first else { throw DomainError.unreadable }
      return (try APIKey(row), token.text)
    }
  }

  /// One key.
  package func find(_ id: KeyID, by caller: Caller) async throws -> APIKey {
    let mention = AuditMention(details: ["key_id": id.description])
    return try await gate.perform(.readKeys, by: caller, naming: mention) { transaction, _ in
      try Self.only(try await transaction.execute(.key(id, of: caller.tenant)))
    }
  }

  /// Makes a key that may do the same as another one, and for as long; the other one ends after
  /// `grace`. In between both are live, so that whoever uses it can be given the new one.
  ///
  /// - Throws: `notLive` for a key that is revoked or expired; `validationFailed` for the entry that stands
  ///   for a user's tokens, which their issuer renews.
  package func rotate(
    _ id: KeyID, grace: Duration, by caller: Caller
  ) async throws -> (key: APIKey, text: String) {
    guard !id.isOfTokens else {
      throw DomainError.invalid("key_id", "not_allowed", "It stands for tokens of an issuer.")
    }
    let token = try APIKeyToken.make()
    let mention = AuditMention(
      details: ["key_id": id.description, "new_key_id": token.key.description])
    return try await gate.perform(.rotateKey, by: caller, naming: mention) { transaction, note in
      note.announceKeys()
      let old = try Self.only(try await transaction.execute(.key(id, of: caller.tenant)))
      let retired = try await transaction.execute(
        .retireKey(id, of: caller.tenant, after: grace))
      guard !retired.isEmpty else {
        throw DomainError(.keyNotLive, "The key is not live any more.")
      }
      let draft = APIKeyDraft(
        role: old.role, name: old.name.flatMap { DisplayName($0) }, user: old.user,
        agent: old.agent, expiresAt: old.expiresAt)
      let rows = try await transaction.execute(
        .insertKey(token, draft, of: caller.tenant, by: caller.principal.actor))
      return (try Self.only(rows), token.text)
    }
  }

  /// The keys in order of their creation, at most 1000 after the given one.
  package func list(after id: KeyID? = nil, by caller: Caller) async throws -> [APIKey] {
    try await gate.perform(.readKeys, by: caller) { transaction, note in
      let rows = try await transaction.execute(.keys(after: id, of: caller.tenant))
      note.amend(count: rows.count)
      return try rows.map { try APIKey($0) }
    }
  }

  /// Revokes a key at once, on every instance; revoking it again changes nothing.
  package func revoke(_ id: KeyID, by caller: Caller) async throws -> APIKey {
    let mention = AuditMention(details: ["key_id": id.description])
    return try await gate.perform(.revokeKey, by: caller, naming: mention) { transaction, note in
      note.announceKeys()
      return try Self.only(
        try await transaction.execute(
          .revokeKey(id, of: caller.tenant, by: caller.principal.actor)))
    }
  }

  private static func only(_ rows: QueryResult) throws -> APIKey {
    guard let row = rows.first else { throw DomainError(.notFound, "There is no such key.") }
    return try APIKey(row)
  }
}

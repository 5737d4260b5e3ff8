// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The register of API keys.
package struct APIKeys: Sendable {
  let gate: Gate

  /// Wires the operations to their database.
  package init(database: Database) {
    gate = Gate(database: database)
  }

  /// Makes a key and returns its text, which is shown this once.
  package func create(
    _ draft: APIKeyDraft, by caller: Caller
  ) async throws -> (key: APIKey, text: String) {
    try draft.validate()
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

  /// The keys in order of their creation, at most 1000 after the given one.
  package func list(after id: KeyID? = nil, by caller: Caller) async throws -> [APIKey] {
    try await gate.perform(.readKeys, by: caller) { transaction, _ in
      try await transaction.execute(.keys(after: id, of: caller.tenant)).map { try APIKey($0) }
    }
  }

  /// Revokes a key at once, on every instance; revoking it again changes nothing.
  package func revoke(_ id: KeyID, by caller: Caller) async throws -> APIKey {
    let mention = AuditMention(details: ["key_id": id.description])
    return try await gate.perform(.revokeKey, by: caller, naming: mention) { transaction, _ in
      let rows = try await transaction.execute(
        .revokeKey(id, of: caller.tenant, by: caller.principal.actor))
      guard let row = rows.first else {
        throw DomainError(.notFound, "There is no such key.")
      }
      return try APIKey(row)
    }
  }
}

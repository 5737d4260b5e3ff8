// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Authenticator {
  /// The principal that a token speaks for, whose user and entry are in their registers from now on.
  ///
  /// Costs one question to the database, and none for a minute afterwards.
  ///
  /// - Throws: `unauthenticated` where there is no such tenant, and for an entry that was revoked.
  func principal(of identity: TokenIdentity) async throws -> Principal {
    let entry = try identity.entry
    if introduced[entry] == nil {
      try await introduce(identity, as: entry)
      introduced.put(true, for: entry)
    }
    var principal = Principal(
      tenant: identity.tenant, key: entry, role: identity.role, user: identity.user, agent: nil)
    principal.expiresAt = identity.expiresAt
    return principal
  }

  private func introduce(_ identity: TokenIdentity, as entry: KeyID) async throws {
    let tenant = identity.tenant
    let rows = try await database.read(.tokenEntry(entry, of: tenant), of: tenant)
    guard let row = rows.first else { throw DomainError.unauthenticated }
    var column = row.reader()
    let (isThere, isLive) = (try column.next(Bool.self), try column.next(Bool.self))
    guard !isThere else {
      guard isLive else { throw DomainError.unauthenticated }
      return
    }
    try await refuseSecrets(in: identity)
    let insertion = try Query.insertTokenEntry(entry, of: identity)
    try await database.transaction(of: tenant) { transaction in
      transaction.enqueue(.introduceUser(identity.user, of: tenant))
      transaction.enqueue(insertion)
    }
  }

  /// A user's id stays in clear wherever the user is named: one that looks like a secret is nobody's.
  private func refuseSecrets(in identity: TokenIdentity) async throws {
    let rules = try await redactors.find(identity.tenant).rules
    guard !rules.findsToken(in: identity.user.rawValue) else { throw DomainError.unauthenticated }
  }
}

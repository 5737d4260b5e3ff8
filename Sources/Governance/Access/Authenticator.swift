// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// Turns credentials into a principal.
///
/// What a key is (its tenant, role and bindings) never changes and is kept for a minute, for those who have
/// its secret. Whether it is still live is asked again in the transaction of whatever the request does, so
/// that a revocation holds at once on every instance.
///
/// A refusal costs one question to the database, whether there is such a key, whether it is live and whether
/// it is kept here or not: how long it takes is to say nothing of the key that was named. `docs/security.md`
/// has what is left of a difference.
///
/// A token of an issuer is checked by whoever is wired for that. Its user appears in the tenant's register
/// at first sight, and with the user an entry in the register of keys, under which everything that asks for
/// an API key has the user's tokens: liveness, `Idempotency-Key`, audit entries.
package struct Authenticator: Sendable {
  /// Whom a token speaks for; nil for one that is not in order in every respect.
  package typealias VerifyToken = @Sendable (_ token: String) async -> TokenIdentity?

  let database: Database
  let redactors: Redactors
  private let verifyToken: VerifyToken?
  private let refusesFromMemory: Bool
  private let known = BoundedCache<KeyID, KnownKey>(limit: 10_000, lifetime: .seconds(60))
  /// Entries of tokens that were there and live a moment ago.
  let introduced = BoundedCache<KeyID, Bool>(limit: 10_000, lifetime: .seconds(60))

  /// Wires it to the database that has the keys.
  ///
  /// - Parameters:
  ///   - verifyToken: nil: there are only API keys.
  ///   - refusesFromMemory: A planted defect, for tests: refuses a wrong secret without asking where the key
  ///     is kept here, so that whoever measures finds out which keys there are.
  init(
    database: Database, redactors: Redactors, verifyToken: VerifyToken?,
    refusesFromMemory: Bool = false
  ) {
    self.database = database
    self.redactors = redactors
    self.verifyToken = verifyToken
    self.refusesFromMemory = refusesFromMemory
  }

  private struct KnownKey: Sendable {
    let principal: Principal
    let secretHash: [UInt8]
  }

  /// The principal of a bearer token, the text after `Bearer `.
  ///
  /// - Throws: `unauthenticated`, the same for every cause, or what the database throws.
  package func authenticate(bearer text: String) async throws -> Principal {
    guard let token = APIKeyToken(text) else {
      guard let identity = await verifyToken?(text) else { throw DomainError.unauthenticated }
      return try await principal(of: identity)
    }
    let hash = try token.secretHash
    let kept = known[token.key]
    // Compared also where nothing is kept, so that both take the same time.
    let isKept = constantTimeEqual(hash, kept?.secretHash ?? Self.hashOfNothing)
    if let kept, isKept { return kept.principal }
    if refusesFromMemory, kept != nil { throw DomainError.unauthenticated }
    return try await ask(token.key, hash)
  }

  /// Forgets a key that turned out not to be live any more.
  package func forget(_ key: KeyID) {
    known.remove(key)
    introduced.remove(key)
  }

  /// No secret has this hash.
  private static let hashOfNothing = [UInt8](repeating: 0, count: SHA256.byteCount)

  /// Asks the database: one row comes back whether there is such a key or not, and only where the secret is
  /// right is more of it read than the hash.
  private func ask(_ id: KeyID, _ hash: [UInt8]) async throws -> Principal {
    let rows = try await database.readWithoutTenant(.findKey(id, orElse: Self.hashOfNothing))
    guard let row = rows.first else { throw DomainError.unreadable }
    var column = row.reader()
    let secretHash = try column.next([UInt8].self)
    guard constantTimeEqual(hash, secretHash), try column.next(Bool.self) else {
      throw DomainError.unauthenticated
    }
    let tenant: TenantID = try column.serverID()
    let principal = Principal(
      tenant: tenant, key: id, role: try column.word(), user: try column.optionalCallerID(),
      agent: try column.optionalCallerID())
    known.put(KnownKey(principal: principal, secretHash: secretHash), for: id)
    return principal
  }
}

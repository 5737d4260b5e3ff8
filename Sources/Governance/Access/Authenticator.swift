// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// Turns credentials into a principal.
///
/// What a key is (its tenant, role and bindings) never changes and is kept for a minute. Whether it is
/// still live is asked again in the transaction of whatever the request does, so that a revocation
/// holds at once on every instance.
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
  private let known = BoundedCache<KeyID, KnownKey>(limit: 10_000, lifetime: .seconds(60))
  /// Entries of tokens that were there and live a moment ago.
  let introduced = BoundedCache<KeyID, Bool>(limit: 10_000, lifetime: .seconds(60))

  /// Wires it to the database that has the keys; without `verifyToken` there are only API keys.
  init(database: Database, redactors: Redactors, verifyToken: VerifyToken?) {
    self.database = database
    self.redactors = redactors
    self.verifyToken = verifyToken
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
    let key = try await find(token.key)
    // Compared also where there is no such key, so that both take the same time.
    let matches = constantTimeEqual(hash, key?.secretHash ?? Self.hashOfNothing)
    guard let key, matches else { throw DomainError.unauthenticated }
    return key.principal
  }

  /// Forgets a key that turned out not to be live any more.
  package func forget(_ key: KeyID) {
    known.remove(key)
    introduced.remove(key)
  }

  private static let hashOfNothing = [UInt8](repeating: 0, count: SHA256.byteCount)

  private func find(_ id: KeyID) async throws -> KnownKey? {
    if let key = known[id] { return key }
    guard let row = try await database.readWithoutTenant(.findKey(id)).first else { return nil }
    var column = row.reader()
    let tenant: TenantID = try column.serverID()
    let secretHash = try column.next([UInt8].self)
    let principal = Principal(
      tenant: tenant, key: id, role: try column.word(), user: try column.optionalCallerID(),
      agent: try column.optionalCallerID())
    let key = KnownKey(principal: principal, secretHash: secretHash)
    known.put(key, for: id)
    return key
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
import Postgres

/// Checks the tokens of one issuer. Needs no database: a token that is refused costs no connection.
package struct TokenVerifier: Sendable {
  /// Keeps the issuer's keys up to date for as long as it runs.
  package let keys: IssuerKeys
  private let settings: OIDCSettings
  private let observer: Observer
  private let now: @Sendable () -> Timestamp

  /// Creates a verifier that fetches the keys from where the settings say.
  package init(_ settings: OIDCSettings, observer: Observer) {
    let source = settings.keys
    let keys = IssuerKeys(
      { () async throws(KeySetError) in try await source.load() }, observer: observer)
    self.init(settings, keys: keys, observer: observer)
  }

  /// Creates a verifier with these keys and this clock.
  init(
    _ settings: OIDCSettings, keys: IssuerKeys, observer: Observer,
    now: @escaping @Sendable () -> Timestamp = { .now() }
  ) {
    self.settings = settings
    self.keys = keys
    self.observer = observer
    self.now = now
  }

  /// Whom `token` speaks for; nil where anything about it is not in order.
  package func identity(of token: String) async -> TokenIdentity? {
    do throws(TokenRefusal) {
      return try await checked(token)
    } catch {
      observer.observe(.tokenRefused(reason: error.rawValue))
      return nil
    }
  }

  /// The same; says what is wrong.
  func checked(_ text: String) async throws(TokenRefusal) -> TokenIdentity {
    let token = try CompactToken(text, acceptsPlainJWT: settings.acceptsPlainJWT)
    guard let key = await keys.find(token.header.key) else { throw .unknownKey }
    guard key.isSigner(of: token.signedBytes, token.signature) else { throw .signature }
    return try TokenClaims(token.payload).identity(by: settings, at: now())
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Logging
import Postgres
import TestSupport
import Testing

@testable import OIDC

/// An issuer with a key of each kind, and a verifier that knows them and stands at one moment.
struct Ground: Sendable {
  static let issuer = "https://id.example/realms/one"
  static let audience = "hansard"
  static let tenant = "0190b0a4-7c3d-7e55-9c11-0123456789ab"
  /// The moment at which everything happens, in seconds.
  static let now = 1_800_000_000

  let keys: [SigningKey.Kind: SigningKey]
  let set: IssuerKeySet

  /// Made once: an RSA key takes its time.
  static let made = Task {
    var keys: [SigningKey.Kind: SigningKey] = [:]
    for kind in SigningKey.Kind.allCases { keys[kind] = try SigningKey(kind, id: "key-\(kind)") }
    let jwks = keys.values.map { $0.jwk() }.joined(separator: ",")
    let set = try await IssuerKeySet(parsing: Array("{\"keys\":[\(jwks)]}".utf8))
    return Ground(keys: keys, set: set)
  }

  func key(_ kind: SigningKey.Kind = .es256) throws -> SigningKey { try #require(keys[kind]) }

  /// A token that is right.
  func token(_ kind: SigningKey.Kind = .es256) throws -> TokenText {
    TokenText(
      try key(kind), at: Self.now,
      [
        ("iss", "\"\(Self.issuer)\""), ("aud", "\"\(Self.audience)\""), ("sub", "\"alice\""),
        ("tenant_id", "\"\(Self.tenant)\""), ("roles", "[\"reviewer\"]"),
      ])
  }

  static func settings() throws -> OIDCSettings {
    OIDCSettings(
      issuer: issuer, audience: audience, keys: .file("/none"),
      tenantClaim: try #require(ClaimName("tenant_id")), userClaim: try #require(ClaimName("sub")),
      roleClaim: try #require(ClaimName("roles")))
  }

  /// A verifier that knows the keys and was told `settings`.
  func verifier(
    _ settings: OIDCSettings? = nil, observer: Observer = .quiet()
  ) async throws -> TokenVerifier {
    let set = set
    let keys = IssuerKeys({ () async throws(KeySetError) in set }, observer: observer)
    return TokenVerifier(
      try settings ?? Self.settings(), keys: keys, observer: observer,
      now: { Timestamp(microseconds: Int64(Self.now) * 1_000_000) })
  }

  /// What is found wrong with a token; nil where nothing is.
  func refusal(
    of text: String, by settings: OIDCSettings? = nil
  ) async throws -> TokenRefusal? {
    let verifier = try await verifier(settings)
    do throws(TokenRefusal) {
      _ = try await verifier.checked(text)
      return nil
    } catch {
      return error
    }
  }
}

extension Observer {
  /// One that counts and logs nothing.
  static func quiet(_ metrics: Metrics = Metrics()) -> Observer {
    Observer(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
  }
}

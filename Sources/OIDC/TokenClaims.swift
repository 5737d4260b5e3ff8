// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Postgres
import Protection

/// What a token says, after its signature has been found right: the checks of RFC 7519 and RFC 9068,
/// and whom it speaks for.
struct TokenClaims {
  /// How far the issuer's clock and ours may be apart, in seconds.
  static let leeway = 60.0

  private let claims: JSONValue

  /// Reads the payload of a token.
  init(_ payload: [UInt8]) throws(TokenRefusal) {
    claims = try JSONDocument.tokenObject(payload)
  }

  /// Whom the token speaks for, if it is meant for us and for now.
  func identity(
    by settings: OIDCSettings, at now: Timestamp
  ) throws(TokenRefusal) -> TokenIdentity {
    guard claims["iss"].isText(settings.issuer) else { throw .issuer }
    guard isMeant(for: settings.audience) else { throw .audience }
    let end = try checkTimes(
      Double(now.microseconds) / 1_000_000, within: Double(settings.maximumLifetime))
    let tenant = try text(of: settings.tenantClaim).flatMap { TenantID($0) }
    guard let tenant else { throw .tenant }
    guard let user = try text(of: settings.userClaim).flatMap({ UserID($0) }) else { throw .user }
    let words = settings.roleClaim.find(in: claims)
    let role = words.flatMap { settings.roles.role(of: $0, areWords: settings.roleClaim.isScope) }
    guard let role else { throw .role }
    var identity = TokenIdentity(
      issuer: settings.issuer, tenant: tenant, user: user, role: role)
    identity.expiresAt = Timestamp(microseconds: Int64((end + Self.leeway) * 1_000_000))
    return identity
  }

  /// RFC 7519, section 4.1.3: a text, or an array of which one is ours.
  private func isMeant(for audience: String) -> Bool {
    guard let claim = claims["aud"] else { return false }
    if claim.kind == .string { return claim.isText(audience) }
    let texts = Array(claim.elements)
    return texts.allSatisfy { $0.kind == .string } && texts.contains { $0.isText(audience) }
  }

  /// When the token ends, which is soon.
  private func checkTimes(
    _ now: Double, within lifetime: Double
  ) throws(TokenRefusal) -> Double {
    guard let end = try moment("exp") else { throw .expired }
    guard end > now - Self.leeway else { throw .expired }
    guard end <= now + lifetime + Self.leeway else { throw .longLived }
    if let start = try moment("nbf"), start > now + Self.leeway { throw .notYetValid }
    guard let issued = try moment("iat") else { return end }
    guard issued <= now + Self.leeway else { throw .notYetValid }
    guard end - issued <= lifetime else { throw .longLived }
    return end
  }

  /// Seconds since 1970, which may have a fraction; nil where there is no such claim.
  private func moment(_ name: String) throws(TokenRefusal) -> Double? {
    guard let claim = claims[name] else { return nil }
    guard let seconds = claim.double() else { throw .malformed }
    return seconds
  }

  private func text(of name: ClaimName) throws(TokenRefusal) -> String? {
    guard let claim = name.find(in: claims) else { return nil }
    do throws(JSONError) {
      return try claim.text()
    } catch {
      return nil  // Of another kind: the same as none.
    }
  }
}

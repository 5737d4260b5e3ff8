// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Which issuer's tokens are taken, and what is read out of them.
package struct OIDCSettings: Sendable {
  /// What `iss` must be, to the byte.
  package var issuer: String
  /// What `aud` must be or hold, to the byte.
  package var audience: String
  /// Where the issuer's public keys are.
  package var keys: KeySource
  /// The claim with the tenant's id.
  package var tenantClaim: ClaimName
  /// The claim with the user's id.
  package var userClaim: ClaimName
  /// The claim with the role or roles.
  package var roleClaim: ClaimName
  /// What its values stand for.
  package var roles: RoleMap
  /// Whether tokens are taken that do not say that they are access tokens.
  package var acceptsPlainJWT: Bool
  /// The longest that a token may live, in seconds.
  package var maximumLifetime: Int

  /// An hour.
  package static let standardLifetime = 3600

  /// Creates settings.
  package init(
    issuer: String, audience: String, keys: KeySource, tenantClaim: ClaimName,
    userClaim: ClaimName, roleClaim: ClaimName, roles: RoleMap = .standard,
    acceptsPlainJWT: Bool = false, maximumLifetime: Int = Self.standardLifetime
  ) {
    self.issuer = issuer
    self.audience = audience
    self.keys = keys
    self.tenantClaim = tenantClaim
    self.userClaim = userClaim
    self.roleClaim = roleClaim
    self.roles = roles
    self.acceptsPlainJWT = acceptsPlainJWT
    self.maximumLifetime = maximumLifetime
  }
}

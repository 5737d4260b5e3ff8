// Hansard
// SPDX-License-Identifier: Apache-2.0

import OIDC

extension Configuration {
  /// The `HANSARD_OIDC_…` variables as they were given; off unless there is an issuer.
  struct OIDC: Sendable {
    /// `HANSARD_OIDC_ISSUER`: whose tokens are taken.
    var issuer: String?
    /// `HANSARD_OIDC_AUDIENCE`: whom they must be meant for.
    var audience: String?
    /// `HANSARD_OIDC_KEYS`: where the issuer's public keys are, a URL or the path of a file.
    var keys: String?
    /// `HANSARD_OIDC_TENANT_CLAIM`.
    var tenantClaim = "tenant_id"
    /// `HANSARD_OIDC_USER_CLAIM`.
    var userClaim = "sub"
    /// `HANSARD_OIDC_ROLE_CLAIM`.
    var roleClaim = "roles"
    /// `HANSARD_OIDC_ROLES`; nil: each role by its own name.
    var roles: String?
    /// `HANSARD_OIDC_ACCEPT_PLAIN_JWT`: also tokens that do not say that they are access tokens.
    var acceptsPlainJWT = false
    /// `HANSARD_OIDC_MAX_TOKEN_SECONDS`: the longest that a token may live.
    var maximumLifetime = OIDCSettings.standardLifetime
    /// All of it, where it is in order and there is an issuer.
    var settings: OIDCSettings?
  }

  /// Reads the variables and settles what they stand for.
  mutating func readOIDC(_ reader: inout EnvironmentReader) {
    oidc.issuer = reader.text(.oidcIssuer)
    oidc.audience = reader.text(.oidcAudience)
    oidc.keys = reader.text(.oidcKeys)
    oidc.tenantClaim = reader.text(.oidcTenantClaim) ?? oidc.tenantClaim
    oidc.userClaim = reader.text(.oidcUserClaim) ?? oidc.userClaim
    oidc.roleClaim = reader.text(.oidcRoleClaim) ?? oidc.roleClaim
    oidc.roles = reader.text(.oidcRoles)
    oidc.acceptsPlainJWT = reader.flag(.oidcAcceptPlainJWT, default: false)
    oidc.maximumLifetime = reader.integer(
      .oidcMaxTokenSeconds, in: 60...86_400, default: oidc.maximumLifetime)
    settleOIDC(&reader)
  }

  private mutating func settleOIDC(_ reader: inout EnvironmentReader) {
    let issuer = name(oidc.issuer, .oidcIssuer, &reader)
    let audience = name(oidc.audience, .oidcAudience, &reader)
    let keys = keySource(&reader)
    let tenantClaim = claim(oidc.tenantClaim, .oidcTenantClaim, &reader)
    let userClaim = claim(oidc.userClaim, .oidcUserClaim, &reader)
    let roleClaim = claim(oidc.roleClaim, .oidcRoleClaim, &reader)
    let roles = roleMap(&reader)
    refuseHalves(&reader)
    guard let issuer, let audience, let keys, let tenantClaim, let userClaim, let roleClaim,
      let roles
    else { return }
    oidc.settings = OIDCSettings(
      issuer: issuer, audience: audience, keys: keys, tenantClaim: tenantClaim,
      userClaim: userClaim, roleClaim: roleClaim, roles: roles,
      acceptsPlainJWT: oidc.acceptsPlainJWT, maximumLifetime: oidc.maximumLifetime)
  }

  /// Issuer, audience and keys make sense together only.
  private func refuseHalves(_ reader: inout EnvironmentReader) {
    let needed: [(Variable, String?)] = [
      (.oidcIssuer, oidc.issuer), (.oidcAudience, oidc.audience), (.oidcKeys, oidc.keys),
    ]
    guard Variable.allCases.contains(where: { $0.isOfOIDC && reader.mentions($0) }) else { return }
    for (variable, value) in needed where value == nil && !reader.mentions(variable) {
      reader.refuse(variable.rawValue, "must be set, since another HANSARD_OIDC_ variable is")
    }
  }

  private func name(
    _ text: String?, _ variable: Variable, _ reader: inout EnvironmentReader
  ) -> String? {
    guard let text else { return nil }
    guard text.utf8.count <= 200, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      reader.refuse(variable.rawValue, "must be up to 200 visible ASCII characters")
      return nil
    }
    return text
  }

  private func claim(
    _ text: String, _ variable: Variable, _ reader: inout EnvironmentReader
  ) -> ClaimName? {
    guard let name = ClaimName(text) else {
      reader.refuse(variable.rawValue, "must be a claim's name, or a JSON pointer such as /a/b")
      return nil
    }
    return name
  }

  private func roleMap(_ reader: inout EnvironmentReader) -> RoleMap? {
    guard let text = oidc.roles else { return .standard }
    guard let roles = RoleMap(text) else {
      reader.refuse(
        Variable.oidcRoles.rawValue,
        "must be a list value=role,… of recorder, member, reviewer, auditor, admin, each value once"
      )
      return nil
    }
    return roles
  }

  private func keySource(_ reader: inout EnvironmentReader) -> KeySource? {
    guard let text = oidc.keys else { return nil }
    if text.hasPrefix("/") { return .file(text) }
    let isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://"), isPlainURL(text) else {
      reader.refuse(
        Variable.oidcKeys.rawValue,
        "must be an https:// URL without a password, or the absolute path of a file")
      return nil
    }
    guard isSecure || stage != .production else {
      reader.refuse(
        Variable.oidcKeys.rawValue, "must be https:// unless HANSARD_ENV is development or test")
      return nil
    }
    return .url(text)
  }

  /// Visible characters with a host and no credentials; HTTP decides about the rest.
  private func isPlainURL(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }), !bytes.contains(UInt8(ascii: "@")),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let host = bytes.dropFirst(colon + 3).prefix { $0 != UInt8(ascii: "/") }
    return !host.isEmpty
  }
}

extension Variable {
  /// Whether it is about an issuer's tokens.
  var isOfOIDC: Bool { rawValue.hasPrefix("HANSARD_OIDC_") }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// Whom a token of an issuer speaks for, once everything about the token has been found in order.
package struct TokenIdentity: Sendable, Hashable {
  /// Who made the token: visible characters without a space.
  package let issuer: String
  /// The tenant that it names, which may not exist.
  package let tenant: TenantID
  package let user: UserID
  package let role: Role
  /// When the token ends.
  package var expiresAt: Timestamp?

  /// Creates an identity.
  package init(issuer: String, tenant: TenantID, user: UserID, role: Role) {
    self.issuer = issuer
    self.tenant = tenant
    self.user = user
    self.role = role
  }

  /// The id of its entry in the register of keys, the same on every instance: tokens come and go, and
  /// what is asked by them needs a name that stays. It is behind those of all API keys.
  var entry: KeyID {
    get throws {
      KeyID(
        try .version8(of: "hansard/v1/token-identity \(issuer) \(tenant) \(user) \(role.rawValue)")
          .withFirstByte(.max))
    }
  }
}

extension KeyID {
  /// Whether it names the tokens of a user instead of an API key, whose ids are of version 7.
  var isOfTokens: Bool { uuid.uuid.6 >> 4 == 8 }
}

extension UUID {
  fileprivate func withFirstByte(_ byte: UInt8) -> UUID {
    var octets = uuid
    octets.0 = byte
    return UUID(uuid: octets)
  }
}

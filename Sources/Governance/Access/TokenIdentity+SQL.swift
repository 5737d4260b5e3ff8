// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension Query {
  /// Whether the register has the entry, and whether it is live; no row where there is no such tenant.
  static func tokenEntry(_ entry: KeyID, of tenant: TenantID) -> Query {
    Query(
      """
      select
        k.key_id is not null,
        k.key_id is not null
          and k.revoked_at is null
          and (k.expires_at is null or k.expires_at > now())
      from hansard.tenants as t
      left join hansard.api_keys as k
        on k.tenant_id = t.tenant_id
        and k.key_id = $2
      where t.tenant_id = $1
      """, tenant.uuid, entry.uuid)
  }

  /// An entry that stands for a user's tokens. Its secret is of nobody's making: as an API key it opens
  /// nothing.
  static func insertTokenEntry(_ entry: KeyID, of identity: TokenIdentity) throws -> Query {
    Query(
      """
      insert into hansard.api_keys (
        tenant_id, key_id, secret_hash, role, name, user_id, created_by)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (tenant_id, key_id) do nothing
      """,
      identity.tenant.uuid, entry.uuid, try SecureRandom.bytes(SHA256.byteCount),
      identity.role.rawValue, "tokens of \(identity.issuer)", identity.user.rawValue,
      "issuer:\(identity.issuer)")
  }
}

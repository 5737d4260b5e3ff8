// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// For the role hansard_retention. Read by `MasterKeyStatus`.
  static let masterKeyReferences = Query(
    """
    select r.master_key_id, r.fingerprint, r.tenant_keys
    from hansard.master_key_references() as r
    order by r.master_key_id, r.fingerprint
    """)

  /// For the role hansard_retention.
  static func tenantsUnderOtherMasterKeys(
    than current: String, after: TenantID?, most: Int
  ) -> Query {
    Query(
      "select tenant_id from hansard.tenants_under_other_master_keys($1, $2, $3)", current,
      after?.uuid, Int32(clamping: most))
  }

  /// Read by `TenantKeyStatus`.
  static func tenantKeyReferences(of tenant: TenantID) -> Query {
    func count(_ table: String) -> String {
      """
      (
          select count(*)
          from hansard.\(table) as r
          where r.tenant_id = k.tenant_id
            and r.tenant_key_id = k.tenant_key_id)
      """
    }
    return Query(
      """
      select
        k.tenant_key_id, k.state, k.master_key_id, k.created_at,
        \(count("recording_keys")), \(count("recovery_keys")), \(count("webhooks")),
        \(count("idempotency_keys"))
      from hansard.tenant_keys as k
      where k.tenant_id = $1
      order by k.created_at, k.tenant_key_id
      """, tenant.uuid)
  }

  static func tenantKeys(of tenant: TenantID, notUnder masterKey: String) -> Query {
    Query(
      """
      select \(WrappedTenantKey.columns(of: "k"))
      from hansard.tenant_keys as k
      where k.tenant_id = $1
        and k.master_key_id <> $2
      order by k.tenant_key_id
      """, tenant.uuid, masterKey)
  }

  static func replacedTenantKeys(of tenant: TenantID) -> Query {
    Query(
      """
      select k.tenant_key_id
      from hansard.tenant_keys as k
      where k.tenant_id = $1
        and k.state = 'rotating'
      order by k.tenant_key_id
      """, tenant.uuid)
  }

  /// For the role hansard_retention. Whether it was still wrapped as was known.
  static func rewrapTenantKey(_ known: WrappedTenantKey, as fresh: WrappedTenantKey) -> Query {
    Query(
      "select hansard.rewrap_tenant_key($1, $2, $3, $4, $5)", known.id, known.wrapped,
      fresh.wrapped, fresh.masterKeyID, fresh.fingerprint)
  }

  /// For the role hansard_retention. Whether it was the active one, and none was being replaced.
  static func replaceTenantKey(_ replaced: UUID, by key: WrappedTenantKey) -> Query {
    Query(
      "select hansard.replace_tenant_key($1, $2, $3, $4, $5, $6)", replaced, key.id,
      key.masterKeyID, key.fingerprint, key.wrapped, key.recognition)
  }

  /// For the role hansard_retention. Whether nothing was wrapped under it any more.
  static func removeTenantKey(_ id: UUID) -> Query {
    Query("select hansard.remove_tenant_key($1)", id)
  }

  /// For the role hansard_retention. Read by `TenantShredding`.
  static func shredTenantKeys(because reason: String, by actor: String) -> Query {
    Query(
      """
      select verdict, tenant_keys, recordings, recovery_sessions, webhooks
      from hansard.shred_tenant_keys($1, $2)
      """, reason, actor)
  }
}

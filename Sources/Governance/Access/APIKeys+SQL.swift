// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  private static let keyColumns = """
    key_id, role, name, user_id, agent_id, created_at, expires_at, revoked_at
    """

  static func insertKey(
    _ token: APIKeyToken, _ draft: APIKeyDraft, of tenant: TenantID, by actor: String
  ) throws -> Query {
    Query(
      """
      insert into hansard.api_keys (
        tenant_id, key_id, secret_hash, role, name, user_id, agent_id, expires_at, created_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      returning \(keyColumns)
      """,
      tenant.uuid, token.key.uuid, try token.secretHash, draft.role.rawValue, draft.name?.rawValue,
      draft.user?.rawValue, draft.agent?.rawValue, draft.expiresAt, actor)
  }

  static func keys(after id: KeyID?, of tenant: TenantID) -> Query {
    Query(
      """
      select \(keyColumns)
      from hansard.api_keys
      where tenant_id = $1
        and ($2::uuid is null or key_id > $2)
      order by key_id
      limit 1000
      """, tenant.uuid, id?.uuid)
  }

  static func key(_ id: KeyID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(keyColumns)
      from hansard.api_keys
      where tenant_id = $1
        and key_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// Lets a live key end after `grace`, or when it would have ended before; no row for one that is not
  /// live.
  static func retireKey(_ id: KeyID, of tenant: TenantID, after grace: Duration) -> Query {
    Query(
      """
      update hansard.api_keys
      set expires_at = least(expires_at, now() + $3 * interval '1 microsecond')
      where tenant_id = $1
        and key_id = $2
        and revoked_at is null
        and (expires_at is null or expires_at > now())
      returning \(keyColumns)
      """, tenant.uuid, id.uuid, grace.microseconds)
  }

  static func revokeKey(_ id: KeyID, of tenant: TenantID, by actor: String) -> Query {
    Query(
      """
      update hansard.api_keys
      set
        revoked_by = coalesce(revoked_by, $3),
        revoked_at = coalesce(revoked_at, now())
      where tenant_id = $1
        and key_id = $2
      returning \(keyColumns)
      """, tenant.uuid, id.uuid, actor)
  }

  /// The one question that is asked before the tenant is known.
  ///
  /// One row: the hash of a secret and whether there is such a live key, then what it is. Where there is none
  /// the row is that of the key before it, and not live, so that nothing is left out by which it could be told;
  /// where there is none before it either, the hash is `nothing` and the rest null.
  static func findKey(_ id: KeyID, orElse nothing: [UInt8]) -> Query {
    Query(
      """
      select
        coalesce(k.secret_hash, $2), coalesce(k.is_live, false), k.tenant_id, k.role, k.user_id, k.agent_id
      from (select 1) as asked
      left join hansard.find_api_key($1) as k on true
      """, id.uuid, nothing)
  }
}

extension APIKey {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.serverID()
    role = try column.word()
    name = try column.next()
    user = try column.optionalCallerID()
    agent = try column.optionalCallerID()
    createdAt = try column.next()
    expiresAt = try column.next()
    revokedAt = try column.next()
  }
}

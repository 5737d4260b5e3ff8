// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// Whether nobody else is at the same request, up to the end of the transaction.
  static func lockRequest(_ once: Once, of key: KeyID, _ tenant: TenantID) -> Query {
    Query(
      """
      select pg_try_advisory_xact_lock(
        hashtextextended('hansard.idempotency_keys ' || $1 || encode($2, 'hex'), 0))
      """, "\(tenant) \(key) ", once.name)
  }

  /// The request that was done under this name, its answer, whether that is of a recovery session, and the tenant
  /// key that opens it.
  static func keptAnswer(_ once: Once, of key: KeyID, _ tenant: TenantID) -> Query {
    Query(
      """
      select
        i.request_hash, i.answer, i.session_id is not null, \(WrappedTenantKey.columns(of: "k"))
      from hansard.idempotency_keys as i
      join hansard.tenant_keys as k
        on k.tenant_id = i.tenant_id
        and k.tenant_key_id = i.tenant_key_id
      where i.tenant_id = $1
        and i.key_id = $2
        and i.name_hash = $3
        and i.expires_at > now()
      """, tenant.uuid, key.uuid, once.name)
  }

  /// Answers of the tenant that have expired make room.
  static let trimAnswers = Query("select hansard.trim_idempotency_keys()")

  /// A name is free again when the answer kept under it has expired.
  static func keepAnswer(
    _ sealed: [UInt8], _ tenantKey: UUID, to once: Once, about subject: KeptAnswer.Subject?,
    _ fingerprint: [UInt8], of key: KeyID, _ tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.idempotency_keys as i (
        tenant_id, key_id, name_hash, request_hash, tenant_key_id, answer, recording_id, session_id,
        expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(hours => $9))
      on conflict (tenant_id, key_id, name_hash) do update
      set
        request_hash = excluded.request_hash,
        tenant_key_id = excluded.tenant_key_id,
        answer = excluded.answer,
        recording_id = excluded.recording_id,
        session_id = excluded.session_id,
        created_at = excluded.created_at,
        expires_at = excluded.expires_at
      """, tenant.uuid, key.uuid, once.name, fingerprint, tenantKey, sealed,
      subject?.recording?.uuid, subject?.recoverySession?.rawValue, Once.hours)
  }
}

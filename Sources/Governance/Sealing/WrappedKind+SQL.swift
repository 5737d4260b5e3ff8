// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension WrappedKind {
  /// A batch of what is wrapped under another key than `active`, in the order of the primary key, after the one of
  /// that name. Read by `WrappedThing`.
  func underOthers(than active: UUID, of tenant: TenantID, after place: String?) -> Query {
    Query(
      """
      select
        \(name), \(columns), \(WrappedTenantKey.columns(of: "t"))
      from \(tables)
      join hansard.tenant_keys as t
        on t.tenant_id = k.tenant_id
        and t.tenant_key_id = k.tenant_key_id
      where k.tenant_id = $1
        and k.tenant_key_id <> $2
        and ($3::text is null or \(isBehind))
      order by \(order)
      limit $4
      """, tenant.uuid, active, place, Int32(clamping: batchSize))
  }

  /// For the role hansard_retention. How many were still wrapped as was known.
  func swap(_ swaps: [RewrapSwap], under key: UUID) -> Query {
    Query(
      "select hansard.\(function)($1, $2, $3, $4)", key, swaps.map(\.name), swaps.map(\.known),
      swaps.map(\.fresh))
  }

  private var function: String {
    switch self {
    case .recordingKeys: "rewrap_recording_keys"
    case .recoveryKeys: "rewrap_recovery_keys"
    case .webhookSecrets: "rewrap_webhook_secrets"
    case .answers: "rewrap_answers"
    }
  }

  private var name: String {
    switch self {
    case .recordingKeys: "k.recording_id::text"
    case .recoveryKeys: "k.session_id"
    case .webhookSecrets: "k.webhook_id::text"
    case .answers: "k.key_id::text || encode(k.name_hash, 'hex')"
    }
  }

  private var columns: String {
    switch self {
    case .recordingKeys: "k.wrapped, k.commitment, k.recording_id"
    case .recoveryKeys: "k.wrapped, k.commitment, s.id"
    case .webhookSecrets: "k.secret, ''::bytea, k.webhook_id"
    case .answers: "k.answer, k.name_hash, k.key_id"
    }
  }

  private var tables: String {
    switch self {
    case .recordingKeys: "hansard.recording_keys as k"
    case .recoveryKeys:
      """
      hansard.recovery_keys as k
      join hansard.recovery_sessions as s
        on s.tenant_id = k.tenant_id
        and s.session_id = k.session_id
      """
    case .webhookSecrets: "hansard.webhooks as k"
    case .answers: "hansard.idempotency_keys as k"
    }
  }

  private var isBehind: String {
    switch self {
    case .recordingKeys: "k.recording_id > ($3::text)::uuid"
    case .recoveryKeys: "k.session_id > $3"
    case .webhookSecrets: "k.webhook_id > ($3::text)::uuid"
    case .answers:
      "(k.key_id, k.name_hash) > (left($3, 36)::uuid, decode(substr($3, 37), 'hex'))"
    }
  }

  private var order: String {
    switch self {
    case .recordingKeys: "k.recording_id"
    case .recoveryKeys: "k.session_id"
    case .webhookSecrets: "k.webhook_id"
    case .answers: "k.key_id, k.name_hash"
    }
  }
}

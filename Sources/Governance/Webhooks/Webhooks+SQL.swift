// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  static let webhookColumns = """
    webhook_id, url, notice_types, created_at, created_by, disabled_at, disabled_by,
    disabled_reason, failures, failing_since, last_failure, attempt_at, delivered_at
    """

  /// A webhook that is told what is committed from now on: its place is before every transaction that
  /// has not ended.
  static func insertWebhook(
    _ id: WebhookID, _ draft: WebhookDraft, _ sealed: [UInt8], _ tenantKey: UUID,
    of tenant: TenantID, by actor: String
  ) -> Query {
    let types = draft.types.isEmpty ? nil : draft.types.map(\.rawValue)
    return Query(
      """
      insert into hansard.webhooks (
        tenant_id, webhook_id, url, notice_types, tenant_key_id, secret, created_by, place_xid,
        place_id)
      values (
        $1, $2, $3, $4, $5, $6, $7, pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, $8)
      returning \(webhookColumns)
      """, tenant.uuid, id.uuid, draft.url.text, types, tenantKey, sealed, actor, Int64.max)
  }

  static func webhook(_ id: WebhookID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(webhookColumns)
      from hansard.webhooks
      where tenant_id = $1
        and webhook_id = $2
      """, tenant.uuid, id.uuid)
  }

  static func webhooks(after id: WebhookID?, of tenant: TenantID) -> Query {
    Query(
      """
      select \(webhookColumns)
      from hansard.webhooks
      where tenant_id = $1
        and ($2::uuid is null or webhook_id > $2)
      order by webhook_id
      limit 1000
      """, tenant.uuid, id?.uuid)
  }

  static func disableWebhook(_ id: WebhookID, of tenant: TenantID, by actor: String) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        disabled_at = coalesce(disabled_at, now()),
        disabled_by = coalesce(disabled_by, $3),
        disabled_reason = coalesce(disabled_reason, 'asked')
      where tenant_id = $1
        and webhook_id = $2
      returning \(webhookColumns)
      """, tenant.uuid, id.uuid, actor)
  }

  static func enableWebhook(_ id: WebhookID, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        disabled_at = null,
        disabled_by = null,
        disabled_reason = null,
        failures = 0,
        failing_since = null,
        last_failure = null,
        attempt_at = now()
      where tenant_id = $1
        and webhook_id = $2
      returning \(webhookColumns)
      """, tenant.uuid, id.uuid)
  }

  /// Up to the end of the transaction, nobody else makes or enables one of the tenant's.
  static func lockWebhooks(of tenant: TenantID) -> Query {
    Query(
      "select pg_advisory_xact_lock(hashtextextended('hansard.webhooks ' || $1, 0))",
      tenant.description)
  }

  static func countWebhooks(of tenant: TenantID) -> Query {
    Query(
      """
      select count(*)
      from hansard.webhooks
      where tenant_id = $1
        and disabled_at is null
      """, tenant.uuid)
  }
}

extension Webhook {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.serverID()
    url = try column.next()
    types = try column.next()
    createdAt = try column.next()
    createdBy = try column.next()
    disabledAt = try column.next()
    disabledBy = try column.next()
    disabledReason = try column.next()
    failures = Int(try column.next(Int32.self))
    failingSince = try column.next()
    lastFailure = try column.next()
    attemptAt = try column.next()
    deliveredAt = try column.next()
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// The one question that is asked of all tenants.
  static func dueWebhooks(limit: Int) -> Query {
    Query(
      """
      select d.tenant_id, d.webhook_id
      from hansard.due_webhooks($1) as d
      """, Int32(clamping: limit))
  }

  /// Leases a webhook that is due; no row where somebody else was first. A place of another database's
  /// life, which has counted its transactions anew, becomes the present one.
  static func takeWebhook(
    _ due: WebhookQueue.Due, by instance: UUID, for lease: Duration
  ) -> Query {
    let isOfAnotherLife = "w.place_xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    return Query(
      """
      update hansard.webhooks as w
      set
        leased_by = $3,
        leased_until = clock_timestamp() + $4 * interval '1 microsecond',
        place_xid =
          case
            when \(isOfAnotherLife)
            then pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1
            else w.place_xid
          end,
        place_id = case when \(isOfAnotherLife) then $5 else w.place_id end
      from hansard.tenant_keys as k
      where w.tenant_id = $1
        and w.webhook_id = $2
        and k.tenant_id = w.tenant_id
        and k.tenant_key_id = w.tenant_key_id
        and w.disabled_at is null
        and w.attempt_at <= clock_timestamp()
        and (w.leased_until is null or w.leased_until <= clock_timestamp())
      returning
        w.url, w.notice_types, w.secret, w.place_xid, w.place_id, w.failures, w.failing_since,
        \(WrappedTenantKey.columns(of: "k"))
      """, due.tenant.uuid, due.id.uuid, instance, lease.microseconds, Int64.max)
  }

  /// Keeps how far a webhook is, and the lease with it.
  static func moveWebhook(
    _ webhook: WebhookQueue.Taken, by instance: UUID, delivered: Bool, for lease: Duration
  ) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        place_xid = $4,
        place_id = $5,
        leased_until = clock_timestamp() + $6 * interval '1 microsecond',
        failures = case when $7 then 0 else failures end,
        failing_since = case when $7 then null else failing_since end,
        last_failure = case when $7 then null else last_failure end,
        delivered_at = case when $7 then clock_timestamp() else delivered_at end
      where tenant_id = $1
        and webhook_id = $2
        and leased_by = $3
      """, webhook.due.tenant.uuid, webhook.due.id.uuid, instance, webhook.place.xid,
      webhook.place.id, lease.microseconds, delivered)
  }

  static func releaseWebhook(_ due: WebhookQueue.Due, by instance: UUID) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        leased_by = null,
        leased_until = null,
        attempt_at = clock_timestamp()
      where tenant_id = $1
        and webhook_id = $2
        and leased_by = $3
      """, due.tenant.uuid, due.id.uuid, instance)
  }

  /// What every failure does to a row: it is given back, and counted.
  private static let afterFailure = """
    leased_by = null,
    leased_until = null,
    failures = failures + 1,
    failing_since = coalesce(failing_since, clock_timestamp())
    """

  static func postponeWebhook(
    _ due: WebhookQueue.Due, by instance: UUID, because what: String, for pause: Duration
  ) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        \(afterFailure),
        last_failure = $4,
        attempt_at = clock_timestamp() + $5 * interval '1 microsecond'
      where tenant_id = $1
        and webhook_id = $2
        and leased_by = $3
      """, due.tenant.uuid, due.id.uuid, instance, what, pause.microseconds)
  }

  /// Disables a webhook that failed; no row where it is not this instance's, or disabled already.
  static func endWebhook(
    _ due: WebhookQueue.Due, by instance: UUID, _ ending: Webhook.Ending, because what: String
  ) -> Query {
    Query(
      """
      update hansard.webhooks
      set
        \(afterFailure),
        last_failure = $5,
        disabled_at = clock_timestamp(),
        disabled_by = $6,
        disabled_reason = $4
      where tenant_id = $1
        and webhook_id = $2
        and leased_by = $3
        and disabled_at is null
      returning \(webhookColumns)
      """, due.tenant.uuid, due.id.uuid, instance, ending.rawValue, what,
      Principal.service(of: due.tenant).actor)
  }
}

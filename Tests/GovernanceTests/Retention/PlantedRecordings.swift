// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

@testable import Governance

/// Recordings made by SQL, thousands at a time: what is in them cannot be opened, and need not be.
struct PlantedRecordings: Sendable {
  /// Their reason; their numbers follow, from 1.
  var name: String
  var count: Int
  var events: Int
  /// When they expire, from now: negative for those that have.
  var expiringIn: String
  /// The day of their partition, from today: one that lies so far ahead is not dropped soon.
  var partitionIn = 10

  /// Plants them in a tenant.
  func plant(of tenant: TenantID) async throws {
    try await TestDatabase.current.psql(sql(of: tenant))
  }

  /// What plants them; several may follow each other.
  func sql(of tenant: TenantID) -> String {
    """
    select hansard.ensure_event_partition(current_date + \(partitionIn));
    insert into hansard.users (tenant_id, user_id) values ('\(tenant)', 'planted')
    on conflict do nothing;
    insert into hansard.agent_registry (tenant_id, agent_id, name)
    values ('\(tenant)', 'planted', 'planted') on conflict do nothing;
    drop table if exists planted;
    create temporary table planted as
    select gen_random_uuid() as id, n from generate_series(1, \(count)) as n;
    insert into hansard.canvas_recordings (
      tenant_id, id, recording_id, agent_id, user_id, reason, status, started_at, stopped_at,
      duration_seconds, summary, event_count, recording_metadata, expires_at, expires_on)
    select '\(tenant)', id, id, 'planted', 'planted', '\(name)-' || n, 'completed', now(), now(), 1,
      'planted', \(events), '{"agent_name": "planted", "agent_maturity": "student"}',
      clock_timestamp() + interval '\(expiringIn)', current_date + \(partitionIn)
    from planted;
    insert into hansard.recording_progress (
      tenant_id, recording_id, is_open, closes_at, expires_on, event_count)
    select '\(tenant)', id, false, now(), current_date + \(partitionIn), \(events) from planted;
    insert into hansard.recording_keys (
      tenant_id, recording_id, tenant_key_id, wrapped, commitment)
    select k.tenant_id, p.id, k.tenant_key_id, k.wrapped, decode(repeat('00', 32), 'hex')
    from hansard.tenant_keys as k, planted as p where k.tenant_id = '\(tenant)';
    insert into hansard.recording_events (
      tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by,
      payload, payload_length, content_mac, leaf_hash, expires_on, redaction_policy)
    select '\(tenant)', p.id, e, gen_random_uuid(), 'x', now(), now(), 'x',
      decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'),
      sha256(convert_to(p.id || '/' || e, 'UTF8')), current_date + \(partitionIn), 0
    from planted as p, generate_series(1, \(events)) as e;
    """
  }

  /// What does not hold of retention, over all tenants; empty where all is well.
  ///
  /// - Parameter isOver: Whether nothing may be due any more, or swept any more.
  static func findings(isOver: Bool = true) async throws -> [String] {
    let rules = always + (isOver ? afterwards : [])
    let counts = try await TestDatabase.current.psql(
      rules.map { "select (\($0.sql))" }.joined(separator: " union all "))
    return zip(rules, counts.split(separator: "\n")).compactMap { rule, count in
      count == "0" ? nil : "\(rule.what): \(count)"
    }
  }

  /// Each counts what breaks the rule; the audit log must tell of each recording once, and of all events.
  private static let always: [(what: String, sql: String)] = [
    (
      "half gone without a certificate",
      """
      select count(*) from hansard.canvas_recordings as r
      left join hansard.recording_progress as p using (tenant_id, recording_id)
      where p.event_count is distinct from (
          select count(*) from hansard.recording_events as e
          where (e.tenant_id, e.recording_id, e.expires_on)
            = (r.tenant_id, r.recording_id, r.expires_on))
        or p.expires_on is distinct from r.expires_on
        or not exists (select from hansard.recording_keys as k
          where (k.tenant_id, k.recording_id) = (r.tenant_id, r.recording_id))
      """
    ),
    (
      "certificates of what is there, or parts of it",
      """
      select count(*) from hansard.purge_certificates as c
      where exists (select from hansard.canvas_recordings as r
          where (r.tenant_id, r.recording_id) = (c.tenant_id, c.recording_id))
        or exists (select from hansard.recording_keys as k
          where (k.tenant_id, k.recording_id) = (c.tenant_id, c.recording_id))
        or exists (select from hansard.recording_progress as p
          where (p.tenant_id, p.recording_id) = (c.tenant_id, c.recording_id))
        or exists (select from hansard.reviews as v
          where (v.tenant_id, v.recording_id) = (c.tenant_id, c.recording_id))
        or exists (select from hansard.recording_flags as f
          where (f.tenant_id, f.recording_id) = (c.tenant_id, c.recording_id))
        or exists (select from hansard.notices as n
          where (n.tenant_id, n.recording_id) = (c.tenant_id, c.recording_id))
      """
    ),
    (
      "purged before they had expired",
      """
      select count(*) from hansard.purge_certificates
      where cause = 'expired' and purged_at < expired_at or purged_at < retain_until
      """
    ),
    (
      "purged while they were held",
      """
      select count(*) from hansard.purge_certificates as c
      join hansard.legal_holds as h using (tenant_id, recording_id)
      where h.placed_at < c.purged_at and coalesce(h.lifted_at, 'infinity') > c.purged_at
      """
    ),
    (
      "hold counts that do not agree with the holds",
      """
      select count(*) from hansard.canvas_recordings as r
      where r.hold_count <> (select count(*) from hansard.legal_holds as h
        where (h.tenant_id, h.recording_id) = (r.tenant_id, r.recording_id)
          and h.lifted_at is null)
      """
    ),
    (
      "recordings that the audit log does not tell of, or tells of twice",
      """
      select abs(
        (select count(*) from hansard.purge_certificates where cause = 'expired')
        - (select coalesce(sum((audit_metadata ->> 'recordings')::bigint), 0)
          from hansard.canvas_audit where action = 'purge_recordings'))
      """
    ),
    (
      "events that the audit log does not tell of, or tells of twice",
      """
      select abs(
        (select coalesce(sum(event_count), 0)
          from hansard.purge_certificates where cause = 'expired')
        - (select coalesce(sum((audit_metadata ->> 'events')::bigint), 0)
          from hansard.canvas_audit where action = 'purge_recordings'))
      """
    ),
  ]

  private static let afterwards: [(what: String, sql: String)] = [
    (
      "expired and not purged",
      """
      select count(*) from hansard.canvas_recordings
      where stopped_at is not null and hold_count = 0 and expires_at <= clock_timestamp()
      """
    ),
    (
      "purged, and events are left in a partition that stays",
      """
      select count(*) from hansard.purge_certificates as c
      join hansard.recording_events as e using (tenant_id, recording_id)
      where e.expires_on > current_date + 21
      """
    ),
    (
      "certificates that are said to have remains",
      "select count(*) from hansard.purge_certificates where has_remains"
    ),
  ]
}

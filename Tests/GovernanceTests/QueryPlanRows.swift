// Hansard
// SPDX-License-Identifier: Apache-2.0

extension QueryPlanTests {
  /// 20,000 recordings of one tenant or two, 20 agents, 50 users and 1,000 sessions, each reviewed; 30,000 events of 300
  /// recordings in 2 partitions; 20,000 audit entries.
  static func rows(ofTenants tenants: Int = 2) -> String {
    """
    set session_replication_role = replica;
    insert into hansard.tenants (tenant_id, name)
    select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 't' from generate_series(1, 2) as n;
    insert into hansard.canvas_recordings (
      tenant_id, id, recording_id, agent_id, user_id, canvas_id, session_id, reason, status,
      stopped_at, duration_seconds, summary, started_at, recording_metadata, flagged_for_review,
      flag_reason, flagged_by, flagged_at, expires_at, expires_on)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid, gen_random_uuid(),
      ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, 'agent' || n / 2 % 20,
      'user' || n / 2 % 50, 'canvas' || n / 2 % 50, 'session' || n / 2 % 1000, 'r',
      case when n % 10 = 0 then 'recording' else 'completed' end,
      case when n % 10 = 0 then null else now() end, case when n % 10 = 0 then null else 1 end,
      case when n % 10 = 0 then null else '' end, now() - n * interval '1 minute', '{}',
      n % 100 = 0, case when n % 100 = 0 then 'x' end, case when n % 100 = 0 then 'x' end,
      case when n % 100 = 0 then now() end, now(), '2026-11-21'
    from generate_series(1, 20000) as n;
    insert into hansard.recording_progress (tenant_id, recording_id, closes_at, expires_on)
    select tenant_id, recording_id, now(), '2026-11-21' from hansard.canvas_recordings;
    select hansard.ensure_event_partition('2026-11-21'), hansard.ensure_event_partition('2026-12-21');
    insert into hansard.recording_events (
      tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by,
      payload, payload_length, content_mac, leaf_hash, expires_on)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid,
      ('00000000-0000-0000-0000-' || lpad(to_hex(n % 300), 12, '0'))::uuid, 1 + n / 300,
      gen_random_uuid(), 'e', now() - n * interval '1 second', now(), 'x',
      decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'),
      decode(repeat('00', 32), 'hex'),
      case when n % 300 % 2 = 0 then date '2026-12-21' else '2026-11-21' end
    from generate_series(1, 30000) as n;
    insert into hansard.canvas_audit (
      tenant_id, audit_id, occurred_at, request_id, actor, actor_role, component_type, action,
      outcome, recording_id, governance_check_passed)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid, gen_random_uuid(),
      now() - n * interval '1 second', gen_random_uuid(), 'a', 'admin', 'c', 'a', 'allowed',
      ('00000000-0000-0000-0000-' || lpad(to_hex(n % 3000), 12, '0'))::uuid, true
    from generate_series(1, 20000) as n;
    insert into hansard.recording_keys (
      tenant_id, recording_id, tenant_key_id, wrapped, commitment)
    select tenant_id, recording_id, tenant_id, decode(repeat('00', 72), 'hex'),
      decode(repeat('00', 32), 'hex')
    from hansard.canvas_recordings;
    insert into hansard.recording_flags (
      tenant_id, flag_id, recording_id, flag_reason, flagged_by, flagged_at)
    select tenant_id, gen_random_uuid(), recording_id, 'x', 'x', now()
    from hansard.canvas_recordings;
    insert into hansard.reviews (
      tenant_id, review_id, recording_id, source, state, opened_at, due_at, review_status, decided_by,
      decided_at, decided_event_count, decided_root, decided_recording_at)
    select tenant_id, gen_random_uuid(), recording_id, 'sample',
      case when is_decided then 'decided' else 'open' end, started_at, started_at,
      case when is_decided then 'approved' end, case when is_decided then 'x' end,
      case when is_decided then now() end, case when is_decided then 0 end,
      case when is_decided then decode(repeat('00', 32), 'hex') end,
      case when is_decided then updated_at end
    from (
      select *, extract(minute from started_at)::int % 5 > 0 as is_decided
      from hansard.canvas_recordings) as r;
    insert into hansard.recovery_sessions (
      tenant_id, session_id, id, agent_id, user_id, started_at, started_by, expires_at)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid, 's' || n,
      gen_random_uuid(), 'agent' || n / 2 % 20, 'user' || n / 2 % 50,
      now() - n * interval '1 minute', 'x', now()
    from generate_series(1, 20000) as n;
    insert into hansard.recovery_attempts (
      tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by, error_type,
      strategy, attempt_number, success, rollback_performed, next_action, duration_seconds, payload,
      payload_length, content_mac, redaction_policy, agent_id)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid, 's' || n % 20, 1 + n / 20,
      'entry_' || n, now() - n * interval '1 second', now(), 'x', 'E' || n % 50, 'fix', 1,
      n / 50 % 3 = 0, false, 'complete', 1, decode(repeat('00', 41), 'hex'), 1,
      decode(repeat('00', 32), 'hex'), 0, 'agent' || n / 2 % 20
    from generate_series(1, 30000) as n;
    insert into hansard.recovery_alerts (
      tenant_id, kind, subject, number, alert_id, raised_at, seen_at, policy_version, threshold,
      window_seconds, failures, session_id, entry_id, error_type)
    select ('00000000-0000-0000-0000-00000000000' || 1 + n % \(tenants))::uuid, 'failures', 'E' || n / 2 % 50,
      n, gen_random_uuid(), now() - n * interval '1 minute', now(), 0, 5, 600, 5, 's', 'e', 'E'
    from generate_series(1, 20000) as n;
    analyze;
    """
  }
}

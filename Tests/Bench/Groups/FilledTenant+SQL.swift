// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Many recordings at once, as superuser: through the service a million would take an hour.
enum FilledTenant {
  /// Completed recordings, one a minute, of ten agents, a hundred users and sessions of twenty.
  ///
  /// References are not checked while the rows are written, since all of them are made here.
  ///
  /// - Parameter tenant: a UUID, as the service printed it.
  static func fill(_ tenant: String, recordings count: Int) -> String {
    """
    begin;
    set local session_replication_role = replica;
    insert into hansard.agent_registry (tenant_id, agent_id, name)
    select '\(tenant)', 'agent-' || n, 'Agent ' || n
    from generate_series(0, 9) as n;
    insert into hansard.users (tenant_id, user_id)
    select '\(tenant)', 'user-' || n
    from generate_series(0, 99) as n;
    insert into hansard.canvas_recordings (
      tenant_id, id, recording_id, agent_id, user_id, session_id, reason, status, tags,
      started_at, stopped_at, duration_seconds, event_count, recording_metadata, expires_at,
      expires_on)
    select
      '\(tenant)', id, id, 'agent-' || n % 10, 'user-' || n % 100, 'session-' || n / 20,
      'Answer question ' || n, 'completed', '{bench}', started_at, started_at + interval '40 s',
      40, 12,
      jsonb_build_object(
        'agent_name', 'Agent ' || n % 10, 'agent_maturity', 'autonomous',
        'started_at', started_at),
      started_at + interval '90 days', (started_at + interval '97 days')::date
    from (
      select
        n, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
        now() - (\(count) - n) * interval '1 minute' as started_at
      from generate_series(1, \(count)) as n
    ) as made
    order by n;
    insert into hansard.recording_progress (
      tenant_id, recording_id, is_open, closes_at, expires_on, event_count, completion_count)
    select
      r.tenant_id, r.recording_id, false, r.started_at + interval '7 days', r.expires_on, 12, 1
    from hansard.canvas_recordings as r
    where r.tenant_id = '\(tenant)'
    order by r.recording_id;
    commit;
    """
  }

  /// What autovacuum would have done by the time that a tenant has so many.
  static let settle = """
    vacuum (analyze) hansard.canvas_recordings, hansard.recording_progress;
    """
}

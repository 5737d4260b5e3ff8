// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Recordings that have stopped, made by SQL, and time that passes by SQL.
struct RetentionGround: Sendable {
  let fixture: Fixture
  let party: Party

  /// A recording as it is planted: hours before now, and days of keeping.
  struct Planted: Sendable {
    var stoppedHoursAgo: Int
    /// From the stop; nil: there is no such time.
    var retainDays: Int?
    var days = 90
    var isHeld = false
    var events = 1
  }

  /// Half an hour off every full one, so that nothing lies on a boundary by chance.
  func plant(_ recordings: [Planted]) async throws {
    let rows = recordings.map { row in
      let retain = row.retainDays.map { "\($0)" } ?? "null::integer"
      return
        "(\(row.stoppedHoursAgo), \(retain), \(row.days), \(row.isHeld ? 1 : 0), \(row.events))"
    }
    try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      with planted as (
        select p.*,
          clock_timestamp() - p.hours * interval '1 hour' + interval '30 minutes' as stopped_at
        from (values \(rows.joined(separator: ", "))) as p (hours, retain, days, holds, events)
      ), made as (
        insert into hansard.canvas_recordings (
          tenant_id, id, recording_id, agent_id, user_id, reason, status, started_at, stopped_at,
          duration_seconds, summary, event_count, recording_metadata, expires_at, expires_on,
          retain_until, hold_count)
        select '\(party.tenant)', gen_random_uuid(), gen_random_uuid(), 'planted', 'ann', 'r',
          'completed', p.stopped_at - interval '1 hour', p.stopped_at, 3600, '', p.events, '{}',
          greatest(
            p.stopped_at + make_interval(days => p.retain),
            p.stopped_at + make_interval(days => p.days)), '2026-11-21',
          p.stopped_at + make_interval(days => p.retain), p.holds
        from planted as p
        returning recording_id
      )
      insert into hansard.recording_progress (
        tenant_id, recording_id, is_open, closes_at, expires_on)
      select '\(party.tenant)', m.recording_id, false, now(), '2026-11-21' from made as m
      """)
  }

  /// Lets time pass, for everything that retention looks at.
  func pass(_ interval: String) async throws {
    try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      update hansard.canvas_recordings
      set
        started_at = started_at - interval '\(interval)',
        stopped_at = stopped_at - interval '\(interval)',
        expires_at = expires_at - interval '\(interval)',
        retain_until = retain_until - interval '\(interval)';
      update hansard.retention_changes
      set
        requested_at = requested_at - interval '\(interval)',
        applies_at = applies_at - interval '\(interval)',
        begun_at = begun_at - interval '\(interval)',
        applied_at = applied_at - interval '\(interval)'
      """)
  }

  @discardableResult
  func settle(
    days: Int?, profile: RetentionProfile? = nil, minimum: Int? = nil
  ) async throws -> TenantPolicy {
    let version = try await fixture.hansard.policies.find(by: party.admin).version
    var terms = TenantPolicy.Terms(retentionDays: days, reviewSamplePercent: 0)
    terms.retentionProfile = profile
    terms.minimumRetentionDays = minimum
    return try await fixture.hansard.policies.set(terms, replacing: version, by: party.admin)
  }

  /// Applies what is due of changes, and purges nothing.
  @discardableResult
  func apply() async throws -> RetentionTally {
    let retention = fixture.hansard.retention
    let kind = RetentionKind.changes(retention.gate, fixture.recordings.settings)
    var changed: Int64 = 0
    while true {
      let piece = try await kind.purge(party.tenant)
      changed += piece.tally.changedRecordings
      if !piece.mayHaveMore { return RetentionTally(changedRecordings: changed) }
    }
  }

  /// A recording that stops now.
  func stopped() async throws -> Recording {
    let id = try await fixture.recordings.started(by: party)
    return try await fixture.recordings.stop(
      id, status: .completed, summary: nil, by: party.recorder)
  }

  /// Days that the recordings that have stopped are kept, and at least, each once.
  func days() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select distinct round(extract(epoch from expires_at - stopped_at) / 86400),
        round(extract(epoch from retain_until - stopped_at) / 86400)
      from hansard.canvas_recordings
      where stopped_at is not null and tenant_id = '\(party.tenant)'
      order by 1, 2
      """)
  }

  /// What is not as it has to be when nothing waits any more and `days` are in force.
  static func findings(days: Int) async throws -> [String] {
    let rules = [
      "a change that is not over": """
      select count(*) from hansard.retention_changes
      where undone_at is null and applied_at is null
      """,
      "an expiry of its own": """
      select count(*) from hansard.canvas_recordings
      where stopped_at is not null and (hold_count > 0 or expires_at > clock_timestamp())
        and expires_at <> greatest(retain_until, stopped_at + interval '\(days) days')
      """,
      "recordings that the audit log does not tell of, or tells of twice": """
      select abs(
        (select coalesce(sum(recordings), 0) from hansard.retention_changes)
        - (select coalesce(sum((audit_metadata ->> 'recordings')::bigint), 0)
          from hansard.canvas_audit where action = 'apply_retention_change'))
      """,
      "changes that did not begin, or not end, once in the audit log": """
      select count(*) from hansard.retention_changes as c
      where c.applied_at is not null and (
        select count(*) filter (where a.audit_metadata ->> 'begins' = 'true') * 10
          + count(*) filter (where a.audit_metadata ->> 'ends' = 'true')
        from hansard.canvas_audit as a
        where a.action = 'apply_retention_change'
          and a.audit_metadata ->> 'change_id' = c.change_id::text) <> 11
      """,
    ]
    var findings: [String] = []
    for (what, sql) in rules.sorted(by: { $0.key < $1.key }) {
      let count = try await TestDatabase.current.psql(sql)
      if count != "0\n" { findings.append("\(what): \(count.dropLast())") }
    }
    return findings
  }
}

extension Fixture {
  var ground: RetentionGround { RetentionGround(fixture: self, party: acme) }
}

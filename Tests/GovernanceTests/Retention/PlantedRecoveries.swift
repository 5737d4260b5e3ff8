// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Recovery sessions made by SQL, thousands at a time: what is in them cannot be opened, and need not be.
enum PlantedRecoveries {
  /// Plants `<prefix>-1`, `<prefix>-2`, … with so many attempts each, which expire in `period`, negative for
  /// those that have.
  static func plant(
    _ count: Int, _ prefix: String, attempts: Int, expiringIn period: String, of tenant: TenantID
  ) async throws {
    try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      insert into hansard.recovery_sessions (
        tenant_id, session_id, id, started_at, started_by, attempt_count, last_attempt_number,
        expires_at)
      select '\(tenant)', '\(prefix)-' || n, gen_random_uuid(), now(), 'x', \(attempts), \(attempts),
        clock_timestamp() + interval '\(period)'
      from generate_series(1, \(count)) as n;
      insert into hansard.recovery_keys (
        tenant_id, session_id, tenant_key_id, wrapped, commitment)
      select k.tenant_id, '\(prefix)-' || n, k.tenant_key_id, k.wrapped,
        decode(repeat('00', 32), 'hex')
      from hansard.tenant_keys as k, generate_series(1, \(count)) as n
      where k.tenant_id = '\(tenant)';
      insert into hansard.recovery_attempts (
        tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by,
        error_type, strategy, attempt_number, success, rollback_performed, next_action,
        duration_seconds, payload, payload_length, content_mac, redaction_policy)
      select '\(tenant)', '\(prefix)-' || n, a, 'entry_' || a, now(), now(), 'x', 'E', 'fix', a, true,
        false, 'complete', 1, decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'), 0
      from generate_series(1, \(count)) as n, generate_series(1, \(attempts)) as a
      """)
  }

  /// Lets sessions expire: of a tenant those whose name begins so.
  static func expire(_ prefix: String, of tenant: TenantID) async throws {
    try await TestDatabase.current.psql(
      """
      update hansard.recovery_sessions set expires_at = clock_timestamp()
      where tenant_id = '\(tenant)' and session_id like '\(prefix)%'
      """)
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

  /// Each counts what breaks the rule; the audit log must tell of each session once, and of all attempts.
  private static let always: [(what: String, sql: String)] = [
    (
      "half gone without a tombstone",
      """
      select count(*) from hansard.recovery_sessions as s
      where s.cleared_at is null and (
        not exists (select from hansard.recovery_keys as k
          where (k.tenant_id, k.session_id) = (s.tenant_id, s.session_id))
        or s.attempt_count <> (select count(*) from hansard.recovery_attempts as a
          where (a.tenant_id, a.session_id) = (s.tenant_id, s.session_id)))
      """
    ),
    (
      "a tombstone with a key",
      """
      select count(*) from hansard.recovery_sessions as s
      join hansard.recovery_keys as k using (tenant_id, session_id)
      where s.cleared_at is not null
      """
    ),
    (
      "purged before it had expired",
      """
      select count(*) from hansard.recovery_sessions as s
      where s.cleared_on_expiry and s.cleared_at < s.expires_at
      """
    ),
    (
      "sessions that the audit log does not tell of, or tells of twice",
      """
      select abs(
        (select count(*) from hansard.recovery_sessions where cleared_on_expiry)
        - (select coalesce(sum((audit_metadata ->> 'sessions')::bigint), 0)
          from hansard.canvas_audit where action = 'purge_recovery_sessions'))
      """
    ),
    (
      "attempts that the audit log does not tell of, or tells of twice",
      """
      select abs(
        (select coalesce(sum(cleared_attempts), 0)
          from hansard.recovery_sessions where cleared_on_expiry)
        - (select coalesce(sum((audit_metadata ->> 'attempts')::bigint), 0)
          from hansard.canvas_audit where action = 'purge_recovery_sessions'))
      """
    ),
  ]

  private static let afterwards: [(what: String, sql: String)] = [
    (
      "expired and not purged",
      """
      select count(*) from hansard.recovery_sessions as s
      where s.cleared_at is null and s.expires_at <= clock_timestamp()
      """
    ),
    (
      "a tombstone with attempts",
      """
      select count(*) from hansard.recovery_sessions as s
      join hansard.recovery_attempts as a using (tenant_id, session_id)
      where s.cleared_at is not null
      """
    ),
    (
      "a tombstone that is said to have attempts",
      "select count(*) from hansard.recovery_sessions where has_remains"
    ),
  ]
}

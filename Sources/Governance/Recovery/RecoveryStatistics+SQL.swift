// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// Attempts in order of time, then of arrival; the column behind the attempt's says whether the page was
  /// cut for its size. None of a session that was cleared, of which some may still be there.
  static func attempts(
    of session: SessionID, _ tenant: TenantID, after place: RecoveryHistoryPlace,
    until end: Int64, limit: Int
  ) -> Query {
    Query(
      """
      select \(RecoveryFacts.columns(of: "e")), e.before + e.payload_length >= $7 and e.follows
      from (
        select
          \(RecoveryFacts.plainColumns), x.payload_length, sum(x.payload_length::bigint) over w - x.payload_length
            as before,
          lead(x.position) over w is not null as follows
        from (
          select \(RecoveryFacts.plainColumns), y.payload_length
          from hansard.recovery_attempts as y
          where y.tenant_id = $1
            and y.session_id = $2
            and (y.occurred_at, y.position) > ($3, $4)
            and y.position <= $5
            and exists (
              select
              from hansard.recovery_sessions as s
              where s.tenant_id = $1
                and s.session_id = $2
                and s.cleared_at is null)
          order by y.occurred_at, y.position
          limit $6
        ) as x
        window w as (order by x.occurred_at, x.position)
      ) as e
      where e.before < $7
      order by e.occurred_at, e.position
      """, tenant.uuid, session.rawValue, place.occurredAt, place.position, end, Int64(limit),
      pageBytes)
  }

  /// Some attempts of a session, in order of time, then of arrival.
  static func attempts(
    of session: SessionID, _ tenant: TenantID, at positions: [Int64]
  ) -> Query {
    Query(
      """
      select \(RecoveryFacts.columns(of: "a"))
      from hansard.recovery_attempts as a
      where a.tenant_id = $1
        and a.session_id = $2
        and a.position = any ($3)
      order by a.occurred_at, a.position
      """, tenant.uuid, session.rawValue, positions)
  }

  /// The positions of attempts that modified a file as the first ones, in their order; as many as there can be
  /// for `limit` files.
  static func firstModifications(
    of session: SessionID, _ tenant: TenantID, until end: Int64, limit: Int
  ) -> Query {
    Query(
      """
      select f.position
      from (
        select distinct on (d.digest) a.position, a.occurred_at
        from hansard.recovery_attempts as a
        cross join unnest(a.file_digests) as d (digest)
        where a.tenant_id = $1
          and a.session_id = $2
          and a.position <= $3
        order by d.digest, a.occurred_at, a.position
      ) as f
      group by f.occurred_at, f.position
      order by f.occurred_at, f.position
      limit $4
      """, tenant.uuid, session.rawValue, end, Int64(limit))
  }

  /// Read by `RecoveryTotals.Group`.
  static func statistics(
    of session: SessionID, _ tenant: TenantID, until end: Int64
  ) -> Query {
    var conditions = Conditions.attempts(of: session, tenant, until: end)
    return totals(&conditions, by: nil)
  }

  static func shares(
    of session: SessionID, _ tenant: TenantID, until end: Int64, _ grouping: RecoveryGrouping
  ) -> Query {
    var conditions = Conditions.attempts(of: session, tenant, until: end)
    return shares(&conditions, grouping)
  }

  static func totals(
    of filter: RecoveryTotalsFilter, _ scope: RecoveryScope, by grouping: RecoveryGrouping?,
    _ tenant: TenantID
  ) -> Query {
    var conditions = Conditions.attempts(of: filter, scope, tenant)
    return totals(&conditions, by: grouping)
  }

  static func shares(
    of filter: RecoveryTotalsFilter, _ scope: RecoveryScope, _ grouping: RecoveryGrouping,
    _ tenant: TenantID
  ) -> Query {
    var conditions = Conditions.attempts(of: filter, scope, tenant)
    return shares(&conditions, grouping)
  }

  /// Everything is rounded half up from the exact value: `div` cuts off the fraction of an exact
  /// quotient, where a division would have rounded it before. Nothing in it is negative.
  private static func totals(
    _ conditions: inout Conditions, by grouping: RecoveryGrouping?
  ) -> Query {
    let text = conditions.text
    let limit = conditions.bind(Int64(RecoveryTotals.maximumGroups + 1))
    return Query(
      """
      with matching as materialized (
        select
          \(grouping?.expression ?? "null::text") as key, a.session_id, a.success,
          a.rollback_performed, a.duration_seconds, a.occurred_at, a.file_digests
        from hansard.recovery_attempts as a
        join hansard.recovery_sessions as s
          on s.tenant_id = a.tenant_id
          and s.session_id = a.session_id
        where \(text)
      ), files as (
        select m.key, count(distinct d.digest) as files
        from matching as m
        cross join unnest(m.file_digests) as d (digest)
        group by m.key
      ), sums as (
        select
          m.key, count(distinct m.session_id) as sessions, count(*) as attempts,
          count(*) filter (where m.success) as successes,
          count(*) filter (where m.rollback_performed) as rollbacks,
          sum(m.duration_seconds) as seconds, min(m.occurred_at) as first_at,
          max(m.occurred_at) as last_at
        from matching as m
        group by m.key
      )
      select
        u.key, u.sessions, u.attempts, u.successes,
        (div(20000::numeric * u.successes + u.attempts, 2::numeric * greatest(u.attempts, 1)) * 0.01)::text,
        round(u.seconds, 3)::text,
        (div(2000 * u.seconds + u.attempts, 2::numeric * greatest(u.attempts, 1)) * 0.001)::text,
        coalesce(f.files, 0), u.rollbacks, u.first_at, u.last_at
      from (
        select
          key, sessions, attempts, successes, rollbacks, seconds, first_at, last_at
        from sums
        union all
        select null, 0, 0, 0, 0, 0, null, null
        where \(grouping == nil)
          and not exists (select from sums)
      ) as u
      left join files as f on f.key is not distinct from u.key
      order by u.key collate "C" nulls last
      limit \(limit)
      """, parameters: conditions.parameters)
  }

  private static func shares(
    _ conditions: inout Conditions, _ grouping: RecoveryGrouping
  ) -> Query {
    let text = conditions.text
    let limit = conditions.bind(Int64(RecoveryTotals.maximumShares))
    return Query(
      """
      select \(grouping.expression), count(*)
      from hansard.recovery_attempts as a
      join hansard.recovery_sessions as s
        on s.tenant_id = a.tenant_id
        and s.session_id = a.session_id
      where \(text)
      group by 1
      order by 2 desc, 1
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension Conditions {
  fileprivate static func attempts(
    of session: SessionID, _ tenant: TenantID, until end: Int64
  ) -> Conditions {
    var conditions = Conditions()
    conditions.add("a.tenant_id = ", tenant.uuid)
    conditions.add("a.session_id = ", session.rawValue)
    conditions.add("a.position <= ", end)
    return conditions
  }

  /// What has expired or was cleared is not shown in sums either, though it may still be there.
  fileprivate static func attempts(
    of filter: RecoveryTotalsFilter, _ scope: RecoveryScope, _ tenant: TenantID
  ) -> Conditions {
    var conditions = Conditions()
    conditions.add("a.tenant_id = ", tenant.uuid)
    // A tombstone has none.
    conditions.clauses.append("s.expires_at > clock_timestamp() and s.attempt_count > 0")
    if let agent = filter.agent { conditions.add("a.agent_id = ", agent.rawValue) }
    if let strategy = filter.strategy { conditions.add("a.strategy = ", strategy.rawValue) }
    if let type = filter.errorType { conditions.add("a.error_type = ", type.rawValue) }
    if let after = filter.startedAfter { conditions.add("s.started_at >= ", after) }
    if let before = filter.startedBefore { conditions.add("s.started_at < ", before) }
    conditions.add(scope)
    return conditions
  }
}

extension RecoveryGrouping {
  /// What tells attempts, called a, apart.
  fileprivate var expression: String {
    switch self {
    case .agent: "a.agent_id"
    case .strategy: "a.strategy"
    case .errorType: "a.error_type"
    case .day: "to_char(a.occurred_at at time zone 'UTC', 'YYYY-MM-DD')"
    }
  }
}

extension RecoveryTotals.Group {
  init(_ row: Row) throws {
    var column = row.reader()
    key = try column.next()
    statistics = RecoveryStatistics()
    statistics.sessions = try column.next()
    statistics.attempts = try column.next()
    statistics.successes = try column.next()
    statistics.successRate = DecimalText.trimmed(try column.next(String?.self))
    statistics.totalSeconds = DecimalText.trimmed(try column.next(String?.self))
    statistics.averageSeconds = DecimalText.trimmed(try column.next(String?.self))
    statistics.fileCount = try column.next()
    statistics.rollbacks = try column.next()
    statistics.firstAt = try column.next()
    statistics.lastAt = try column.next()
  }
}

/// Decimal numbers as texts.
enum DecimalText {
  /// Without zeros at the end of the fraction, and with one decimal at least; `0.0` for none.
  static func trimmed(_ number: String?) -> String {
    guard let number else { return "0.0" }
    let parts = number.split(separator: ".", maxSplits: 1)
    let whole = parts.first.map(String.init) ?? "0"
    var decimals = parts.count > 1 ? Array(parts[1].utf8) : []
    while decimals.count > 1, decimals.last == UInt8(ascii: "0") { decimals.removeLast() }
    return "\(whole).\(decimals.isEmpty ? "0" : String(decoding: decimals, as: UTF8.self))"
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// Read by `TenantLimits.reading(_:)`; no row for a tenant that has settled nothing.
  static func tenantLimits(of tenant: TenantID) -> Query {
    Query(
      """
      select
        version, tenant_requests_per_minute, tenant_burst, key_requests_per_minute, key_burst,
        events_per_day, recordings_per_day
      from hansard.tenant_policies
      where tenant_id = $1
      order by version desc
      limit 1
      """, tenant.uuid)
  }

  /// Claims a piece of today's quota, or nothing where there is less than the least that is of use.
  static func claimUse(
    _ claim: DailyLease.Claim, of use: DailyUse, for tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.daily_usage as u (tenant_id, day, kind, claimed, last_grant)
      select $1, (now() at time zone 'UTC')::date, $2, g.granted, g.granted
      from (select case when $5 >= $3 then least($4, $5) else 0 end as granted) as g
      on conflict (tenant_id, day, kind) do update
      set
        claimed = u.claimed
          + case when $5 - u.claimed >= $3 then least($4, $5 - u.claimed) else 0 end,
        last_grant = case when $5 - u.claimed >= $3 then least($4, $5 - u.claimed) else 0 end
      returning
        u.day::timestamp at time zone 'UTC', u.last_grant, u.claimed,
        extract(epoch from (u.day + 1)::timestamp at time zone 'UTC' - now())::double precision
      """, tenant.uuid, use.rawValue, claim.least, claim.most, claim.quota)
  }

  static func surrenderUse(_ piece: DailyLease.Allotment) -> Query {
    Query(
      """
      update hansard.daily_usage
      set claimed = greatest(0, claimed - $4)
      where tenant_id = $1
        and day = ($2 at time zone 'UTC')::date
        and kind = $3
      """, piece.tenant.uuid, piece.day, piece.use.rawValue, piece.count)
  }
}

extension TenantLimits {
  /// The version of the policy in force, 0 for none, and its limits.
  static func reading(_ rows: QueryResult) throws -> (version: Int, limits: TenantLimits) {
    guard let row = rows.first else { return (0, .none) }
    var column = row.reader()
    let version = Int(try column.next(Int32.self))
    return (version, try TenantLimits(reading: &column))
  }

  /// Reads six columns.
  init(reading column: inout RowReader) throws {
    tenantRate = try Self.rate(&column)
    keyRate = try Self.rate(&column)
    eventsPerDay = try column.next(Int64?.self).map { Int($0) }
    recordingsPerDay = try column.next(Int64?.self).map { Int($0) }
  }

  private static func rate(_ column: inout RowReader) throws -> Rate? {
    let perMinute = try column.next(Int32?.self)
    let burst = try column.next(Int32?.self)
    guard let perMinute, let burst else { return nil }
    return Rate(perMinute: Int(perMinute), burst: Int(burst))
  }
}

extension DailyLease.Grant {
  /// - Parameter now: The moment of the answer; the day ends that much later at the latest.
  init(_ row: Row, at now: ContinuousClock.Instant) throws {
    var column = row.reader()
    day = try column.next()
    granted = try column.next()
    claimed = try column.next()
    ends = now + .seconds(try column.next(Double.self))
  }
}

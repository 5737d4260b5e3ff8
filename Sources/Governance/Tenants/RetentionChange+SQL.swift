// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// The shorter retention of a tenant that is not applied to all recordings yet.
  ///
  /// - Parameter isHeld: Whether nobody else may begin or undo it, up to the end of the transaction.
  static func waitingShortening(of tenant: TenantID, isHeld: Bool) -> Query {
    Query(
      """
      select change_id, days_before, days_after, minimum_days, applies_at, begun_at is not null
      from hansard.retention_changes
      where tenant_id = $1
        and shortens
        and undone_at is null
        and applied_at is null
      \(isHeld ? "for no key update" : "")
      """, tenant.uuid)
  }

  static func retentionInForce(of tenant: TenantID) -> Query {
    Query(
      """
      select retention_days, minimum_retention_days
      from hansard.tenants
      where tenant_id = $1
      """, tenant.uuid)
  }

  /// What starts and stops read.
  static func setRetention(_ terms: RetentionTerms, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.tenants
      set
        retention_days = $2,
        minimum_retention_days = $3
      where tenant_id = $1
      """, tenant.uuid, terms.days.map { Int32(clamping: $0) },
      terms.minimumDays.map { Int32(clamping: $0) })
  }

  /// Takes back the change of one kind that is not applied yet, or lets another take its place.
  static func undoRetentionChange(shortens: Bool, of tenant: TenantID, by actor: String) -> Query {
    Query(
      """
      update hansard.retention_changes
      set
        undone_at = clock_timestamp(),
        undone_by = $3
      where tenant_id = $1
        and shortens = $2
        and undone_at is null
        and applied_at is null
      """, tenant.uuid, shortens, actor)
  }

  /// Has the retention worker apply terms: at once, or after the time of grace. Answers when.
  static func insertRetentionChange(
    _ terms: RetentionTerms, before: Int, shortens: Bool, version: Int, of tenant: TenantID,
    by actor: String
  ) -> Query {
    Query(
      """
      insert into hansard.retention_changes (
        tenant_id, change_id, policy_version, shortens, days_before, days_after, minimum_days,
        requested_at, requested_by, applies_at)
      select $1, $2, $3, $4, $5, $6, $7, c.now, $8,
        case when $4 then c.now + interval '7 days' else c.now end
      from (select clock_timestamp() as now) as c
      returning applies_at
      """, tenant.uuid, UUID.version7(), Int32(clamping: version), shortens,
      Int32(clamping: before), terms.days.map { Int32(clamping: $0) },
      terms.minimumDays.map { Int32(clamping: $0) }, actor)
  }

  /// What would come of other terms. Read by `RetentionPreview`.
  static func retentionPreview(
    days: Int, minimumDays: Int?, shortens: Bool, of tenant: TenantID
  ) -> Query {
    Query(
      """
      select
        t.applies_at,
        count(*) filter (where r.is_gone),
        (coalesce(sum(r.event_count) filter (where r.is_gone), 0))::bigint,
        count(*) filter (where r.is_gone and r.expires_at <= t.applies_at),
        count(*) filter (where r.expires_then < r.expires_at),
        count(*) filter (where r.expires_then < r.expires_at and r.is_held),
        count(*) filter (where r.expires_plainly < least(r.expires_then, r.expires_at)),
        min(r.started_at) filter (where r.is_gone),
        max(r.started_at) filter (where r.is_gone)
      from (
        select
          c.now,
          c.now + case when $4 then interval '7 days' else interval '0' end as applies_at
        from (select clock_timestamp() as now) as c
      ) as t
      left join lateral (
        select
          x.*,
          not x.is_held and least(x.expires_at, x.expires_then) <= t.applies_at as is_gone
        from (
          select
            y.started_at, y.event_count, y.expires_at, y.hold_count > 0 as is_held,
            y.stopped_at + make_interval(days => $2) as expires_plainly,
            greatest(
              y.retain_until, y.stopped_at + make_interval(days => $3),
              y.stopped_at + make_interval(days => $2)) as expires_then
          from hansard.canvas_recordings as y
          where y.tenant_id = $1
            and y.stopped_at is not null
            and (y.hold_count > 0 or y.expires_at > t.now)
        ) as x
      ) as r on true
      group by t.applies_at
      """, tenant.uuid, Int32(clamping: days), minimumDays.map { Int32(clamping: $0) }, shortens)
  }
}

extension RetentionTerms {
  init(_ row: Row) throws {
    var column = row.reader()
    days = try column.next(Int32?.self).map { Int($0) }
    minimumDays = try column.next(Int32?.self).map { Int($0) }
  }
}

extension RetentionChange {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.next()
    daysBefore = Int(try column.next(Int32.self))
    terms = RetentionTerms(
      days: try column.next(Int32?.self).map { Int($0) },
      minimumDays: try column.next(Int32?.self).map { Int($0) })
    appliesAt = try column.next()
    hasBegun = try column.next()
  }
}

extension RetentionPreview {
  init(_ row: Row, retentionDays: Int, minimumDays: Int?) throws {
    var column = row.reader()
    self.retentionDays = retentionDays
    self.minimumDays = minimumDays
    appliesAt = try column.next()
    expiredRecordings = try column.next()
    expiredEvents = try column.next()
    expiredAnyway = try column.next()
    earlierRecordings = try column.next()
    earlierHeld = try column.next()
    keptByMinimum = try column.next()
    oldestStartedAt = try column.next()
    newestStartedAt = try column.next()
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func tenantPolicy(of tenant: TenantID) -> Query {
    Query(
      """
      select
        version, retention_days, review_sample_percent, created_at, created_by, new_autonomy_reviews,
        four_eyes, tenant_requests_per_minute, tenant_burst, key_requests_per_minute, key_burst,
        events_per_day, recordings_per_day, automatic_rules::text, retention_profile,
        minimum_retention_days, archive_days, \(RecoveryAlertTerms.columns)
      from hansard.tenant_policies
      where tenant_id = $1
      order by version desc
      limit 1
      """, tenant.uuid)
  }

  /// Lets one at a time set a tenant's policy, up to the end of the transaction.
  static func lockTenantPolicy(of tenant: TenantID) -> Query {
    Query(
      "select pg_advisory_xact_lock(hashtextextended($1, 0))",
      "hansard.tenant_policies \(tenant)")
  }

  static func insertTenantPolicy(
    _ terms: TenantPolicy.Terms, _ version: Int, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      insert into hansard.tenant_policies (
        tenant_id, version, retention_days, review_sample_percent, created_by,
        new_autonomy_reviews, four_eyes, tenant_requests_per_minute, tenant_burst,
        key_requests_per_minute, key_burst, events_per_day, recordings_per_day, automatic_rules,
        retention_profile, minimum_retention_days, archive_days, \(RecoveryAlertTerms.columns))
      values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24)
      returning created_at
      """, tenant.uuid, Int32(clamping: version), terms.retentionDays.map { Int32(clamping: $0) },
      terms.reviewSamplePercent, actor, Int32(clamping: terms.newAutonomyReviews),
      terms.fourEyes, terms.limits.tenantRate.map { Int32(clamping: $0.perMinute) },
      terms.limits.tenantRate.map { Int32(clamping: $0.burst) },
      terms.limits.keyRate.map { Int32(clamping: $0.perMinute) },
      terms.limits.keyRate.map { Int32(clamping: $0.burst) },
      terms.limits.eventsPerDay.map { Int64($0) },
      terms.limits.recordingsPerDay.map { Int64($0) }, terms.automaticRules.stored,
      terms.retentionProfile?.rawValue, terms.minimumRetentionDays.map { Int32(clamping: $0) },
      terms.archiveDays.map { Int32(clamping: $0) },
      terms.recoveryAlerts.failures.map { Int32(clamping: $0.count) },
      terms.recoveryAlerts.failures.map { Int32(clamping: $0.windowSeconds) },
      terms.recoveryAlerts.successRate.map { Int32(clamping: $0.belowPercent) },
      terms.recoveryAlerts.successRate.map { Int32(clamping: $0.windowSeconds) },
      terms.recoveryAlerts.successRate.map { Int32(clamping: $0.minimumAttempts) },
      terms.recoveryAlerts.tellsEscalations,
      Int32(clamping: terms.recoveryAlerts.repeatAfterSeconds))
  }

  /// What the archiving goes by.
  static func setArchiving(_ terms: TenantPolicy.Terms, of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.tenants
      set archive_days = $2
      where tenant_id = $1
      """, tenant.uuid, terms.archiveDays.map { Int32(clamping: $0) })
  }

  /// Read by `AutomaticRules.init(_:)`.
  static func automaticRules(of tenant: TenantID) -> Query {
    Query(
      """
      select version, automatic_rules::text
      from hansard.tenant_policies
      where tenant_id = $1
      order by version desc
      limit 1
      """, tenant.uuid)
  }
}

extension TenantPolicy {
  init(_ row: Row) throws {
    var column = row.reader()
    version = Int(try column.next(Int32.self))
    let days = try column.next(Int32?.self).map { Int($0) }
    terms = Terms(retentionDays: days, reviewSamplePercent: try column.next())
    setAt = try column.next(Timestamp.self)
    setBy = try column.next(String.self)
    terms.newAutonomyReviews = Int(try column.next(Int32.self))
    terms.fourEyes = try column.next()
    terms.limits = try TenantLimits(reading: &column)
    terms.automaticRules = try [AutomaticRule](stored: try column.next(String?.self))
    terms.retentionProfile = try column.next(String?.self).map { word in
      guard let profile = RetentionProfile(rawValue: word) else { throw DomainError.unreadable }
      return profile
    }
    terms.minimumRetentionDays = try column.next(Int32?.self).map { Int($0) }
    terms.archiveDays = try column.next(Int32?.self).map { Int($0) }
    terms.recoveryAlerts = try RecoveryAlertTerms(reading: &column)
  }
}

extension AutomaticRules {
  init(_ rows: QueryResult) throws {
    self.init(version: 0, rules: [])
    guard let row = rows.first else { return }
    version = Int(try row.decode(0, as: Int32.self))
    rules = try [AutomaticRule](stored: try row.decode(1, as: String?.self))
  }
}

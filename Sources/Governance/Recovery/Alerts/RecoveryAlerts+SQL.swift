// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// The latest alert of each subject, in their order; a row of nulls where there is none.
  static func alertStandings(
    _ subjects: [RecoveryAlert.Subject], of tenant: TenantID
  ) -> Query {
    Query(
      """
      select l.number, l.raised_at, l.seen_at
      from unnest($2::text[], $3::text[]) with ordinality as s (kind, name, place)
      left join lateral (
        select r.number, r.raised_at, r.seen_at
        from hansard.recovery_alerts as r
        where r.tenant_id = $1
          and r.kind = s.kind
          and r.subject = s.name
        order by r.number desc
        limit 1) as l on true
      order by s.place
      """, tenant.uuid, subjects.map(\.kind.rawValue), subjects.map(\.name))
  }

  /// Lets one at a time raise alerts of these subjects, up to the end of the transaction. Sixteen locks of a
  /// tenant stand for all of its subjects: the server has room for so many, however many subjects a request
  /// has. They are taken in order, so that nobody waits for who waits for them.
  static func lockAlerts(_ subjects: [RecoveryAlert.Subject], of tenant: TenantID) -> Query {
    Query(
      """
      select pg_advisory_xact_lock(l.key)
      from (
        select distinct
          hashtextextended($1 || (hashtextextended(s.kind || ' ' || s.name, 0) & 15), 0) as key
        from unnest($2::text[], $3::text[]) as s (kind, name)
        order by key) as l
      """, "hansard.recovery_alerts \(tenant) ", subjects.map(\.kind.rawValue),
      subjects.map(\.name))
  }

  /// How many attempts at each type of error have failed, up to what is counted. The order is the index's:
  /// without it a planner that expects many would rather read the table from its beginning, where the latest
  /// are not.
  static func countFailures(
    _ errorTypes: [String], since start: Timestamp, of tenant: TenantID
  ) -> Query {
    Query(
      """
      select c.failures
      from unnest($2::text[]) with ordinality as s (error_type, place)
      cross join lateral (
        select count(*) as failures
        from (
          select
          from hansard.recovery_attempts as a
          where a.tenant_id = $1
            and a.error_type = s.error_type
            and not a.success
            and least(a.occurred_at, a.recorded_at) > $3
          order by least(a.occurred_at, a.recorded_at) desc
          limit \(RecoveryAlertTerms.maximumCounted)) as f) as c
      order by s.place
      """, tenant.uuid, errorTypes, start)
  }

  /// How many of each agent's latest attempts there are, up to what is counted, and how many of them failed;
  /// an empty name stands for no agent.
  static func countAttempts(
    _ agents: [String], since start: Timestamp, of tenant: TenantID
  ) -> Query {
    func latest(_ condition: String) -> String {
      """
      (select a.success
          from hansard.recovery_attempts as a
          where a.tenant_id = $1
            and \(condition)
            and least(a.occurred_at, a.recorded_at) > $3
          order by least(a.occurred_at, a.recorded_at) desc
          limit \(RecoveryAlertTerms.maximumCounted))
      """
    }
    return Query(
      """
      select c.attempts, c.failures
      from unnest($2::text[]) with ordinality as s (agent_id, place)
      cross join lateral (
        select count(*) as attempts, count(*) filter (where not t.success) as failures
        from (
          \(latest("a.agent_id = s.agent_id"))
          union all
          \(latest("a.agent_id is null and s.agent_id = ''"))) as t) as c
      order by s.place
      """, tenant.uuid, agents, start)
  }

  /// No row where somebody else was first.
  static func insertAlert(_ alert: RecoveryAlert, of tenant: TenantID) -> Query {
    Query(
      """
      insert into hansard.recovery_alerts (
        tenant_id, kind, subject, number, alert_id, raised_at, seen_at, policy_version, threshold,
        window_seconds, attempts, failures, session_id, entry_id, error_type, agent_id, user_id,
        recording_id)
      values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      on conflict (tenant_id, kind, subject, number) do nothing
      returning alert_id
      """, tenant.uuid, alert.subject.kind.rawValue, alert.subject.name, alert.number,
      alert.id.uuid, alert.raisedAt, Int32(clamping: alert.policyVersion),
      alert.threshold.map { Int32(clamping: $0) }, alert.windowSeconds.map { Int32(clamping: $0) },
      alert.attempts.map { Int32(clamping: $0) }, alert.failures.map { Int32(clamping: $0) },
      alert.cause.session.rawValue, alert.cause.entry, alert.cause.errorType,
      alert.cause.agent?.rawValue, alert.cause.user?.rawValue, alert.cause.recording?.uuid)
  }

  /// Keeps an alert going.
  static func keepAlert(
    _ subject: RecoveryAlert.Subject, _ number: Int64, _ now: Timestamp, of tenant: TenantID
  ) -> Query {
    Query(
      """
      update hansard.recovery_alerts
      set seen_at = greatest(seen_at, $5)
      where tenant_id = $1
        and kind = $2
        and subject = $3
        and number = $4
      """, tenant.uuid, subject.kind.rawValue, subject.name, number, now)
  }

  /// Alerts, newest first; one more row than `limit` is asked for, to know whether there is a next page.
  static func alerts(
    _ filter: RecoveryAlertFilter, after place: RecoveryAlertPlace?, limit: PageLimit,
    of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("r.tenant_id = ", tenant.uuid)
    if let kind = filter.kind { conditions.add("r.kind = ", kind.rawValue) }
    if let after = filter.raisedAfter { conditions.add("r.raised_at >= ", after) }
    if let before = filter.raisedBefore { conditions.add("r.raised_at < ", before) }
    if let place {
      let time = conditions.bind(place.raisedAt)
      let id = conditions.bind(place.id.uuid)
      conditions.clauses.append("(r.raised_at, r.alert_id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select
        r.alert_id, r.kind, r.subject, r.number, r.raised_at, r.policy_version, r.threshold,
        r.window_seconds, r.attempts, r.failures, r.session_id, r.entry_id, r.error_type,
        r.agent_id, r.user_id, r.recording_id
      from hansard.recovery_alerts as r
      where \(conditions.text)
      order by r.raised_at desc, r.alert_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }

  /// What the policy in force says of alerts; read by `RecoveryAlertPolicy.init(_:)`.
  static func alertPolicy(of tenant: TenantID) -> Query {
    Query(
      """
      select version, \(RecoveryAlertTerms.columns)
      from hansard.tenant_policies
      where tenant_id = $1
      order by version desc
      limit 1
      """, tenant.uuid)
  }
}

/// A place in a list of alerts: after this time and id, going back in time.
struct RecoveryAlertPlace: Sendable {
  let raisedAt: Timestamp
  let id: RecoveryAlertID

  init(_ alert: RecoveryAlert) {
    raisedAt = alert.raisedAt
    id = alert.id
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .recoveryAlert, tenant, count: 24)
    raisedAt = try CursorBytes.moment(bytes[..<8])
    id = RecoveryAlertID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.recoveryAlert, tenant, [raisedAt.microseconds.bytes, id.uuid.bytes])
  }
}

/// What the policy in force says of alerts.
struct RecoveryAlertPolicy: Sendable {
  /// 0: none was ever set.
  var version = 0
  var terms = RecoveryAlertTerms.standard

  init(_ rows: QueryResult) throws {
    guard let row = rows.first else { return }
    var column = row.reader()
    version = Int(try column.next(Int32.self))
    terms = try RecoveryAlertTerms(reading: &column)
  }
}

extension RecoveryAlertTerms {
  /// The columns of `tenant_policies` that `init(reading:)` reads and `stored` fills.
  static let columns = """
    alert_failures, alert_failures_seconds, alert_rate_percent, alert_rate_seconds,
    alert_rate_attempts, alert_escalations, alert_repeat_seconds
    """

  init(reading column: inout RowReader) throws {
    func count() throws -> Int? { try column.next(Int32?.self).map { Int($0) } }
    let (failures, failureSeconds) = (try count(), try count())
    let (percent, rateSeconds, minimum) = (try count(), try count(), try count())
    self.init(
      failures: nil, successRate: nil, tellsEscalations: try column.next(),
      repeatAfterSeconds: Int(try column.next(Int32.self)))
    if let failures, let failureSeconds {
      self.failures = Failures(count: failures, windowSeconds: failureSeconds)
    }
    if let percent, let rateSeconds, let minimum {
      successRate = SuccessRate(
        belowPercent: percent, windowSeconds: rateSeconds, minimumAttempts: minimum)
    }
  }
}

extension RecoveryAlertStanding {
  /// Nil where there was no alert.
  init?(_ row: Row) throws {
    var column = row.reader()
    let number = try column.next(Int64?.self)
    let (raisedAt, seenAt) = (try column.next(Timestamp?.self), try column.next(Timestamp?.self))
    guard let number, let raisedAt, let seenAt else { return nil }
    self.init(number: number, raisedAt: raisedAt, seenAt: seenAt)
  }
}

extension RecoveryAlarm.Counts {
  init(failures row: Row) throws {
    failures = Int(clamping: try row.decode(0, as: Int64.self))
  }

  init(attempts row: Row) throws {
    attempts = Int(clamping: try row.decode(0, as: Int64.self))
    failures = Int(clamping: try row.decode(1, as: Int64.self))
  }
}

extension RecoveryAlert {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.serverID()
    guard let kind = Kind(rawValue: try column.next()) else { throw DomainError.unreadable }
    subject = Subject(kind: kind, name: try column.next())
    number = try column.next()
    raisedAt = try column.next()
    policyVersion = Int(try column.next(Int32.self))
    threshold = try column.next(Int32?.self).map { Int($0) }
    windowSeconds = try column.next(Int32?.self).map { Int($0) }
    attempts = try column.next(Int32?.self).map { Int($0) }
    failures = try column.next(Int32?.self).map { Int($0) }
    cause = Cause(
      session: try column.callerID(), entry: try column.next(), errorType: try column.next(),
      agent: try column.optionalCallerID(), user: try column.optionalCallerID(),
      recording: try column.next(UUID?.self).map { RecordingID($0) })
  }
}

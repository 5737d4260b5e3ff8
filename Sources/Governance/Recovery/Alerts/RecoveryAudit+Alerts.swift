// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension RecoveryAudit {
  /// A page of the alerts that were raised, newest first.
  package func alerts(
    _ filter: RecoveryAlertFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<RecoveryAlert> {
    try await gate.perform(
      .readRecoveryAlerts, by: caller, naming: AuditMention(details: filter.details)
    ) { transaction, note in
      let place = try cursor.map { try RecoveryAlertPlace($0, of: caller.tenant) }
      let rows = try await transaction.execute(
        .alerts(filter, after: place, limit: limit, of: caller.tenant))
      let alerts = try rows.prefix(limit.count).map { try RecoveryAlert($0) }
      note.amend(count: alerts.count)
      let last = rows.count > limit.count ? alerts.last : nil
      return Page(
        elements: alerts, next: last.map { RecoveryAlertPlace($0).cursor(of: caller.tenant) })
    }
  }

  /// Raises the alerts of attempts that were just stored, and has them told.
  func alert(
    to attempts: [RecoveryFacts], of request: RecoveryLogging, _ policy: RecoveryAlertPolicy,
    at now: Timestamp, in transaction: PostgresTransaction, note: AuditNote
  ) async throws {
    let alarm = RecoveryAlarm(
      tenant: request.caller.tenant, terms: policy.terms, policyVersion: policy.version, now: now,
      defect: alarmDefect)
    let alerts = try await alarm.raise(by: attempts, in: request.session, transaction)
    guard !alerts.isEmpty else { return }
    for alert in alerts { note.announce(.alerted(alert)) }
    note.amend { $0.details["alerts"] = "\(alerts.count)" }
  }
}

extension RecoveryAlertFilter {
  /// The conditions, by the names that they are asked by.
  fileprivate var details: [String: String] {
    let conditions: [String: String?] = [
      "alert_type": kind?.rawValue, "raised_after": raisedAfter?.rfc3339,
      "raised_before": raisedBefore?.rfc3339,
    ]
    return conditions.compactMapValues { $0 }
  }
}

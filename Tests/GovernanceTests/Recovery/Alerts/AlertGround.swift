// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A tenant whose alerts are looked at.
struct AlertGround: Sendable {
  let fixture: Fixture

  var recovery: RecoveryAudit { fixture.hansard.recovery }

  /// Lends one with these terms.
  static func run(
    _ terms: RecoveryAlertTerms?, with adjustment: Adjustment = .none,
    _ body: (AlertGround) async throws -> Void
  ) async throws {
    try await Fixture.run(with: adjustment) { fixture in
      let ground = AlertGround(fixture: fixture)
      if let terms { try await ground.settle(terms, replacing: 0) }
      try await body(ground)
    }
  }

  func settle(_ terms: RecoveryAlertTerms, replacing version: Int) async throws {
    var policy = TenantPolicy.Terms(retentionDays: nil, reviewSamplePercent: 0)
    policy.recoveryAlerts = terms
    _ = try await fixture.hansard.policies.set(
      policy, replacing: version, by: fixture.acme.admin)
  }

  /// Logs attempts in one request; its session is another one each time, unless it is said.
  @discardableResult
  func log(
    _ drafts: RecoveryAttemptDraft..., in session: SessionID? = nil
  ) async throws -> [RecoveryReceipt] {
    try await recovery.log(
      drafts, in: session ?? .makeRecovery(), by: fixture.acme.recorder)
  }

  /// Attempts that failed.
  func fail(_ errorType: String = "E", times: Int = 1, at timestamp: String? = nil) async throws {
    _ = try await recovery.log(
      (0..<times).map { _ in try .of(errorType, success: false, at: timestamp) },
      in: .makeRecovery(), by: fixture.acme.recorder)
  }

  /// All alerts, the first one first.
  func alerts(_ kind: RecoveryAlert.Kind? = nil) async throws -> [RecoveryAlert] {
    var filter = RecoveryAlertFilter()
    filter.kind = kind
    return try await recovery.alerts(
      filter, limit: try #require(PageLimit(500)), cursor: nil, by: fixture.acme.auditor
    ).elements.reversed()
  }

  /// The numbers of the alerts of a subject, as listed and as told; both are the same.
  func numbers(
    _ kind: RecoveryAlert.Kind, of name: String = "E",
    at location: SourceLocation = #_sourceLocation
  ) async throws -> [Int64] {
    let numbers = try await alerts(kind).filter {
      $0.subject.name.utf8.elementsEqual(name.utf8)
    }.map(\.number)
    let told = try await TestDatabase.current.psql(
      """
      select content ->> 'alert_number' from hansard.notices
      where notice_type = 'recovery:alert' and content ->> 'alert_type' = '\(kind.rawValue)'
        and coalesce(content ->> 'subject', '') = '\(name)'
      order by notice_id
      """)
    let order = told.split(separator: "\n").compactMap { Int64($0) }
    #expect(order.sorted() == numbers.sorted(), sourceLocation: location)
    return numbers
  }

  /// Lets time pass: everything was so many seconds longer ago.
  func pass(_ seconds: Int) async throws {
    try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      update hansard.recovery_attempts set
        occurred_at = occurred_at - interval '\(seconds) s',
        recorded_at = recorded_at - interval '\(seconds) s';
      update hansard.recovery_alerts set
        raised_at = raised_at - interval '\(seconds) s',
        seen_at = seen_at - interval '\(seconds) s'
      """)
  }

  /// So many seconds from now.
  static func time(_ seconds: Int64) -> String {
    Timestamp(microseconds: Timestamp.now().microseconds + seconds * 1_000_000).rfc3339
  }
}

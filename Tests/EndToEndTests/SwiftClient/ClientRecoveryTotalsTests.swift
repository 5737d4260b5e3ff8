// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import TestSupport
import Testing

/// What the Swift client reads of attempts across sessions, from a real service.
@Suite(.serialized, .exclusive)
struct ClientRecoveryTotalsTests {
  /// The first second of 2026.
  private static let newYear = Date(timeIntervalSince1970: 1_767_225_600)

  /// Lends an admin's client, and a time between the starts of two sessions: one of agent `a` with
  /// two attempts on the first day of a year, one of no agent with one on the second.
  private func withTwoSessions(
    _ name: String, _ body: (HansardClient, Date) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let keys = try await deployment.makeTenant(name).makeKeys([
      "recorder": .init("recorder"), "admin": .init("admin"),
    ])
    try await deployment.withService { service in
      let recorder = try ClientCalls.client(service, keys["recorder"]?.text)
      let admin = try ClientCalls.client(service, keys["admin"]?.text)
      let nothing = try await admin.recoveryStatistics()
      #expect(nothing.sums.totalSessions == 0 && nothing.sums.totalAttempts == 0)
      #expect(nothing.sums.firstAttemptTimestamp == nil && nothing.strategiesUsed == [:])

      var good = RecoveryAttempt(
        errorType: "E & F", strategy: .fix, success: true, durationSeconds: 1)
      (good.agentID, good.timestamp, good.filesModified) = ("a", Self.newYear, ["x"])
      var bad = good
      (bad.success, bad.durationSeconds, bad.filesModified) = (false, 2, ["x", "y"])
      try await recorder.logRecoveryAttempts([good, bad], in: "one")
      let between = Date()
      var other = RecoveryAttempt(
        errorType: "G", strategy: .retry, success: true, durationSeconds: 0.5)
      (other.timestamp, other.rollbackPerformed) = (Self.newYear + 86_400, true)
      try await recorder.logRecoveryAttempts([other], in: "two")
      try await body(admin, between)
    }
  }

  @Test func addUp() async throws {
    try await withTwoSessions("swift recovery sums") { client, _ in
      let totals = try await client.recoveryStatistics()
      #expect(totals.sums.totalSessions == 2 && totals.sums.totalAttempts == 3)
      #expect(totals.sums.successfulAttempts == 2 && totals.sums.failedAttempts == 1)
      #expect(totals.sums.successRate == 66.67)
      #expect(totals.sums.totalDurationSeconds == 3.5)
      #expect(totals.sums.averageDurationSeconds == 1.167)
      #expect(totals.sums.filesModifiedCount == 2 && totals.sums.rollbackCount == 1)
      #expect(totals.sums.firstAttemptTimestamp == "2026-01-01T00:00:00.000000Z")
      #expect(totals.sums.lastAttemptTimestamp == "2026-01-02T00:00:00.000000Z")
      #expect(totals.strategiesUsed == ["fix": 2, "retry": 1])
      #expect(totals.errorTypeDistribution == ["E & F": 2, "G": 1])
      #expect(totals.grouping == nil && totals.groups == [] && !totals.hasMoreGroups)
    }
  }

  @Test func areToldInGroups() async throws {
    try await withTwoSessions("swift recovery groups") { client, _ in
      let keys: [RecoveryGrouping: [String?]] = [
        .agent: ["a", nil], .strategy: ["fix", "retry"], .errorType: ["E & F", "G"],
        .day: ["2026-01-01", "2026-01-02"],
      ]
      for grouping in RecoveryGrouping.allCases {
        let totals = try await client.recoveryStatistics(by: grouping)
        #expect(totals.grouping == grouping && !totals.hasMoreGroups)
        #expect(totals.sums.totalAttempts == 3)
        #expect(totals.groups.map(\.key) == keys[grouping])
        #expect(totals.groups.map(\.sums.totalSessions) == [1, 1])
        #expect(totals.groups.map(\.sums.totalAttempts) == [2, 1])
        #expect(totals.groups.map(\.sums.failedAttempts) == [1, 0])
        #expect(totals.groups.map(\.sums.successRate) == [50, 100])
        #expect(totals.groups.map(\.sums.averageDurationSeconds) == [1.5, 0.5])
        #expect(totals.groups.map(\.sums.rollbackCount) == [0, 1])
      }
    }
  }

  @Test func areOfWhatIsAskedFor() async throws {
    try await withTwoSessions("swift recovery filters") { client, between in
      let wanted: [(filter: RecoveryTotalsFilter, attempts: Int)] = [
        (.init(agentID: "a"), 2), (.init(agentID: "b"), 0), (.init(strategy: .retry), 1),
        (.init(errorType: "E & F"), 2), (.init(startedBefore: between), 2),
        (.init(startedAfter: between), 1),
        (.init(startedAfter: between, startedBefore: between), 0),
        (.init(agentID: "a", strategy: .fix, errorType: "E & F", startedBefore: between), 2),
        (.init(agentID: "a", errorType: "G"), 0),
      ]
      for (filter, attempts) in wanted {
        let totals = try await client.recoveryStatistics(filter)
        #expect(totals.sums.totalAttempts == attempts, "\(filter)")
      }
      let grouped = try await client.recoveryStatistics(.init(strategy: .fix), by: .errorType)
      #expect(grouped.groups.map(\.key) == ["E & F"] && grouped.sums.totalSessions == 1)
      let turned = RecoveryTotalsFilter(startedAfter: between, startedBefore: between - 1)
      let code = await ClientCalls.code { _ = try await client.recoveryStatistics(turned) }
      #expect(code == "422 empty_range")
    }
  }
}

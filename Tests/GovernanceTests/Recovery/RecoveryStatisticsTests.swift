// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecoveryStatisticsTests {
  /// `HANSARD_RECOVERY_SESSIONS` asks for more.
  private static let sessions =
    ProcessInfo.processInfo.environment["HANSARD_RECOVERY_SESSIONS"].flatMap { Int($0) } ?? 300

  @Test func statisticsEqualAnIndependentRecomputation() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      var generator = SystemRandomNumberGenerator()
      let sessions = try (0..<Self.sessions).map { try RandomRecovery(number: $0, &generator) }
      try await Self.inParallel(sessions) { session in
        _ = try await recovery.start(
          .init(
            id: session.id, agent: session.agent.flatMap { AgentID($0) }, user: UserID("ann")),
          by: acme.recorder)
        let drafts = try session.drafts
        if !drafts.isEmpty {
          _ = try await recovery.log(drafts, in: session.id, by: acme.recorder)
        }
        let (row, found) = try await recovery.statistics(of: session.id, by: acme.ann)
        let expected = ExpectedStatistics(attempts: session.chronological)
        #expect(expected.differences(from: found) == [], "\(session)")
        #expect(found.files == expected.files, "\(session)")
        #expect(row.id == session.id)
      }
      let all = sessions.flatMap(\.attempts)
      for grouping in [nil] + RecoveryGrouping.allCases.map(Optional.some) {
        let totals = try await recovery.totals(of: .init(), by: grouping, for: acme.admin)
        #expect(ExpectedStatistics(attempts: all).differences(from: totals.all) == [])
        #expect(totals.all.sessions == Int64(sessions.count { !$0.attempts.isEmpty }))
        guard let grouping else { continue }
        let parts = Dictionary(grouping: all) { Self.key(of: $0, grouping) }
        #expect(Set(totals.groups.map(\.key)) == Set(parts.keys) && !totals.isCut)
        for group in totals.groups {
          let part = ExpectedStatistics(attempts: parts[group.key] ?? [])
          let differences = part.differences(from: group.statistics)
          // Only the whole has them.
          #expect(Set(differences).subtracting(["strategies", "error types"]) == [])
        }
      }
    }
  }

  /// What is told of a session has a bound, whatever was logged; what is counted has none.
  @Test func namesOfFilesAreToldUpToABound() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("many")
      for number in 0..<11 {
        // Each modifies one again that the one before has modified.
        let files = (number * 999..<number * 999 + 1000).map { "f\($0)" }
        _ = try await recovery.log([.of(files: files)], in: id, by: acme.recorder)
      }
      let statistics = try await recovery.statistics(of: id, by: acme.ann).statistics
      #expect(statistics.fileCount == 10_990)
      #expect(statistics.files == (0..<10_000).map { "f\($0)" })
    }
  }

  /// A session's statistics open what tells of a file first, and sums across sessions open nothing:
  /// what does not open is in nobody's way until it is to be shown.
  @Test func opensOnlyWhatNamesAFileFirst() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      _ = try await recovery.log(
        [.of(files: ["a"]), .of(), .of(files: ["a"]), .of(files: ["b", "a"])], in: id,
        by: acme.recorder)
      try await Self.corruptPayloads(at: [2, 3])
      let found = try await recovery.statistics(of: id, by: acme.ann).statistics
      #expect(found.attempts == 4 && found.fileCount == 2 && found.files == ["a", "b"])
      #expect(found.totalSeconds == "6.0")
      let history = try await refusal { try await recovery.wholeHistory(of: id, by: acme.ann) }
      #expect(history == .integrityFailure)
      try await Self.corruptPayloads(at: [1, 4])
      let statistics = try await refusal {
        try await recovery.statistics(of: id, by: acme.ann).statistics
      }
      #expect(statistics == .integrityFailure)
      for grouping in RecoveryGrouping.allCases {
        let totals = try await recovery.totals(of: .init(), by: grouping, for: acme.admin)
        let sums = [totals.all] + totals.groups.map(\.statistics)
        #expect(sums.map(\.attempts) == [4, 4] && sums.map(\.fileCount) == [2, 2])
        #expect(sums.map(\.totalSeconds) == ["6.0", "6.0"])
        #expect(totals.all.strategies.map(\.count) == [4])
      }
    }
  }

  /// Changes a bit of the payloads of all attempts in these places.
  private static func corruptPayloads(at positions: [Int]) async throws {
    let places = positions.map { "\($0)" }.joined(separator: ", ")
    let changed = try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      update hansard.recovery_attempts
      set payload = set_byte(
        payload, octet_length(payload) - 1, get_byte(payload, octet_length(payload) - 1) # 1)
      where position in (\(places))
      returning position
      """)
    #expect(changed.split(separator: "\n").count == positions.count)
  }

  private static func key(
    of attempt: RandomRecovery.Attempt, _ grouping: RecoveryGrouping
  ) -> String? {
    switch grouping {
    case .agent: attempt.agent
    case .strategy: attempt.strategy
    case .errorType: attempt.errorType
    case .day: String(attempt.timestamp.rfc3339.prefix(10))
    }
  }

  private static func inParallel(
    _ sessions: [RandomRecovery], _ body: @escaping @Sendable (RandomRecovery) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup { group in
      for worker in 0..<4 {
        group.addTask {
          for index in stride(from: worker, to: sessions.count, by: 4) {
            try await body(sessions[index])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Ties go up, and what is rounded is the exact value: each of these comes out otherwise where a rounded
  /// quotient is rounded again, or half goes to even.
  @Test(arguments: [
    (["0.0005"], "0.001", "0.001"), (["0.0004999999999999999999999999"], "0.0", "0.0"),
    (["0.0025"], "0.003", "0.003"), (["1", "0.001"], "1.001", "0.501"),
    (["0.1", "0.2"], "0.3", "0.15"), (["1e-30"], "0.0", "0.0"),
    (["1000000000", "0.0005"], "1000000000.001", "500000000.0"),
    (["0.00149999999999999999999999999999999999", "0"], "0.001", "0.001"),
  ])
  func roundsHalfUpFromTheExactValue(
    durations: [String], total: String, average: String
  ) async throws {
    try await Fixture.run { fixture in
      let id = try SessionID.named("s-1")
      _ = try await fixture.hansard.recovery.log(
        try durations.map { try .of(duration: $0) }, in: id, by: fixture.acme.recorder)
      let found = try await fixture.hansard.recovery.statistics(of: id, by: fixture.acme.ann)
        .statistics
      #expect(found.totalSeconds == total)
      #expect(found.averageSeconds == average)
    }
  }

  @Test(arguments: [(1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (3, 800, "0.38")])
  func ratesHaveTwoDecimals(successes: Int, attempts: Int, rate: String) async throws {
    try await Fixture.run { fixture in
      let id = try SessionID.named("s-1")
      _ = try await fixture.hansard.recovery.log(
        try (0..<attempts).map { try .of(success: $0 < successes) }, in: id,
        by: fixture.acme.recorder)
      let found = try await fixture.hansard.recovery.statistics(of: id, by: fixture.acme.ann)
        .statistics
      #expect(found.successRate == rate)
    }
  }

  @Test func nothingAddsUpToNothing() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let session = try await recovery.start(
        .init(id: nil, agent: nil, user: nil), by: acme.recorder)
      let found = try await recovery.statistics(of: session.id, by: acme.admin).statistics
      #expect(ExpectedStatistics(attempts: []).differences(from: found) == [])
      let totals = try await recovery.totals(of: .init(), by: .day, for: acme.admin)
      #expect(totals.all.attempts == 0 && totals.all.successRate == "0.0" && totals.groups.isEmpty)
    }
  }

  @Test func totalsGoByWhatIsAskedFor() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      _ = try await recovery.log(
        [
          .of("A", strategy: "fix", files: ["x"]), .of("B", strategy: "retry", files: ["x", "y"]),
          .of("A", strategy: "retry", agent: "other"),
        ], in: .named("s-1"), by: acme.recorder)
      _ = try await recovery.log(
        [.of("A", strategy: "fix", files: ["x"])], in: .named("s-2"), by: acme.recorder)
      func count(_ change: (inout RecoveryTotalsFilter) throws -> Void) async throws -> [Int64] {
        var filter = RecoveryTotalsFilter()
        try change(&filter)
        let all = try await recovery.totals(of: filter, by: nil, for: acme.admin).all
        return [all.sessions, all.attempts, all.fileCount]
      }
      #expect(try await count { _ in } == [2, 4, 2])
      #expect(try await count { $0.agent = AgentID("other") } == [1, 1, 0])
      #expect(
        try await count { $0.strategy = RecoveryWord("retry", maximumBytes: 64) } == [1, 2, 2])
      #expect(
        try await count { $0.errorType = RecoveryWord("A", maximumBytes: 64) } == [2, 3, 1])
      #expect(try await count { $0.startedBefore = Timestamp(microseconds: 0) } == [0, 0, 0])
      #expect(try await count { $0.startedAfter = .now().adding(days: -1) } == [2, 4, 2])
    }
  }
}

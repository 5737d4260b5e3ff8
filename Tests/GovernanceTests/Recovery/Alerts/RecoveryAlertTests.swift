// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Which attempts raise which alerts.
@Suite(.serialized, .database)
struct RecoveryAlertTests {
  private static func failures(
    _ count: Int, in window: Int = 600, again: Int = 3600
  ) -> RecoveryAlertTerms {
    RecoveryAlertTerms(
      failures: .init(count: count, windowSeconds: window), successRate: nil,
      tellsEscalations: false, repeatAfterSeconds: again)
  }

  private static let rate = RecoveryAlertTerms(
    failures: nil,
    successRate: .init(belowPercent: 50, windowSeconds: 600, minimumAttempts: 4),
    tellsEscalations: false)

  private static let escalations = RecoveryAlertTerms(
    failures: nil, successRate: nil, tellsEscalations: true)

  @Test func theFailureThatIsOneTooManyRaisesAnAlert() async throws {
    try await AlertGround.run(Self.failures(3)) { ground in
      try await ground.log(.of("E", success: false), .of("E", success: true))
      try await ground.log(.of("F", success: false), .of("F", success: false))
      try await ground.log(.of("E", success: false))
      #expect(try await ground.alerts().isEmpty)
      let session = try SessionID.named("s-1")
      let receipts = try await ground.log(
        .of("E", success: false, message: "canary"), .of("E"), in: session)
      let alert = try #require(try await ground.alerts().first)
      #expect(alert.subject == .init(kind: .failures, name: "E") && alert.number == 1)
      #expect(alert.failures == 3 && alert.threshold == 3 && alert.windowSeconds == 600)
      #expect(alert.attempts == nil && alert.successRate == nil && alert.policyVersion == 1)
      #expect(alert.cause.session == session && alert.cause.entry == receipts[0].entry)
      #expect(alert.cause.user?.rawValue == "ann" && alert.cause.agent?.rawValue == "bot")
      #expect(alert.raisedAt == receipts[0].recordedAt)
      // More of them is nothing new, and is the sealed text in no notice.
      try await ground.fail("E", times: 20)
      #expect(try await ground.numbers(.failures) == [1])
      let canaries = try await TestDatabase.current.psql(
        "select count(*) from hansard.notices where content::text like '%canary%'")
      #expect(canaries == "0\n")
      // Another tenant's failures are its own.
      _ = try await ground.recovery.log(
        [.of("F", success: false)], in: session, by: ground.fixture.globex.recorder)
      #expect(try await ground.alerts().count == 1)
    }
  }

  @Test func aTenantThatHasSettledNothingHasTheStandard() async throws {
    try await AlertGround.run(nil) { ground in
      try await ground.fail(times: 4)
      #expect(try await ground.alerts().isEmpty)
      try await ground.fail()
      try await ground.log(.of(strategy: "escalate"))
      let alerts = try await ground.alerts()
      #expect(alerts.map(\.subject.kind) == [.failures, .escalation])
      #expect(alerts.allSatisfy { $0.policyVersion == 0 })
      try await ground.settle(.none, replacing: 0)
      try await ground.fail("F", times: 100)
      try await ground.log(.of(strategy: "escalate"))
      #expect(try await ground.alerts().count == 2)
    }
  }

  @Test func onlyWhatIsWithinTheWindowCounts() async throws {
    try await AlertGround.run(Self.failures(3)) { ground in
      try await ground.fail(at: AlertGround.time(-605))
      try await ground.fail(at: AlertGround.time(-560))
      try await ground.fail()
      #expect(try await ground.alerts().isEmpty)
      // What was made a while ago counts from then, whenever it comes.
      try await ground.fail(at: AlertGround.time(-300))
      #expect(try await ground.numbers(.failures) == [1])
      #expect(try await ground.alerts().first?.failures == 3)
    }
  }

  /// Neither the past that is brought in nor the future that a clock believes in is the present.
  @Test func whatIsNotOfThePresentRaisesNothing() async throws {
    let all = RecoveryAlertTerms(
      failures: .init(count: 2, windowSeconds: 600),
      successRate: .init(belowPercent: 100, windowSeconds: 600, minimumAttempts: 2),
      tellsEscalations: true)
    try await AlertGround.run(all) { ground in
      try await ground.log(
        .of(strategy: "escalate", success: false, at: "2025-01-02T03:04:05Z"),
        .of(success: false, at: "2025-01-02T03:04:05Z"),
        .of(success: false, at: "2025-01-02T03:04:06Z"))
      try await ground.fail("E", at: AlertGround.time(31_536_000))
      try await ground.pass(700)
      try await ground.fail("E")
      #expect(try await ground.alerts().isEmpty)
      // Where a clock is ahead, an attempt is of the moment in which it came.
      try await ground.fail("E", at: AlertGround.time(31_536_000))
      #expect(try await ground.numbers(.failures) == [1])
      #expect(try await ground.numbers(.successRate, of: "bot") == [1])
    }
  }

  @Test func anAlertThatLastsIsToldAgainAfterAWhile() async throws {
    try await AlertGround.run(Self.failures(2, in: 100_000)) { ground in
      try await ground.fail(times: 2)
      try await ground.pass(3570)
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1])
      try await ground.pass(31)
      try await ground.fail()
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1, 2])
      #expect(try await ground.alerts().map(\.failures) == [2, 4])
    }
  }

  @Test func anAlertThatWasOverIsToldAtOnce() async throws {
    try await AlertGround.run(Self.failures(2, in: 60)) { ground in
      try await ground.fail(times: 2)
      // It goes up and down around its threshold: that is the same alert.
      for _ in 0..<4 {
        try await ground.pass(50)
        try await ground.fail()
      }
      try await ground.pass(62)
      try await ground.fail()
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1])
      // A window and a quarter without.
      try await ground.pass(77)
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1])
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1, 2])
    }
  }

  @Test func tooFewSuccessesOfAnAgentRaiseAnAlert() async throws {
    try await AlertGround.run(Self.rate) { ground in
      func log(_ outcomes: [Bool], agent: String? = "bot") async throws {
        for success in outcomes { try await ground.log(.of(success: success, agent: agent)) }
      }
      try await log([true, true, true, true], agent: "other")
      try await log([false, false, true])
      #expect(try await ground.alerts().isEmpty)
      try await log([true])  // Half of four.
      #expect(try await ground.alerts().isEmpty)
      try await log([false])
      let alert = try #require(try await ground.alerts().first)
      #expect(alert.subject == .init(kind: .successRate, name: "bot"))
      #expect(alert.attempts == 5 && alert.failures == 3 && alert.successRate == "40.0")
      #expect(alert.threshold == 50 && alert.windowSeconds == 600)
      try await log([false, false])
      #expect(try await ground.numbers(.successRate, of: "bot") == [1])
      // Those of no agent are judged together; a success may be the one that makes them enough.
      try await log([false, false, false, true], agent: nil)
      #expect(try await ground.numbers(.successRate, of: "") == [1])
      #expect(try await ground.numbers(.successRate, of: "other") == [])
      #expect(try await ground.alerts().last?.successRate == "25.0")
    }
  }

  @Test func anEscalationIsToldOncePerSession() async throws {
    try await AlertGround.run(Self.escalations) { ground in
      let (one, two) = (try SessionID.named("one"), try SessionID.named("two"))
      try await ground.log(.of(success: false), in: one)
      #expect(try await ground.alerts().isEmpty)
      try await ground.log(.of(strategy: "escalate", user: "ann"), .of(), in: one)
      var draft = try RecoveryAttemptDraft.of(success: false, user: "bob")
      draft.nextAction = RecoveryWord("escalate", maximumBytes: 64)
      try await ground.log(draft, draft, in: two)
      try await ground.log(.of(strategy: "escalate"), in: one)
      let alerts = try await ground.alerts()
      #expect(alerts.map(\.subject.name) == ["one", "two"])
      #expect(alerts.map(\.cause.user?.rawValue) == ["ann", "bob"])
      #expect(alerts.allSatisfy { $0.threshold == nil && $0.failures == nil })
      try await ground.pass(3601)
      try await ground.log(.of(strategy: "escalate"), in: one)
      #expect(try await ground.numbers(.escalation, of: "one") == [1, 2])
      // One that has waited for the service for a few hours is told all the same.
      try await ground.log(
        .of(strategy: "escalate", at: AlertGround.time(-86_000)), in: .named("three"))
      try await ground.log(
        .of(strategy: "escalate", at: AlertGround.time(-86_800)), in: .named("four"))
      #expect(try await ground.alerts().last?.subject.name == "three")
      let owners = try await TestDatabase.current.psql(
        """
        select user_id from hansard.notices where notice_type = 'recovery:alert'
        order by notice_id
        """)
      #expect(owners == "ann\nbob\nann\nann\n")
    }
  }

  @Test func whatIsSentAgainRaisesNothing() async throws {
    try await AlertGround.run(Self.failures(2)) { ground in
      let session = try SessionID.named("s-1")
      for _ in 0..<3 {
        try await ground.log(.of("E", success: false, entry: "e-1", at: nil), in: session)
      }
      #expect(try await ground.alerts().isEmpty)
      let caller = try ground.fixture.acme.recorder.once()
      for _ in 0..<3 {
        _ = try? await ground.recovery.log([.of("E", success: false)], in: session, by: caller)
      }
      #expect(try await ground.numbers(.failures) == [1])
    }
  }

  /// Where nothing is stored, nothing is told.
  @Test func whatIsRefusedRaisesNothing() async throws {
    try await AlertGround.run(Self.failures(1)) { ground in
      let acme = ground.fixture.acme
      let recording = try await ground.fixture.recordings.started(by: acme)
      _ = try await ground.fixture.recordings.stop(
        recording, status: .completed, summary: nil, by: acme.recorder)
      let code = try await refusal {
        try await ground.log(.of("E", success: false, recording: recording))
      }
      #expect(code == .recordingNotOpen)
      #expect(try await ground.alerts().isEmpty)
      try await ground.fail()
      #expect(try await ground.numbers(.failures) == [1])
    }
  }

  @Test func manySubjectsOfOneRequestAreAllTold() async throws {
    try await AlertGround.run(Self.failures(1)) { ground in
      let types = (0..<400).map { "E\($0)" } + ["\u{E9}", "e\u{301}"]
      _ = try await ground.recovery.log(
        types.map { try .of($0, success: false) }, in: .named("s-1"),
        by: ground.fixture.acme.recorder)
      let alerts = try await ground.alerts()
      #expect(Set(alerts.map { Array($0.subject.name.utf8) }).count == 402)
      #expect(try await ground.numbers(.failures, of: "e\u{301}") == [1])
    }
  }
}

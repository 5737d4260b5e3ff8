// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecoveryAuditTests {
  @Test func aSessionStartsByItselfAtItsFirstAttempt() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let id = try SessionID.named("s-1")
      let receipts = try await recovery.log([.of()], in: id, by: fixture.acme.recorder)
      #expect(receipts.map(\.number) == [1])
      #expect(receipts[0].entry.hasPrefix("entry_") && !receipts[0].isReplay)
      let found = try await recovery.find(id, by: fixture.acme.ann)
      #expect(found.user?.rawValue == "ann" && found.agent?.rawValue == "bot")
      #expect(found.attemptCount == 1)
      let attempts = try await recovery.wholeHistory(of: id, by: fixture.acme.ann)
      #expect(attempts.map(\.durationSeconds) == ["1.5"])
      #expect(attempts.map(\.nextAction) == ["complete"])
      // Another tenant's session of the same name is another one.
      let foreign = try await refusal { try await recovery.find(id, by: fixture.globex.admin) }
      #expect(foreign == .notFound)
    }
  }

  /// Who is named first is the session's, and that of attempts beside it that name nobody, whether the request
  /// begins the session or finds it.
  @Test(arguments: [false, true]) func whoIsNamedFirstIsTheOthersToo(isThere: Bool) async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      if isThere {
        _ = try await recovery.start(.init(id: id, agent: nil, user: nil), by: acme.recorder)
      }
      _ = try await recovery.log(
        [.of(user: nil, agent: nil), .of(user: "ann", agent: "bot"), .of(user: nil, agent: nil)],
        in: id, by: acme.recorder)
      _ = try await recovery.log([.of(user: nil, agent: nil)], in: id, by: acme.recorder)
      let attempts = try await recovery.wholeHistory(of: id, by: acme.ann)
      #expect(attempts.map(\.agent?.rawValue) == Array(repeating: "bot", count: 4))
      #expect(attempts.map(\.user?.rawValue) == Array(repeating: "ann", count: 4))
    }
  }

  @Test func everythingThatWasSentComesBack() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let id = try SessionID.named("s-1")
      var draft = try RecoveryAttemptDraft.of(
        success: false, duration: "0.10", at: "2026-01-02T03:04:05.678901Z", number: 7,
        files: ["a.py", "b.py", "a.py"], message: "it\u{0}s \"broken\"")
      draft.texts.changesMade = ["one", ""]
      draft.texts.context = Array(#"{"b" : 1.50, "a":[ ]}"#.utf8)
      draft.texts.errorAfter = Array(#""worse""#.utf8)
      draft.texts.line = 12
      draft.rollbackPerformed = true
      _ = try await recovery.log([draft], in: id, by: fixture.acme.recorder)
      let attempt = try #require(
        try await recovery.wholeHistory(of: id, by: fixture.acme.ann).first)
      #expect(attempt.timestamp.rfc3339 == "2026-01-02T03:04:05.678901Z")
      #expect(attempt.number == 7 && attempt.nextAction == "retry" && attempt.rollbackPerformed)
      #expect(attempt.durationSeconds == "0.10")
      #expect(attempt.content.texts(.filesModified) == ["a.py", "b.py", "a.py"])
      #expect(attempt.content.texts(.changesMade) == ["one", ""])
      #expect(attempt.content.text(.errorMessage) == "it\u{0}s \"broken\"")
      let context = attempt.content[.context].map { String(decoding: $0.rawBytes, as: UTF8.self) }
      #expect(context == #"{"b" : 1.50, "a":[ ]}"#)
      #expect(attempt.content[.line]?.integer() == 12)
      #expect(attempt.content[.stackTrace] == nil)
      #expect(attempt.recordedBy == fixture.acme.recorder.principal.actor)
    }
  }

  @Test func secretsAreGoneAndTextsAreSealed() async throws {
    try await Fixture.run { fixture in
      let secret = PlantedSecret.token(1).text
      let id = try SessionID.named("s-1")
      let draft = try RecoveryAttemptDraft.of(
        "Error \(secret)", strategy: "use \(secret)", files: ["/canary/\(secret)"],
        message: "canary \(secret)")
      _ = try await fixture.hansard.recovery.log([draft], in: id, by: fixture.acme.recorder)
      let dump = try await TestDatabase.current.psql(
        """
        select s::text from hansard.recovery_attempts as s
        union all select n.content::text from hansard.notices as n
        union all select a::text from hansard.canvas_audit as a
        """)
      #expect(!dump.contains("canary") && !dump.contains(secret))
      #expect(dump.contains("[REDACTED:github_token:"))
      let attempt = try #require(
        try await fixture.hansard.recovery.wholeHistory(of: id, by: fixture.acme.ann).first)
      #expect(attempt.content.text(.errorMessage)?.hasPrefix("canary [REDACTED:") == true)
      #expect(attempt.redactions.map(\.count) == [4])
    }
  }

  @Test func idsThatAreSecretsAreRefused() async throws {
    try await Fixture.run { fixture in
      let secret = PlantedSecret.token(1).text
      let recovery = fixture.hansard.recovery
      let error = try await domainError {
        try await recovery.log(
          [.of(), .of(entry: secret)], in: .named("s-1"), by: fixture.acme.recorder)
      }
      #expect(error.violations.map(\.pointer) == ["/1/entry_id"])
      let named = try await domainError {
        try await recovery.log([.of()], in: .named(secret), by: fixture.acme.recorder)
      }
      #expect(named.violations.map(\.code) == ["secret_in_id"])
    }
  }

  @Test func theSameEntryAnswersWithItsFirstReceiptAndAnotherIsRefused() async throws {
    try await Fixture.run { fixture in
      let (recovery, recorder) = (fixture.hansard.recovery, fixture.acme.recorder)
      let id = try SessionID.named("s-1")
      let first = try await recovery.log([.of(entry: "entry_1")], in: id, by: recorder)
      let again = try await recovery.log(
        [.of(entry: "entry_1"), .of(entry: "entry_2"), .of(entry: "entry_2")], in: id,
        by: recorder)
      #expect(again[0].number == first[0].number && again[0].recordedAt == first[0].recordedAt)
      #expect(again.map(\.isReplay) == [true, false, false])
      #expect(again.map(\.number) == [1, 2, 2])
      let error = try await domainError {
        try await recovery.log(
          [
            .of(entry: "entry_3"), .of("Other", entry: "entry_1"),
            .of(duration: "1.50", entry: "entry_3"),
          ], in: id, by: recorder)
      }
      #expect(error.code == .eventMismatch)
      #expect(error.violations.map(\.pointer) == ["/1/entry_id", "/2/entry_id"])
      #expect(try await recovery.find(id, by: fixture.acme.admin).attemptCount == 2)
    }
  }

  @Test func numbersAreCountedWithoutGapsWhoeverWrites() async throws {
    try await Fixture.run { fixture in
      let (recovery, recorder) = (fixture.hansard.recovery, fixture.acme.recorder)
      let id = try SessionID.named("s-1")
      let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for size in 1...12 {
          group.addTask {
            let drafts = try (1...size).map { _ in try RecoveryAttemptDraft.of() }
            return try await recovery.log(drafts, in: id, by: recorder).map(\.number)
          }
        }
        return try await group.reduce(into: [Int64]()) { $0 += $1 }
      }
      #expect(numbers.sorted() == Array(1...78))
      let given = try await recovery.log(
        [.of(number: 100), .of(), .of(number: 3), .of()], in: id, by: recorder)
      #expect(given.map(\.number) == [100, 101, 3, 102])
      let attempts = try await recovery.wholeHistory(of: id, limit: 7, by: fixture.acme.ann)
      #expect(attempts.count == 82)
      #expect(Set(attempts.map(\.entry)).count == 82)
    }
  }

  @Test func whatIsWrongWithOneAttemptStoresNone() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let id = try SessionID.named("s-1")
      let two = try await domainError {
        try await recovery.log(
          [.of(user: "ann"), .of(user: "bob")], in: id, by: fixture.acme.recorder)
      }
      #expect(two.violations.map(\.pointer) == ["/1/user_id"])
      let none = try await refusal { try await recovery.find(id, by: fixture.acme.admin) }
      #expect(none == .notFound)
      let empty = try await refusal {
        try await recovery.log([], in: id, by: fixture.acme.recorder)
      }
      #expect(empty == .validationFailed)
    }
  }

  @Test func historyGoesByTimeAndThenByArrival() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let id = try SessionID.named("s-1")
      let times = ["03", "01", "02", "01", "03"]
      _ = try await recovery.log(
        try times.enumerated().map {
          try .of(entry: "entry_\($0)", at: "2026-01-01T00:00:\($1)Z")
        }, in: id, by: fixture.acme.recorder)
      for limit in [1, 2, 500] {
        let attempts = try await recovery.wholeHistory(of: id, limit: limit, by: fixture.acme.ann)
        #expect(
          attempts.map(\.entry) == ["entry_1", "entry_3", "entry_2", "entry_0", "entry_4"])
      }
    }
  }

  @Test func aNameInUseIsNotGivenTwice() async throws {
    try await Fixture.run { fixture in
      let (recovery, recorder) = (fixture.hansard.recovery, fixture.acme.recorder)
      let id = try SessionID.named("s-1")
      let draft = RecoverySessionDraft(id: id, agent: AgentID("bot"), user: UserID("ann"))
      let started = try await recovery.start(draft, by: recorder)
      #expect(started.id == id && started.attemptCount == 0)
      let code = try await refusal { try await recovery.start(draft, by: recorder) }
      #expect(code == .sessionExists)
      _ = try await recovery.start(draft, by: fixture.globex.recorder)
      let made = try await recovery.start(
        .init(id: nil, agent: nil, user: nil), by: fixture.acme.ann)
      #expect(made.id.rawValue.hasPrefix("session_") && made.user?.rawValue == "ann")
      let logged = try await recovery.log([.of()], in: id, by: recorder)
      #expect(logged.map(\.number) == [1])
    }
  }

  @Test func tamperedRowsDoNotOpen() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let id = try SessionID.named("s-1")
      _ = try await recovery.log([.of()], in: id, by: fixture.acme.recorder)
      for change in [
        "success = not success", "duration_seconds = 1.50", "error_type = 'x'",
        "attempt_number = 2", "user_id = null", "occurred_at = occurred_at + interval '1 s'",
      ] {
        try await TestDatabase.current.psql(
          """
          set session_replication_role = replica;
          update hansard.recovery_attempts set \(change)
          """)
        let code = try await refusal {
          try await recovery.wholeHistory(of: id, by: fixture.acme.ann)
        }
        #expect(code == .integrityFailure, "\(change)")
        let undo =
          change.hasPrefix("success")
          ? change
          : "success = true, duration_seconds = 1.5, "
            + "error_type = 'SyntaxError', attempt_number = 1, user_id = 'ann', occurred_at = recorded_at"
        try await TestDatabase.current.psql(
          "set session_replication_role = replica; update hansard.recovery_attempts set \(undo)")
      }
      #expect(try await recovery.wholeHistory(of: id, by: fixture.acme.ann).count == 1)
    }
  }
}

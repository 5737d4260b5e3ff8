// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What was answered to a request that is done once is not answered again when what it tells of is destroyed.
@Suite(.serialized, .database)
struct ForgottenAnswerTests {
  /// Requests that were answered, about a recording or a recovery session, to be sent again.
  private typealias Requests = [() async throws -> Void]

  /// Starts, flags and stops a recording, each under a name.
  private func record(
    _ fixture: Fixture, _ word: String
  ) async throws -> (id: RecordingID, again: Requests) {
    let (recordings, acme) = (fixture.recordings, fixture.acme)
    let start = try acme.recorder.once("start \(word)")
    let flag = try acme.admin.once("flag \(word)")
    let stop = try acme.recorder.once("stop \(word)")
    // Recovery sessions may be called the same.
    let draft = try RecordingDraft.by(agent: "bot", user: "ann", session: "s-1", reason: word)
    let id = try await recordings.start(draft, by: start).id
    let again: Requests = [
      { _ = try await recordings.start(draft, by: start) },
      { _ = try await recordings.flag(id, reason: .reason(word), by: flag) },
      { _ = try await recordings.stop(id, status: .completed, summary: nil, by: stop) },
    ]
    for request in again.dropFirst() { try await request() }
    return (id, again)
  }

  private func recover(_ fixture: Fixture, _ name: String) async throws -> Requests {
    let caller = try fixture.acme.recorder.once("log \(name)")
    let log = {
      _ = try await fixture.hansard.recovery.log(
        [.of(entry: "entry_\(name)")], in: .named(name), by: caller)
    }
    try await log()
    return [log]
  }

  /// How requests are answered when they are sent again; nil: as the first time.
  private func answers(_ requests: Requests) async throws -> [DomainError.Code?] {
    var answers: [DomainError.Code?] = []
    for request in requests {
      do {
        try await request()
        Issue.record("done again")
      } catch is DoneBefore {
        answers.append(nil)
      } catch let error as DomainError {
        answers.append(error.code)
      }
    }
    return answers
  }

  private func kept() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select count(*) filter (where answer = ''), count(*) filter (where answer <> ''),
        (select count(*) from hansard.notices where notice_type = 'recovery:attempt_logged')
      from hansard.idempotency_keys
      """)
  }

  @Test func whatIsDestroyedIsNotAnsweredAgain() async throws {
    try await Fixture.run { fixture in
      let (hansard, acme) = (fixture.hansard, fixture.acme)
      let (deleted, expired, other) = try await (
        record(fixture, "deleted"), record(fixture, "expired"), record(fixture, "other")
      )
      let (cleared, aged) = try await (recover(fixture, "s-1"), recover(fixture, "s-2"))
      let third = try await recover(fixture, "s-3")
      #expect(try await kept() == "0|12|3\n")
      let all = deleted.again + expired.again + other.again + cleared + aged + third
      #expect(try await answers(all) == Array(repeating: nil, count: 12))

      _ = try await hansard.deletions.delete(deleted.id, because: .reason("asked"), by: acme.admin)
      try await StoppedRecordings.expire(expired.id)
      _ = try await hansard.recovery.clear(
        try .named("s-1"), because: .reason("asked"), by: acme.admin)
      try await PlantedRecoveries.expire("s-2", of: acme.tenant)
      let run = await hansard.retention.run()
      #expect(run.failure == nil && run.tally.recordings == 1 && run.tally.recoverySessions == 1)

      #expect(try await kept() == "8|4|1\n")
      for destroyed in [deleted, expired] {
        #expect(
          try await answers(destroyed.again) == Array(repeating: .recordingExpired, count: 3))
      }
      #expect(try await answers(cleared + aged) == [.sessionCleared, .sessionCleared])
      #expect(try await answers(other.again + third) == Array(repeating: nil, count: 4))

      // A tenant key can be replaced all the same, and nothing is forgotten more or less by that.
      _ = try await hansard.tenantKeys.rotate(
        by: WrappedGround.furnish(fixture).party.operatorCaller)
      #expect(try await answers(deleted.again).allSatisfy { $0 == .recordingExpired })
      #expect(try await answers(other.again + third) == Array(repeating: nil, count: 4))
    }
  }

  /// The planted defect: nothing is forgotten.
  @Test(arguments: ["forget_of_recordings", "forget_of_recovery_sessions"])
  func whatIsNotForgottenIsNoticed(function: String) async throws {
    try await Fixture.run { fixture in
      try await Mutant.make(function, [(of: "i.answer <> ''", to: "false")])
      let recording = try await record(fixture, "deleted")
      let cleared = try await recover(fixture, "s-1")
      _ = try await fixture.hansard.deletions.delete(
        recording.id, because: .reason("asked"), by: fixture.acme.admin)
      _ = try await fixture.hansard.recovery.clear(
        try .named("s-1"), because: .reason("asked"), by: fixture.acme.admin)
      #expect(try await answers(recording.again + cleared).contains(nil))
    }
  }

  /// The planted defect: notices of attempts stay.
  @Test func noticesThatStayAreNoticed() async throws {
    try await Fixture.run { fixture in
      try await Mutant.make(
        "forget_of_recovery_sessions",
        [(of: "n.notice_type = 'recovery:attempt_logged'", to: "false")])
      _ = try await recover(fixture, "s-1")
      _ = try await fixture.hansard.recovery.clear(
        try .named("s-1"), because: .reason("asked"), by: fixture.acme.admin)
      #expect(try await kept() == "1|0|1\n")
    }
  }
}

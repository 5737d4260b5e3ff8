// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecoveryEventsTests {
  @Test func aRecordingTellsOfTheAttemptsThatWereMadeInIt() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try await fixture.recordings.started(by: acme)
      try await fixture.recordings.appendOne(.of(), to: id, by: acme.recorder)
      var draft = try RecoveryAttemptDraft.of(
        success: false, at: "2026-01-02T03:04:05Z", files: ["a.py"], message: "broken",
        recording: id)
      draft.texts.changesMade = ["mended"]
      draft.rollbackPerformed = true
      let receipts = try await recovery.log(
        [draft, .of(user: nil)], in: .named("s-1"), by: acme.recorder)
      let event = try #require(receipts[0].event)
      #expect(event.seq == 2 && event.recording == id && receipts[1].event == nil)
      try await fixture.recordings.appendOne(.of(), to: id, by: acme.recorder)
      let events = try await fixture.recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.type) == ["step", "recovery_attempt", "step"])
      #expect(events.map(\.seq) == [1, 2, 3])
      #expect(events[1].id == event.event)
      #expect(events[1].timestamp.rfc3339 == "2026-01-02T03:04:05.000000Z")
      #expect(
        events[1].text == #"{"session_id":"s-1","entry_id":"\#(receipts[0].entry)","#
          + #""attempt_number":1,"error_type":"SyntaxError","error_message":"broken","#
          + #""strategy":"fix","changes_made":["mended"],"files_modified":["a.py"],"#
          + #""rollback_performed":true,"success":false,"next_action":"retry","#
          + #""duration_seconds":1.5,"recovery_message":null}"#)
      let leaves = try await StoredLeaves.check(id).count
      #expect(leaves == 3)
    }
  }

  @Test func anAttemptSentAgainIsToldOnce() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try await fixture.recordings.started(by: acme)
      let draft = try RecoveryAttemptDraft.of(entry: "entry_1", recording: id)
      let first = try await recovery.log([draft], in: .named("s-1"), by: acme.recorder)
      let again = try await recovery.log([draft], in: .named("s-1"), by: acme.recorder)
      #expect(first[0].event == again[0].event && again[0].isReplay)
      #expect(try await fixture.recordings.allEvents(of: id, by: acme.ann).count == 1)
      _ = try await recovery.log([.of(success: false)], in: .named("s-1"), by: acme.recorder)
      let counted = [
        "hansard_events_total", "hansard_recovery_attempts_total",
        "hansard_recovery_failures_total",
      ].map { fixture.metrics.sample($0) }
      #expect(counted == [1, 2, 1])
    }
  }

  @Test func whatCannotBeToldIsNotLogged() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let closed = try await fixture.recordings.started(by: acme)
      _ = try await fixture.recordings.stop(
        closed, status: .completed, summary: nil, by: acme.recorder)
      let foreign = try await fixture.recordings.started(by: fixture.globex)
      let bobs = try await fixture.recordings.started(by: acme, user: "bob")
      let open = try await fixture.recordings.started(by: acme)
      for (recording, caller, code) in [
        (closed, acme.recorder, DomainError.Code.recordingNotOpen),
        (foreign, acme.recorder, .notFound), (RecordingID.make(), acme.recorder, .notFound),
        (bobs, acme.ann, .forbidden),
      ] {
        let refused = try await refusal {
          try await recovery.log(
            [.of(recording: open), .of(recording: recording)], in: .named("s-1"), by: caller)
        }
        #expect(refused == code)
      }
      let none = try await refusal { try await recovery.find(.named("s-1"), by: acme.admin) }
      #expect(none == .notFound)
      #expect(try await fixture.recordings.allEvents(of: open, by: acme.ann).isEmpty)
    }
  }

  /// Sessions and recordings crosswise, with the lanes of the event writer in between: nobody waits for
  /// ever, the positions have no gaps, and every attempt has its event.
  @Test func manyWritersGetAlong() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      var ids: [RecordingID] = []
      for _ in 0..<3 { ids.append(try await fixture.recordings.started(by: acme)) }
      let recordings = ids
      try await withThrowingTaskGroup { group in
        for number in 0..<24 {
          group.addTask {
            let drafts = try (0..<6).map {
              try RecoveryAttemptDraft.of(recording: recordings[(number + $0) % 3])
            }
            _ = try await recovery.log(
              drafts, in: .named("s-\(number % 2)"), by: acme.recorder)
          }
          group.addTask {
            for recording in number % 2 == 0 ? recordings : recordings.reversed() {
              try await fixture.recordings.appendOne(.of(), to: recording, by: acme.recorder)
            }
          }
        }
        try await group.waitForAll()
      }
      for id in recordings {
        let events = try await fixture.recordings.allEvents(of: id, by: acme.ann)
        #expect(events.map(\.seq) == Array(1...72))
        #expect(events.count { $0.type == "recovery_attempt" } == 48)
        let leaves = try await StoredLeaves.check(id).count
        #expect(leaves == 72)
      }
      let pairs = try await TestDatabase.current.psql(
        """
        select count(*) from hansard.recovery_attempts as a
        join hansard.recording_events as e
          on e.tenant_id = a.tenant_id and e.recording_id = a.recording_id
          and e.event_id = a.event_id and e.seq = a.event_seq
        """)
      #expect(pairs == "144\n")
    }
  }

  /// As many digits as an attempt may have, an event that tells of it has too.
  @Test(arguments: ["1e-300", "0." + String(repeating: "7", count: 400)])
  func theLongestDurationIsTold(duration: String) async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      let receipts = try await fixture.hansard.recovery.log(
        [.of(duration: duration, recording: id)], in: .named("s"), by: fixture.acme.recorder)
      #expect(receipts.first?.event?.recording == id)
    }
  }

  @Test func eventsOfAttemptsCountForTheQuota() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: 30, reviewSamplePercent: 0, limits: .init(eventsPerDay: 2)),
        replacing: 0, by: acme.admin)
      let id = try await fixture.recordings.started(by: acme)
      let drafts = try (0..<2).map { try RecoveryAttemptDraft.of(entry: "e\($0)", recording: id) }
      _ = try await recovery.log(drafts, in: .named("s-1"), by: acme.recorder)
      let code = try await refusal {
        try await recovery.log([.of(recording: id)], in: .named("s-1"), by: acme.recorder)
      }
      #expect(code == .quotaExceeded)
      // What no recording tells of needs no event.
      _ = try await recovery.log([.of()], in: .named("s-1"), by: acme.recorder)
    }
  }

  @Test func subscribersAreToldInTheSameTransaction() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let receipts = try await fixture.hansard.recovery.log(
        [.of(), .of(success: false)], in: .named("s-1"), by: acme.recorder)
      let told = try await TestDatabase.current.psql(
        """
        select notice_type, user_id, content ->> 'entry_id', content ->> 'success',
          content ->> 'duration_seconds'
        from hansard.notices where notice_type like 'recovery:%' order by notice_id
        """)
      #expect(
        told == """
          recovery:attempt_logged|ann|\(receipts[0].entry)|true|1.5
          recovery:attempt_logged|ann|\(receipts[1].entry)|false|1.5

          """)
    }
  }
}

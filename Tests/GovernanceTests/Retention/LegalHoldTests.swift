// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What is held stays and can be read, and it is known who held it, until when and why.
@Suite(.serialized, .database)
struct LegalHoldTests {
  @Test func aHoldKeepsWhatHasExpired() async throws {
    try await Fixture.run { fixture in
      let (acme, holds) = (fixture.acme, fixture.hansard.holds)
      let id = try await fixture.stopped()
      try await StoppedRecordings.expire(id)
      let expired = try await refusal { try await fixture.recordings.find(id, by: acme.ann) }
      #expect(expired == .recordingExpired)

      let first = try await holds.place(on: id, because: .reason("case 1"), by: acme.admin)
      let second = try await holds.place(on: id, because: .reason("case 2"), by: acme.admin)
      #expect(try await StoppedRecordings.purge(id, of: acme.tenant) == false)
      let reading = try await fixture.recordings.find(id, by: acme.ann)
      #expect(reading.recording.isHeld)
      #expect(try await fixture.recordings.allEvents(of: id, by: acme.ann).count == 3)

      let lifted = try await holds.lift(first.id, because: .reason("over"), by: acme.admin)
      #expect(lifted.lifting?.reason == "over" && lifted.lifting?.by == acme.admin.principal.actor)
      let again = try await refusal {
        try await holds.lift(first.id, because: .reason("over"), by: acme.admin)
      }
      #expect(again == .holdLifted)
      // The other one still holds it.
      #expect(try await StoppedRecordings.purge(id, of: acme.tenant) == false)
      _ = try await holds.lift(second.id, because: .reason("over"), by: acme.admin)
      #expect(try await StoppedRecordings.purge(id, of: acme.tenant))
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.gone)
      // What held it is known longer than it is.
      let known = try await holds.find(first.id, by: acme.auditor)
      #expect(known.reason == "case 1" && known.recording == id)
      let tooLate = try await refusal {
        try await holds.place(on: id, because: .reason("x"), by: acme.admin)
      }
      #expect(tooLate == .recordingExpired)
    }
  }

  /// Also one that is still open, whose events go on.
  @Test func anOpenRecordingIsHeldToo() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let id = try await fixture.recordings.started(by: acme)
      _ = try await fixture.hansard.holds.place(on: id, because: .reason("x"), by: acme.admin)
      try await fixture.recordings.appendOne(.of(), to: id, by: acme.recorder)
      let stopped = try await fixture.recordings.stop(
        id, status: .completed, summary: nil, by: acme.recorder)
      #expect(stopped.isHeld && stopped.eventCount == 1)
    }
  }

  @Test func adminsHoldAndAuditorsLook() async throws {
    try await Fixture.run { fixture in
      let (acme, holds) = (fixture.acme, fixture.hansard.holds)
      let id = try await fixture.stopped()
      for caller in [acme.recorder, acme.ann, acme.reviewer, acme.auditor] {
        let code = try await refusal {
          try await holds.place(on: id, because: .reason("x"), by: caller)
        }
        #expect(code == .forbidden)
      }
      let stranger = try await refusal {
        try await holds.place(on: id, because: .reason("x"), by: fixture.globex.admin)
      }
      #expect(stranger == .notFound)
      let token = PlantedSecret.token(1).text
      let hold = try await holds.place(on: id, because: .reason(token), by: acme.admin)
      #expect(hold.reason.hasPrefix("[REDACTED:github_token:"))
      for caller in [acme.recorder, acme.ann, acme.reviewer] {
        let code = try await refusal {
          try await holds.list(.init(), limit: .standard, cursor: nil, by: caller)
        }
        #expect(code == .forbidden)
        #expect(try await refusal { try await holds.find(hold.id, by: caller) } == .forbidden)
      }
      let lifting = try await refusal {
        try await holds.lift(hold.id, because: .reason("x"), by: acme.auditor)
      }
      #expect(lifting == .forbidden)
      let foreign = try await refusal {
        try await holds.lift(hold.id, because: .reason("x"), by: fixture.globex.admin)
      }
      #expect(foreign == .notFound)
      let lines = try await TestDatabase.current.psql(
        """
        select action, recording_id = '\(id)', agent_id, user_id, audit_metadata ->> 'hold_id' = '\(hold.id)'
        from hansard.canvas_audit
        where component_type = 'legal_holds' and outcome = 'allowed'
        """)
      #expect(lines == "place_hold|t|bot|ann|t\n")
    }
  }

  @Test func holdsAreListedPageByPage() async throws {
    try await Fixture.run { fixture in
      let (acme, holds) = (fixture.acme, fixture.hansard.holds)
      let ids = [try await fixture.stopped(), try await fixture.stopped()]
      var placed: [LegalHoldID] = []
      for number in 0..<5 {
        let hold = try await holds.place(
          on: ids[number % 2], because: .reason("\(number)"), by: acme.admin)
        placed.append(hold.id)
      }
      _ = try await holds.lift(placed[1], because: .reason("x"), by: acme.admin)
      func list(_ filter: LegalHoldFilter) async throws -> [LegalHoldID] {
        var (found, cursor): ([LegalHoldID], Cursor?) = ([], nil)
        repeat {
          let page = try await holds.list(
            filter, limit: try #require(PageLimit(2)), cursor: cursor, by: acme.auditor)
          found += page.elements.map(\.id)
          cursor = page.next
        } while cursor != nil
        return found
      }
      #expect(try await list(.init()) == Array(placed.reversed()))
      var filter = LegalHoldFilter()
      filter.recording = ids[0]
      #expect(try await list(filter) == [placed[4], placed[2], placed[0]])
      filter.recording = nil
      filter.isActive = false
      #expect(try await list(filter) == [placed[1]])
      filter.isActive = true
      #expect(try await list(filter) == [placed[4], placed[3], placed[2], placed[0]])
      let foreign = try await holds.list(
        .init(), limit: .standard, cursor: nil, by: fixture.globex.admin)
      #expect(foreign.elements.isEmpty)
    }
  }
}

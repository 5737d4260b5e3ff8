// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct ListingTests {
  /// All pages of a list.
  private func all(
    _ recordings: Recordings, _ filter: RecordingFilter = .init(), limit: Int = 500,
    by caller: Caller
  ) async throws -> [RecordingID] {
    var (found, cursor): ([RecordingID], Cursor?) = ([], nil)
    repeat {
      let page = try await recordings.list(
        filter, limit: try #require(PageLimit(limit)), cursor: cursor, by: caller)
      #expect(page.elements.count <= limit)
      found += page.elements.map(\.id)
      cursor = page.next
    } while cursor != nil
    return found
  }

  @Test func goesBackInTimeWithoutGapOrRepetition() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      var ids: [RecordingID] = []
      for _ in 0..<11 { ids.append(try await recordings.started(by: acme)) }
      // Some start at the same moment: the id decides.
      try await TestDatabase.current.psql(
        """
        update hansard.canvas_recordings set started_at = date_trunc('minute', started_at)
        where recording_id in ('\(ids[3])', '\(ids[4])', '\(ids[5])')
        """)
      let order = try await TestDatabase.current.psql(
        """
        select recording_id from hansard.canvas_recordings
        order by started_at desc, recording_id desc
        """)
      let expected = order.split(separator: "\n").map(String.init)
      for limit in [1, 2, 10, 11, 12] {
        let found = try await all(recordings, limit: limit, by: acme.auditor)
        #expect(found.map(\.description) == expected, "limit \(limit)")
      }
    }
  }

  @Test func isStableWhileOthersStart() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      for _ in 0..<6 { _ = try await recordings.started(by: acme) }
      let expected = try await all(recordings, by: acme.admin)
      var (found, cursor): ([RecordingID], Cursor?) = ([], nil)
      repeat {
        let page = try await recordings.list(
          .init(), limit: try #require(PageLimit(2)), cursor: cursor, by: acme.admin)
        found += page.elements.map(\.id)
        cursor = page.next
        _ = try await recordings.started(by: acme)
      } while cursor != nil
      #expect(found == expected)
    }
  }

  @Test func everyFilterFiltersAlone() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let plain = try await recordings.started(by: acme)
      let special = try await recordings.started(
        by: acme, agent: "other", user: "bob", session: "s", canvas: "c", reason: "why",
        tags: ["t", "u"])
      _ = try await recordings.stop(special, status: .failed, summary: nil, by: acme.recorder)
      _ = try await recordings.flag(special, reason: .reason("x"), by: acme.admin)
      let start = try await recordings.find(special, by: acme.admin).recording.startedAt
      let changes: [(String, (inout RecordingFilter) throws -> Void, Bool)] = [
        ("agent", { $0.agent = AgentID("other") }, true),
        ("user", { $0.user = UserID("bob") }, true),
        ("canvas", { $0.canvas = CanvasID("c") }, true),
        ("session", { $0.session = SessionID("s") }, true),
        ("status", { $0.status = .failed }, true), ("open", { $0.status = .recording }, false),
        ("tag", { $0.tag = Tag("u") }, true),
        ("flag tag", { $0.tag = Tag("flagged_review") }, true),
        ("reason", { $0.reason = try .reason("why") }, true),
        ("flagged", { $0.isFlagged = true }, true), ("not", { $0.isFlagged = false }, false),
        ("after", { $0.startedAfter = start }, true),
        ("before", { $0.startedBefore = start }, false),
      ]
      for (name, change, findsSpecial) in changes {
        var filter = RecordingFilter()
        try change(&filter)
        let found = try await all(recordings, filter, by: acme.admin)
        #expect(found == [findsSpecial ? special : plain], "\(name)")
      }
      var everything = RecordingFilter()
      for (_, change, findsSpecial) in changes where findsSpecial { try change(&everything) }
      #expect(try await all(recordings, everything, by: acme.admin) == [special])
      everything.agent = AgentID("bot")
      #expect(try await all(recordings, everything, by: acme.admin).isEmpty)
    }
  }

  @Test func eachRoleSeesItsShare() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let anns = try await recordings.started(by: acme, user: "ann")
      let bobs = try await recordings.started(by: acme, user: "bob")
      let ritas = try await recordings.started(by: acme, user: "rita")
      _ = try await recordings.flag(bobs, reason: .reason("x"), by: acme.bob)
      _ = try await recordings.started(by: fixture.globex)
      #expect(try await all(recordings, by: acme.ann) == [anns])
      #expect(try await all(recordings, by: acme.bob) == [bobs])
      #expect(try await all(recordings, by: acme.reviewer) == [ritas, bobs])
      #expect(try await all(recordings, by: acme.auditor) == [ritas, bobs, anns])
      #expect(try await all(recordings, by: acme.admin) == [ritas, bobs, anns])
      #expect(try await refusal { try await all(recordings, by: acme.recorder) } == .forbidden)
      var bob = RecordingFilter()
      bob.user = UserID("bob")
      #expect(try await refusal { try await all(recordings, bob, by: acme.ann) } == .forbidden)
      #expect(try await all(recordings, bob, by: acme.reviewer) == [bobs])
      #expect(try await all(recordings, bob, by: acme.bob) == [bobs])
    }
  }

  @Test func aForeignCursorIsRefused() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme, globex) = (fixture.recordings, fixture.acme, fixture.globex)
      for party in [acme, globex] {
        for _ in 0..<2 { _ = try await recordings.started(by: party) }
      }
      let one = try #require(PageLimit(1))
      let page = try await recordings.list(.init(), limit: one, cursor: nil, by: acme.admin)
      let cursor = try #require(page.next)
      let code = try await refusal {
        try await recordings.list(.init(), limit: one, cursor: cursor, by: globex.admin)
      }
      #expect(code == .badCursor)
    }
  }
}

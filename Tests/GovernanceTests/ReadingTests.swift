// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct ReadingTests {
  @Test func aReplayIsInOrderOfTimeThenOfPosition() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let seconds = (0..<60).map { _ in Int.random(in: 10...19) }
      let drafts = try seconds.enumerated().map { index, second in
        try EventDraft.of("\(index)", at: "2026-11-21T08:30:\(second)Z")
      }
      for start in stride(from: 0, to: 60, by: 20) {
        _ = try await recordings.append(
          Array(drafts[start..<start + 20]), to: id, by: acme.recorder)
      }
      let expected = seconds.enumerated().sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map { "\($0.0)" }
      for limit in [1, 7, 59, 60, 61, 500] {
        let pages = try await recordings.wholeReplay(of: id, limit: limit, by: acme.ann)
        #expect(pages.joined().map(\.text) == expected, "limit \(limit)")
        #expect(pages.allSatisfy { !$0.isEmpty && $0.count <= limit })
        #expect(pages.count == (60 + limit - 1) / limit)
      }
    }
  }

  @Test func pagesOfEventsFollowEachOther() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let empty = try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: acme.ann)
      #expect(empty.events.isEmpty && empty.nextAfterSeq == nil)
      _ = try await recordings.append((1...25).map { try .of("\($0)") }, to: id, by: acme.recorder)
      for limit in [1, 24, 25, 26] {
        var (seen, after): ([String], Int64?) = ([], 0)
        while let position = after {
          let page = try await recordings.events(
            of: id, afterSeq: position, limit: try #require(PageLimit(limit)), by: acme.ann)
          seen += page.events.map(\.text)
          after = page.nextAfterSeq
        }
        #expect(seen == (1...25).map { "\($0)" }, "limit \(limit)")
      }
      for beyond in [25, 26, Int64.max, -1, Int64.min] {
        let page = try await recordings.events(
          of: id, afterSeq: beyond, limit: .standard, by: acme.ann)
        #expect(page.events.count == (beyond < 0 ? 25 : 0) && page.nextAfterSeq == nil)
      }
    }
  }

  /// 45 payloads of 256 KiB are more than a page holds: it ends early, and says so.
  @Test func largePayloadsMakeShorterPages() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let filling = String(repeating: "x", count: EventDraft.maximumBytes - 10)
      for batch in 0..<3 {
        _ = try await recordings.append(
          (0..<15).map { try .of("\"\(batch * 15 + $0) \(filling)\"") }, to: id, by: acme.recorder)
      }
      func numbers(_ events: some Sequence<Event>) -> [Int] {
        events.compactMap { Int($0.text.dropFirst().prefix { $0 != " " }) }
      }
      let pages = try await recordings.wholeReplay(of: id, limit: 500, by: acme.ann)
      #expect(pages.count == 2 && numbers(pages.joined()) == Array(0..<45))
      let first = try await recordings.events(
        of: id, afterSeq: 0, limit: try #require(PageLimit(500)), by: acme.ann)
      #expect(first.events.count == 33 && first.nextAfterSeq == 33)
      let second = try await recordings.events(
        of: id, afterSeq: 33, limit: try #require(PageLimit(500)), by: acme.ann)
      #expect(numbers(second.events) == Array(33..<45) && second.nextAfterSeq == nil)
      #expect(numbers(try await recordings.allEvents(of: id, by: acme.ann)) == Array(0..<45))
    }
  }

  @Test func aReadingEndsWhereItBegan() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.append((1...40).map { try .of("\($0)") }, to: id, by: acme.recorder)
      let reading = try await recordings.find(id, by: acme.ann)
      var seqs: [Int64] = []
      try await reading.forEachPage { page in
        seqs += page.map(\.seq)
        try await recordings.appendOne(.of(#""late""#), to: id, by: acme.recorder)
      }
      #expect(seqs == Array(1...40))
    }
  }

  @Test func aPayloadThatWasTamperedWithIsNotShown() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.append(
        [.of("1", id: .make()), .of("2", id: .make())], to: id, by: acme.recorder)
      // What only somebody with the database in hand can do: switch the guard off.
      let tampering = [
        "payload = set_byte(payload, 30, get_byte(payload, 30) # 1)",
        "event_type = 'other'", "occurred_at = occurred_at + interval '1 second'",
        "event_id = gen_random_uuid()",
      ]
      for change in tampering {
        try await TestDatabase.current.psql(
          """
          begin;
          set local session_replication_role = replica;
          create table before as select payload, event_type, occurred_at, event_id
            from hansard.recording_events where seq = 2;
          update hansard.recording_events set \(change) where seq = 2;
          commit
          """)
        let code = try await refusal { try await recordings.allEvents(of: id, by: acme.ann) }
        #expect(code == .integrityFailure, "\(change)")
        try await TestDatabase.current.psql(
          """
          begin;
          set local session_replication_role = replica;
          update hansard.recording_events as e
            set payload = b.payload, event_type = b.event_type, occurred_at = b.occurred_at,
              event_id = b.event_id
            from before as b where seq = 2;
          drop table before;
          commit
          """)
        #expect(try await recordings.allEvents(of: id, by: acme.ann).map(\.text) == ["1", "2"])
      }
      #expect(fixture.metrics.sample("hansard_integrity_failures_total") == 4)
    }
  }

  @Test func withoutItsKeyTheContentIsGone() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of("1"), to: id, by: acme.recorder)
      try await TestDatabase.current.psql("delete from hansard.recording_keys")
      #expect(
        try await refusal { try await recordings.find(id, by: acme.ann) } == .recordingExpired)
    }
  }
}

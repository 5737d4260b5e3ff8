// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct AppendTests {
  /// Values that a JSON library would write differently.
  static let verbatim = [
    "1.0", "1e400", "-0", "0.10000000000000000000000000001", "1E+2", "12345678901234567890123",
    #""\u0041\/\ud83d\ude00""#, #"{"b":1,"a":2,"B":3}"#, "[ 1 ,\t2\r\n]", #""\u0000""#, "null",
    #"{"é":"é","e\#u{301}":2}"#, "\"\u{2028}\u{FEFF}\u{202E}\"", "\"'; drop table x; --\"", "{}",
    #"{"":""}"#,
  ]

  @Test func keepsTheBytesThatWereSent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.append(
        Self.verbatim.map { try .of($0) }, to: id, by: acme.recorder)
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.data) == Self.verbatim.map { Array($0.utf8) })
      let replayed = try await recordings.wholeReplay(of: id, limit: 500, by: acme.ann)
      #expect(replayed.joined().map(\.data) == Self.verbatim.map { Array($0.utf8) })
    }
  }

  @Test func theTablesHoldNoPlaintextAndTheHashesOfTheLedger() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let drafts = try (1...20).map { number in
        try EventDraft.of(#"{"thought":"xyzzy-\#(number)"}"#, at: "2026-11-21T08:30:00.\(number)Z")
      }
      let receipts = try await recordings.append(drafts, to: id, by: acme.recorder)
      let dump = try await TestDatabase.current.pgDump(schemaOnly: false)
      #expect(!dump.contains("xyzzy") && !dump.contains("thought"))
      // bytea is dumped in hexadecimal: "xyzzy" as such a text.
      #expect(!dump.contains("78797a7a79"))
      #expect(try await StoredLeaves.check(id) == receipts.map(\.leafHash))
    }
  }

  @Test func timeIsTheClientsOrOurs() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let before = Timestamp.now()
      _ = try await recordings.append(
        [.of(at: "1999-12-31T23:59:59.999999Z"), .of(), .of(at: "9999-12-31T23:59:59Z")], to: id,
        by: acme.recorder)
      let after = Timestamp.now()
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.first?.timestamp.rfc3339 == "1999-12-31T23:59:59.999999Z")
      #expect((before...after).contains(try #require(events.dropFirst().first).timestamp))
      #expect(events.last?.timestamp.rfc3339 == "9999-12-31T23:59:59.000000Z")
      #expect(Set(events.map(\.recordedAt)).count == 1)
    }
  }

  @Test func sizesAndCountsAreBounded() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      func event(bytes: Int) throws -> EventDraft {
        try .of("\"" + String(repeating: "x", count: bytes - 2) + "\"")
      }
      let limit = EventDraft.maximumBytes
      for bytes in [2, limit - 1, limit] {
        try await recordings.appendOne(event(bytes: bytes), to: id, by: acme.recorder)
      }
      let large = try await refusal {
        try await recordings.append([.of(), event(bytes: limit + 1)], to: id, by: acme.recorder)
      }
      #expect(large == .eventTooLarge)
      let none = try await refusal { try await recordings.append([], to: id, by: acme.recorder) }
      #expect(none == .validationFailed)
      let many = try await refusal {
        try await recordings.append(
          Array(repeating: try .of(), count: 1001), to: id, by: acme.recorder)
      }
      #expect(many == .validationFailed)
      let full = try await recordings.append(
        (0..<1000).map { _ in try .of() }, to: id, by: acme.recorder)
      #expect(full.map(\.seq) == Array(4...1003))
      #expect(try await recordings.find(id, by: acme.ann).recording.eventCount == 1003)
    }
  }

  @Test func aStopWaitsForNothingAndLetsNothingIn() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let stored = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for count in 0..<1000 {
              do {
                try await recordings.appendOne(.of(), to: id, by: acme.recorder)
              } catch let error as DomainError where error.code == .recordingNotOpen {
                return count
              }
            }
            return 1000
          }
        }
        try await eventually("some events") {
          try await recordings.find(id, by: acme.ann).recording.eventCount > 20
        }
        let stopped = try await recordings.stop(
          id, status: .completed, summary: nil, by: acme.recorder)
        let stored = try await group.reduce(0, +)
        #expect(Int64(stored) == stopped.eventCount)
        return stored
      }
      #expect(try await recordings.allEvents(of: id, by: acme.ann).count == stored)
    }
  }

  @Test func nothingIsAcceptedAfterTheLongestOpenTime() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      try await TestDatabase.current.psql(
        "update hansard.recording_progress set closes_at = now() - interval '1 second'")
      let code = try await refusal {
        try await recordings.append([.of()], to: id, by: acme.recorder)
      }
      #expect(code == .recordingNotOpen)
    }
  }
}

@Suite(.serialized, .database)
struct AppendDedupeTests {
  @Test func theSameEventAnswersWithItsFirstReceipt() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let draft = try EventDraft.of(#"{"a":1}"#, id: .make())
      let first = try await recordings.appendOne(draft, to: id, by: acme.recorder)
      var expected = first
      expected.isReplay = true
      #expect(!first.isReplay)
      #expect(try await recordings.appendOne(draft, to: id, by: acme.recorder) == expected)
      // Among new ones, which go on without a gap.
      let mixed = try await recordings.append(
        [.of("2"), draft, .of("3")], to: id, by: acme.recorder)
      #expect(mixed.map(\.seq) == [2, 1, 3] && mixed.map(\.isReplay) == [false, true, false])
      #expect(mixed.dropFirst().first == expected)
      // Another recorder may send it again, and it is known when the recording has stopped.
      _ = try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
      #expect(try await recordings.appendOne(draft, to: id, by: acme.admin) == expected)
      let late = try await refusal {
        try await recordings.append([draft, .of()], to: id, by: acme.recorder)
      }
      #expect(late == .recordingNotOpen)
      #expect(try await recordings.find(id, by: acme.ann).recording.eventCount == 3)
    }
  }

  @Test func anotherEventUnderTheSameIDIsRefused() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let (event, other) = (EventID.make(), EventID.make())
      let stamp = "2026-11-21T08:30:00Z"
      let drafts = try [EventDraft.of("1", at: stamp, id: event), .of("2", id: other)]
      _ = try await recordings.append(drafts, to: id, by: acme.recorder)
      for wrong in try [
        EventDraft.of("1.0", at: stamp, id: event), .of("1", type: "other", at: stamp, id: event),
        .of("1", id: event), .of("1", at: "2026-11-21T08:30:00.000001Z", id: event),
      ] {
        // Only the event at fault is named: the one before it is what it was.
        let error = try await domainError {
          try await recordings.append([drafts[1], .of(), wrong], to: id, by: acme.recorder)
        }
        #expect(error.code == .eventMismatch)
        #expect(error.violations.map(\.pointer) == ["/2/event_id"])
      }
      #expect(try await recordings.find(id, by: acme.ann).recording.eventCount == 2)
      // The same id in another recording is another event.
      let second = try await recordings.started(by: acme)
      let receipt = try await recordings.appendOne(
        .of("3", id: event), to: second, by: acme.recorder)
      #expect(receipt.seq == 1 && !receipt.isReplay)
    }
  }

  @Test func aBatchMayRepeatAnEventButNotChangeIt() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let event = EventID.make()
      let same = try EventDraft.of("1", id: event)
      let receipts = try await recordings.append(
        [.of("0"), same, same, .of("2")], to: id, by: acme.recorder)
      #expect(receipts.map(\.seq) == [1, 2, 2, 3])
      let error = try await domainError {
        try await recordings.append(
          [.of("7", id: .make()), .of("8", id: event), same], to: id, by: acme.recorder)
      }
      #expect(error.code == .eventMismatch && error.violations.map(\.pointer) == ["/2/event_id"])
      // Pointers count the events as they were sent, not as they were stored.
      let new = try EventDraft.of("9", id: .make())
      let moved = try await domainError {
        try await recordings.append(
          [new, new, .of(#""changed""#, id: event)], to: id, by: acme.recorder)
      }
      #expect(moved.violations.map(\.pointer) == ["/2/event_id"])
      #expect(try await recordings.find(id, by: acme.ann).recording.eventCount == 3)
    }
  }

  @Test func manyWhoSendOneEventStoreItOnce() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let draft = try EventDraft.of("1", id: .make())
      let receipts = try await withThrowingTaskGroup { group in
        for _ in 0..<30 {
          group.addTask { try await recordings.appendOne(draft, to: id, by: acme.recorder) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(receipts.map(\.leafHash)).count == 1 && receipts.allSatisfy { $0.seq == 1 })
      #expect(receipts.count { !$0.isReplay } == 1)
    }
  }
}

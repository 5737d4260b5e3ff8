// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

@testable import Governance

/// Sending an event again when it holds secrets: the comparison is of what was redacted.
@Suite(.serialized, .database)
struct RedactedReplayTests {
  @Test func theSameSecretAgainIsTheSameEvent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let data = #"{"log":"\#(PlantedSecret.token(1).text)"}"#
      let draft = try EventDraft.of(data, type: PlantedSecret.token(3).text, id: .make())
      let first = try await recordings.appendOne(draft, to: id, by: acme.recorder)
      let again = try await recordings.appendOne(draft, to: id, by: acme.recorder)
      #expect(again.isReplay && again.leafHash == first.leafHash && again.seq == 1)
      let batch = try await recordings.append([draft, draft, .of()], to: id, by: acme.recorder)
      #expect(batch.map(\.seq) == [1, 1, 2])
    }
  }

  @Test func anotherSecretIsAnotherEvent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let event = EventID.make()
      func draft(_ number: Int, type: Int? = nil) throws -> EventDraft {
        try .of(
          #"{"log":"\#(PlantedSecret.token(number).text)"}"#,
          type: type.map { PlantedSecret.token($0).text } ?? "step", id: event)
      }
      try await recordings.appendOne(draft(1), to: id, by: acme.recorder)
      for wrong in try [draft(2), draft(1, type: 5)] {
        let error = try await domainError {
          try await recordings.append([.of(), wrong], to: id, by: acme.recorder)
        }
        #expect(error.code == .eventMismatch)
        #expect(error.violations.map(\.pointer) == ["/1/event_id"])
      }
      #expect(try await recordings.find(id, by: acme.ann).recording.eventCount == 1)
    }
  }

  /// What was replaced is not the text of a marker: who sends the marker sends another event.
  @Test func theMarkerItselfIsAnotherEvent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let event = EventID.make()
      let first = try EventDraft.of("\"\(PlantedSecret.token(1).text)\"", id: event)
      try await recordings.appendOne(first, to: id, by: acme.recorder)
      let stored = try #require(await recordings.allEvents(of: id, by: acme.ann).first)
      let code = try await refusal {
        try await recordings.append([.of(stored.text, id: event)], to: id, by: acme.recorder)
      }
      #expect(code == .eventMismatch)
    }
  }

  /// An event that is sent again after the policy has changed is redacted by the new one: what was
  /// a marker then and is none now differs. The client learns it, and nothing is stored twice.
  @Test func anEventBeforeAndAfterAChangeOfPolicyDiffers() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let draft = try EventDraft.of("\"\(PlantedSecret.address(1).text)\"", id: .make())
      let plain = try EventDraft.of("1", id: .make())
      _ = try await recordings.append([draft, plain], to: id, by: acme.recorder)
      _ = try await fixture.hansard.redaction.set(
        .of(switchedOff: ["email"]), replacing: 0, by: acme.admin)
      let code = try await refusal {
        try await recordings.append([draft], to: id, by: acme.recorder)
      }
      #expect(code == .eventMismatch)
      #expect(try await recordings.appendOne(plain, to: id, by: acme.recorder).isReplay)
    }
  }
}

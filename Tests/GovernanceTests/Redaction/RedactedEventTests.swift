// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

@testable import Governance

/// What is stored of an event that holds secrets.
@Suite(.serialized, .database)
struct RedactedEventTests {
  /// `redaction_policy|redacted_families|redacted_counts` of each event, in order.
  private func columns() async throws -> [String] {
    try await TestDatabase.current.psql(
      """
      select redaction_policy, redacted_families, redacted_counts
      from hansard.recording_events
      order by recording_id, seq
      """
    ).split(separator: "\n").map(String.init)
  }

  @Test func aSecretIsReplacedAndTheBytesAroundItStay() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let token = PlantedSecret.token(1)
      let (head, tail) = (#"{ "n" : 1.0e+2,"log":"\u0061 key "#, #" \/ done" ,"é":[ ] }"#)
      let receipt = try await recordings.appendOne(
        .of(head + token.text + tail), to: id, by: acme.recorder)
      let event = try #require(await recordings.allEvents(of: id, by: acme.ann).first)
      let marker = try #require(FoundMarker.all(in: event.text).first)
      #expect(event.text == "\(head)[REDACTED:github_token:\(marker.fingerprint)]\(tail)")
      #expect(event.redactions == [.init(family: "github_token", count: 1)])
      #expect(try await columns() == ["0|{github_token}|{1}"])
      #expect(try await StoredLeaves.check(id) == [receipt.leafHash])
    }
  }

  @Test func countsEachFamilyInAlphabeticalOrder() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let texts = [
        PlantedSecret.package(1), .token(1), .address(1), .token(2), .token(1), .address(2),
      ].map(\.text)
      _ = try await recordings.append(
        [.of(), .of("[\"\(texts.joined(separator: "\",\""))\"]"), .of(#""[REDACTED:x:y]""#)],
        to: id, by: acme.recorder)
      #expect(
        try await columns() == [
          "0||", "0|{email,github_token,npm_token}|{2,3,1}", "0|{escaped_marker}|{1}",
        ])
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events[0].redactions == [])
      #expect(events[1].redactions.map(\.family) == ["email", "github_token", "npm_token"])
      #expect(events[1].redactions.map(\.count) == [2, 3, 1])
      #expect(events[2].text == #""[REDACTED!:x:y]""#)
      let replayed = try await recordings.wholeReplay(of: id, limit: 2, by: acme.ann).joined()
      #expect(replayed.map(\.redactions) == events.map(\.redactions))
      _ = try await StoredLeaves.check(id)
    }
  }

  @Test func theSameSecretIsRecognisedWithinATenantOnly() async throws {
    try await Fixture.run { fixture in
      let recordings = fixture.recordings
      var markers: [[FoundMarker]] = []
      let (token, other) = (PlantedSecret.token(1), PlantedSecret.token(2))
      for party in [fixture.acme, fixture.globex] {
        let ids = try await (recordings.started(by: party), recordings.started(by: party))
        let data = #"{"a":"\#(token.text)","b":"x \#(other.text)","c":["\#(token.text)"]}"#
        for id in [ids.0, ids.1] {
          try await recordings.appendOne(.of(data), to: id, by: party.recorder)
          let event = try #require(await recordings.allEvents(of: id, by: party.ann).first)
          markers.append(FoundMarker.all(in: event.text))
        }
      }
      for found in markers { #expect(found.count == 3 && found[0] == found[2]) }
      #expect(markers[0] == markers[1] && markers[2] == markers[3])
      let prints = markers[0].prefix(2) + markers[2].prefix(2)
      #expect(Set(prints.map(\.fingerprint)).count == 4)
    }
  }

  @Test func aTypeThatIsASecretIsReplacedAsAWhole() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let token = PlantedSecret.token(1)
      _ = try await recordings.append(
        [
          .of(type: token.text), .of(type: "error.\(token.text)"), .of(type: "error"),
          .of(#""\#(token.text)""#, type: token.text),
        ],
        to: id, by: acme.recorder)
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map { FoundMarker.all(in: $0.type).count } == [1, 1, 0, 1])
      #expect(!events.contains { $0.type.contains(token.text) })
      #expect(events[0].type == events[3].type && events[0].type != events[1].type)
      #expect(events.map { $0.type.utf8.count <= 64 } == [true, true, true, true])
      #expect(
        try await columns() == [
          "0|{github_token}|{1}", "0|{github_token}|{1}", "0||", "0|{github_token}|{2}",
        ])
      // What was replaced counts as no error.
      let counts = try await TestDatabase.current.psql(
        "select event_count, error_count from hansard.recording_progress")
      #expect(counts == "4|1\n")
      _ = try await StoredLeaves.check(id)
    }
  }

  /// A marker is longer than a short secret, and the limit is on what was sent.
  @Test func aPayloadMayGrowBeyondWhatMayBeSent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let address = ["a", "b.cc"].joined(separator: "@")
      let number = EventDraft.maximumBytes / (address.utf8.count + 3) - 1
      let list = Array(repeating: "\"\(address)\"", count: number).joined(separator: ",")
      try await recordings.appendOne(.of("[\(list)]"), to: id, by: acme.recorder)
      let event = try #require(await recordings.allEvents(of: id, by: acme.ann).first)
      #expect(event.data.count > 3 * EventDraft.maximumBytes)
      #expect(event.redactions == [.init(family: "email", count: number)])
      #expect(!event.text.contains(address))
      let replayed = try await recordings.wholeReplay(of: id, limit: 1, by: acme.ann)
      #expect(replayed.joined().map(\.data) == [event.data])
      _ = try await StoredLeaves.check(id)
    }
  }

  @Test func nothingOfASecretIsInTheTables() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let secrets = (1...4).map { PlantedSecret.token($0).text }
      let id = try await recordings.started(by: acme, reason: secrets[0], tags: [secrets[1]])
      try await recordings.appendOne(
        .of(#""\#(secrets[2])""#, type: secrets[3]), to: id, by: acme.recorder)
      _ = try await recordings.stop(
        id, status: .completed, summary: .reason("\(secrets[0])"), by: acme.recorder)
      let dump = try await TestDatabase.current.pgDump(schemaOnly: false)
      #expect(dump.contains("[REDACTED:github_token:"))
      for secret in secrets {
        let digits = secret.utf8.map { String($0, radix: 16) }.joined()
        #expect(!dump.contains(secret.dropFirst(4)) && !dump.contains(digits))
      }
    }
  }
}

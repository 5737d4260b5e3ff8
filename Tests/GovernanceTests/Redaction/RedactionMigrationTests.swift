// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// What is left when the migrations of redaction are taken back, and applied again.
@Suite(.serialized, .database)
struct RedactionMigrationTests {
  private func migrate(_ body: (Migrator) async throws -> Void) async throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let connection = try await TestDatabase.current.connect(role: "hansard_migrator")
    try await body(Migrator(connection: connection, set: set))
    await connection.close()
  }

  @Test func eventsStayReadableWhenItIsTakenBackAndAppliedAgain() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      _ = try await fixture.hansard.redaction.set(
        .of(rules: ["badge"]), replacing: 0, by: acme.admin)
      let token = PlantedSecret.token(1).text
      let id = try await recordings.started(by: acme, reason: "x \(token)", tags: [token])
      let address = ["a", "b.cc"].joined(separator: "@")
      let large = Array(repeating: "\"\(address)\"", count: 28_000).joined(separator: ",")
      _ = try await recordings.append(
        [.of(#"{"a": 1.0}"#), .of(#""badge-12345678""#, type: token), .of("[\(large)]")], to: id,
        by: acme.recorder)
      _ = try await recordings.flag(id, reason: .reason(token), by: acme.ann)
      let (before, found) = try await self.content(of: id, fixture)
      try await migrate { try await $0.down(to: 1, allowDataLoss: true) }
      let old = try await TestDatabase.current.psql(
        """
        select count(*), min(seq), max(seq), max(payload_length) > 262144,
          to_regclass('hansard.redaction_policies') is null
        from hansard.recording_events
        """)
      #expect(old == "3|1|3|t|t\n")
      try await migrate { try await $0.up() }
      let (after, again) = try await self.content(of: id, fixture)
      #expect(after.map(\.data) == before.map(\.data) && after.map(\.type) == before.map(\.type))
      #expect(after.map(\.leafHash) == before.map(\.leafHash))
      #expect(again == found)
      // What the older schema had no place for is gone: the counts and the policies.
      #expect(before.map(\.redactions.count) == [0, 2, 1])
      #expect(after.map(\.redactions.count) == [0, 0, 0])
      #expect(try await fixture.hansard.redaction.find(by: acme.admin).version == 0)
      // And it goes on.
      let receipt = try await recordings.appendOne(.of("4"), to: id, by: acme.recorder)
      #expect(receipt.seq == 4)
    }
  }

  /// What was stored before there was redaction stays as it was sent, and its hash holds.
  @Test func anEventOfTheTimeBeforeIsReadAsItWas() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let data = "{\"to\": \"\(PlantedSecret.address(1).text)\"}"
      // Before: today's keys have columns that were not there then.
      let context = try #require(await recordings.contexts.find(id, of: acme.tenant))
      try await migrate { try await $0.down(to: 1, allowDataLoss: true) }
      let connection = try await TestDatabase.current.connect(role: "hansard_service")
      let append = try FormerEvent(data, in: context, by: acme.recorder).append(to: id, acme)
      let rows = try await connection.transact([.setTenant(acme.tenant), append])
      #expect(try rows.last?.first?.decode(0, as: String.self) == "appended")
      await connection.close()
      try await migrate { try await $0.up() }
      let event = try #require(await recordings.allEvents(of: id, by: acme.ann).first)
      #expect(event.text == data && event.redactions == [])
      try await recordings.appendOne(.of(data), to: id, by: acme.recorder)
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.seq) == [1, 2] && FoundMarker.all(in: events[1].text).count == 1)
      #expect(try await StoredLeaves.check(id) == events.map(\.leafHash))
    }
  }

  private func content(
    of id: RecordingID, _ fixture: Fixture
  ) async throws -> (events: [Event], texts: [String]) {
    let recording = try await fixture.recordings.find(id, by: fixture.acme.admin).recording
    return (
      try await fixture.recordings.allEvents(of: id, by: fixture.acme.admin),
      recording.tags + [recording.reason, recording.flagReason ?? ""]
    )
  }

  @Test func nothingIsTakenBackWithoutAWordOfConsent() async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await migrate { migrator in
        await #expect(throws: MigrationError.self) {
          try await migrator.down(to: 1, allowDataLoss: false)
        }
      }
      let receipt = try await fixture.recordings.appendOne(.of(), to: id, by: fixture.acme.recorder)
      #expect(receipt.seq == 1)
    }
  }
}

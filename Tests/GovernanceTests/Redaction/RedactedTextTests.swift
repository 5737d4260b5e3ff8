// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

@testable import Governance

/// Tags, reasons, summaries and flag reasons, which are columns in clear; and ids, which are refused.
@Suite(.serialized, .database)
struct RedactedTextTests {
  private func found(
    _ fixture: Fixture, tag: String? = nil, reason: String? = nil
  ) async throws -> [RecordingID] {
    var filter = RecordingFilter()
    filter.tag = try tag.map { try #require(Tag($0)) }
    filter.reason = try reason.map { try .reason($0) }
    return try await fixture.recordings.list(
      filter, limit: .standard, cursor: nil, by: fixture.acme.admin
    ).elements.map(\.id)
  }

  @Test func tagsAndReasonsAreRedactedAndStillFound() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let (token, other) = (PlantedSecret.token(1).text, PlantedSecret.token(2).text)
      let reason = "rotate \(token) today"
      let id = try await recordings.started(
        by: acme, reason: reason, tags: [token, "plain", token, "x \(other)"])
      let recording = try await recordings.find(id, by: acme.admin).recording
      let markers = recording.tags.map { FoundMarker.all(in: $0) }
      #expect(markers.map(\.count) == [1, 0, 1])
      #expect(recording.tags[1] == "plain" && recording.tags[2].hasPrefix("x [REDACTED:"))
      let marker = "[REDACTED:github_token:\(markers[0][0].fingerprint)]"
      #expect(recording.tags[0] == marker && recording.reason == "rotate \(marker) today")
      #expect(try await found(fixture, tag: token) == [id])
      #expect(try await found(fixture, tag: "plain") == [id])
      #expect(try await found(fixture, tag: other) == [])
      #expect(try await found(fixture, reason: reason) == [id])
      #expect(try await found(fixture, reason: "rotate \(other) today") == [])
    }
  }

  /// Different secrets that are tags give different markers: none is lost as a repetition.
  @Test func tagsThatDifferBySecretStayDifferent() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let tags = (1...5).map { PlantedSecret.token($0).text }
      let id = try await recordings.started(by: acme, tags: tags + tags)
      let stored = try await recordings.find(id, by: acme.admin).recording.tags
      #expect(Set(stored).count == 5 && stored.count == 5)
    }
  }

  @Test func summariesAndFlagReasonsAreRedacted() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let token = PlantedSecret.token(1).text
      let id = try await recordings.started(by: acme)
      let flagged = try await recordings.flag(id, reason: .reason("saw \(token)"), by: acme.ann)
      let stopped = try await recordings.stop(
        id, status: .failed, summary: .reason("lost \(token)"), by: acme.recorder)
      let reason = try #require(flagged.flags.first).reason
      #expect(reason.hasPrefix("saw [REDACTED:github_token:"))
      #expect(flagged.recording.flagReason == reason)
      let summary = try #require(stopped.summary)
      #expect(FoundMarker.all(in: summary) == FoundMarker.all(in: reason))
      #expect(summary.hasPrefix("lost ["))
    }
  }

  @Test func theActionOfAnAutomaticRecordingIsRedacted() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      _ = try await fixture.hansard.agents.put(
        try #require(AgentID("bot")), name: nil, status: .autonomous, by: acme.admin)
      let token = PlantedSecret.token(1).text
      let outcome = try await recordings.startAutomatically(
        .by(session: "s", action: token), by: acme.recorder)
      let id = try #require(outcome.recording)
      let tags = try await recordings.find(id, by: acme.admin).recording.tags
      #expect(tags.dropLast() == ["autonomous", "governance"])
      #expect(FoundMarker.all(in: try #require(tags.last)).count == 1)
      // A second one of another agent is not started; what was asked for is in the audit log.
      _ = try await recordings.startAutomatically(
        .by(agent: "other", action: token), by: acme.recorder)
      let asked = try await TestDatabase.current.psql(
        "select audit_metadata ->> 'requested_action' from hansard.canvas_audit where agent_id = 'other'"
      )
      #expect(asked == "\(try #require(tags.last))\n")
    }
  }

  /// A marker may be longer than what it stands for: texts of the greatest length find room.
  @Test func theLongestTextsFindRoomWhenTheyGrow() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      func text(_ bytes: Int) -> String {
        let address = ["a", "b.cc"].joined(separator: "@") + " "
        return String(repeating: address, count: bytes / address.utf8.count)
      }
      let id = try await recordings.started(by: acme, reason: text(1000), tags: [text(64)])
      _ = try await recordings.flag(id, reason: .reason(text(2000)), by: acme.ann)
      let summary = try #require(RecordingText(text(4000), maximumBytes: 4000))
      let stopped = try await recordings.stop(
        id, status: .completed, summary: summary, by: acme.recorder)
      #expect(try #require(stopped.summary).utf8.count > 16_000)
      #expect(stopped.reason.utf8.count > 4000)
    }
  }

  @Test func idsThatHoldATokenAreRefused() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let token = PlantedSecret.token(1).text
      let before = try await TestDatabase.current.psql(Self.counts)
      let drafts: [(String, RecordingDraft)] = try [
        ("/agent_id", .by(agent: token)), ("/user_id", .by(user: token)),
        ("/canvas_id", .by(canvas: "x-\(token)")), ("/session_id", .by(session: token)),
      ]
      for (pointer, draft) in drafts {
        let error = try await domainError { try await recordings.start(draft, by: acme.recorder) }
        #expect(error.code == .validationFailed)
        #expect(error.violations.map(\.pointer) == [pointer])
        #expect(error.violations.map(\.code) == ["secret_in_id"])
        #expect(!"\(error)".contains(token))
      }
      let automatic = try await domainError {
        try await recordings.startAutomatically(.by(agent: token), by: acme.recorder)
      }
      #expect(automatic.violations.map(\.pointer) == ["/agent_id"])
      #expect(try await TestDatabase.current.psql(Self.counts) == before)
      // Addresses are no tokens: people are named by them.
      let address = PlantedSecret.address(1).text
      let id = try await recordings.started(by: acme, user: address)
      #expect(try await recordings.find(id, by: acme.admin).recording.user.rawValue == address)
    }
  }

  /// The audit log would name them.
  @Test func idsThatHoldATokenAreRefusedWhileRecordingIsSwitchedOff() async throws {
    try await Fixture.run(with: .recordingDisabled) { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let before = try await TestDatabase.current.psql(Self.counts)
      let error = try await domainError {
        try await recordings.startAutomatically(
          .by(agent: PlantedSecret.token(1).text), by: acme.recorder)
      }
      #expect(error.violations.map(\.pointer) == ["/agent_id"])
      #expect(error.violations.map(\.code) == ["secret_in_id"])
      #expect(try await TestDatabase.current.psql(Self.counts) == before)
    }
  }

  @Test func theRegisterOfAgentsHoldsNoToken() async throws {
    try await Fixture.run { fixture in
      let (agents, acme) = (fixture.hansard.agents, fixture.acme)
      let token = PlantedSecret.token(1).text
      let (id, bot) = (try #require(AgentID(token)), try #require(AgentID("bot")))
      let before = try await TestDatabase.current.psql(Self.counts)
      let put = try await domainError {
        try await agents.put(id, name: nil, status: .student, by: acme.admin)
      }
      let found = try await domainError { try await agents.find(id, by: acme.admin) }
      #expect((put.violations + found.violations).map(\.code) == ["secret_in_id", "secret_in_id"])
      #expect(try await TestDatabase.current.psql(Self.counts) == before)
      let named = try await agents.put(
        bot, name: DisplayName("the \(token) bot"), status: .student, by: acme.admin)
      #expect(named.name.hasPrefix("the [REDACTED:github_token:") && named.name.hasSuffix("] bot"))
      let long = try await domainError {
        let address = PlantedSecret.address(1).text
        let name = DisplayName(String(repeating: "x", count: 230) + " " + address)
        return try await agents.put(bot, name: name, status: .student, by: acme.admin)
      }
      #expect(long.violations.map(\.pointer) == ["/name"])
    }
  }

  /// The audit log names what a list was asked for.
  @Test func aFilterThatHoldsATokenIsRefusedWithoutATrace() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let token = PlantedSecret.token(1).text
      let before = try await TestDatabase.current.psql(Self.counts)
      let filters: [(String, (inout RecordingFilter) -> Void)] = [
        ("agent_id", { $0.agent = AgentID(token) }), ("user_id", { $0.user = UserID(token) }),
        ("canvas_id", { $0.canvas = CanvasID(token) }),
        ("session_id", { $0.session = SessionID(token) }),
      ]
      for (name, change) in filters {
        var filter = RecordingFilter()
        change(&filter)
        let asked = filter
        let error = try await domainError {
          try await fixture.recordings.list(
            asked, limit: .standard, cursor: nil, by: acme.admin)
        }
        #expect(error.violations.map(\.pointer) == [name])
        #expect(error.violations.map(\.code) == ["secret_in_id"])
      }
      #expect(try await TestDatabase.current.psql(Self.counts) == before)
    }
  }

  private static let counts = """
    select
      (select count(*) from hansard.canvas_recordings), (select count(*) from hansard.canvas_audit),
      (select count(*) from hansard.users), (select count(*) from hansard.agent_registry)
    """
}

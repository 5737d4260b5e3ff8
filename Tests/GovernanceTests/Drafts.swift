// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

extension RecordingDraft {
  /// A draft with everything that a test does not say.
  static func by(
    agent: String = "bot", user: String? = "ann", canvas: String? = nil, session: String? = nil,
    reason: String = "a reason", tags: [String] = []
  ) throws -> RecordingDraft {
    RecordingDraft(
      agent: try #require(AgentID(agent)), user: user.flatMap { UserID($0) },
      canvas: canvas.flatMap { CanvasID($0) }, session: session.flatMap { SessionID($0) },
      reason: try #require(RecordingText(reason, maximumBytes: 1000)),
      tags: try tags.map { try #require(Tag($0)) })
  }
}

extension AutomaticDraft {
  static func by(
    agent: String = "bot", user: String? = "ann", canvas: String? = nil, session: String? = nil,
    action: String = "browse"
  ) throws -> AutomaticDraft {
    AutomaticDraft(
      agent: try #require(AgentID(agent)), user: user.flatMap { UserID($0) },
      canvas: canvas.flatMap { CanvasID($0) }, session: session.flatMap { SessionID($0) },
      action: try #require(Tag(action)))
  }
}

extension EventDraft {
  static func of(
    _ data: String = "{}", type: String = "step", at timestamp: String? = nil, id: EventID? = nil
  ) throws -> EventDraft {
    EventDraft(
      type: try #require(EventType(type)),
      data: try .of(data),
      timestamp: try timestamp.map { try #require(Timestamp(rfc3339: $0)) }, id: id)
  }
}

extension JSONValue {
  /// A string, which must need no escapes.
  static func text(_ text: String) throws -> JSONValue { try of("\"\(text)\"") }

  /// The value of a JSON text.
  static func of(_ json: String) throws -> JSONValue {
    try JSONDocument(parsing: Array(json.utf8), limits: .init(stringBytes: .max)).root
  }
}

extension RedactionPolicyDraft {
  /// Rules of these names find `name-` and eight digits.
  static func of(switchedOff: [String] = [], rules: [String] = []) throws -> RedactionPolicyDraft {
    RedactionPolicyDraft(
      switchedOff: switchedOff,
      rules: try rules.map {
        try CustomSecret(
          name: $0, position: .prefix, literal: "\($0)-", characters: .digit, length: 8...8)
      })
  }
}

extension Recordings {
  /// Starts a recording of the recorder's for `ann`, unless said otherwise.
  func started(
    by party: Party, agent: String = "bot", user: String = "ann", session: String? = nil,
    canvas: String? = nil, reason: String = "a reason", tags: [String] = []
  ) async throws -> RecordingID {
    try await start(
      .by(
        agent: agent, user: user, canvas: canvas, session: session, reason: reason, tags: tags),
      by: party.recorder
    ).id
  }

  /// Appends one event and returns its receipt.
  @discardableResult
  func appendOne(
    _ draft: EventDraft, to recording: RecordingID, by caller: Caller
  ) async throws -> EventReceipt {
    try #require(try await append([draft], to: recording, by: caller).first)
  }

  /// All events of a recording, as its reader gets them.
  func allEvents(of recording: RecordingID, by caller: Caller) async throws -> [Event] {
    var events: [Event] = []
    try await find(recording, by: caller).forEachPage { events += $0 }
    return events
  }

  /// All pages of a replay.
  func wholeReplay(
    of recording: RecordingID, limit: Int, by caller: Caller
  ) async throws -> [[Event]] {
    var pages: [[Event]] = []
    var cursor: Cursor?
    repeat {
      let page = try await replay(
        of: recording, limit: try #require(PageLimit(limit)), cursor: cursor, by: caller)
      pages.append(page.events)
      cursor = page.next
    } while cursor != nil && pages.count < 1000
    return pages
  }
}

extension Event {
  /// The data as text.
  var text: String { String(decoding: data, as: UTF8.self) }
}

extension RecordingText {
  static func reason(_ text: String) throws -> RecordingText {
    try #require(RecordingText(text, maximumBytes: 2000))
  }
}

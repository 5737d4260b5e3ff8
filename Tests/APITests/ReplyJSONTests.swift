// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Protection
import Testing

@testable import API
@testable import Governance

@Suite struct ReplyJSONTests {
  @Test func writesARecordingWithTheFieldsOfTheSeed() throws {
    var writer = JSONWriter()
    let recording = try recording()
    writer.object { $0.members(of: recording) }
    let root = try JSONDocument(parsing: writer.bytes).root
    #expect(
      root.members.map(\.key) == [
        "recording_id", "agent_id", "user_id", "canvas_id", "session_id", "reason", "status",
        "tags", "started_at", "stopped_at", "duration_seconds", "summary", "event_count",
        "recording_metadata", "flagged_for_review", "flag_reason", "flagged_by", "flagged_at",
        "expires_at", "retain_until", "on_hold", "storage_url", "created_at", "updated_at",
      ])
    #expect(try root["recording_id"]?.text() == recording.id.description)
    #expect(try root["started_at"]?.text() == "2026-11-21T08:30:00.000000Z")
    #expect(root["canvas_id"]?.isNull == true)
    #expect(root["duration_seconds"]?.double() == 1.5)
    #expect(root["event_count"]?.integer() == 3)
    #expect(try root["recording_metadata"]?["agent_maturity"]?.text() == "autonomous")
    #expect(!writer.isMisused && writer.isComplete)
  }

  @Test func writesTheAnswerOfAStart() throws {
    var writer = JSONWriter()
    let recording = try recording()
    writer.object { $0.startMembers(of: recording) }
    #expect(
      try JSONDocument(parsing: writer.bytes).root.members.map(\.key) == [
        "recording_id", "agent_id", "user_id", "canvas_id", "session_id", "reason", "status",
        "tags", "started_at", "expires_at",
      ])
  }

  @Test func writesTheDataOfAnEventByteForByte() throws {
    var writer = JSONWriter()
    writer.array {
      $0.event(event(data: #"{ "a" : 1e400 }"#))
      $0.replayed(event(data: "-0"), since: moment("2026-11-21T08:30:00.001Z"))
    }
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(text.contains(#""data":{ "a" : 1e400 },"redactions":{},"leaf_hash":"00ff"#))
    #expect(text.contains(#""offset_ms":-1,"event_type":"a","data":-0}"#))
    #expect(!writer.isMisused && writer.isComplete)
  }

  @Test func countsWhatWasRedactedByFamily() throws {
    var writer = JSONWriter()
    writer.event(
      event(
        data: "1",
        redactions: [.init(family: "email", count: 2), .init(family: "jwt", count: 1)]))
    let redactions = try JSONDocument(parsing: writer.bytes).root["redactions"]
    #expect(
      redactions.map { String(decoding: $0.rawBytes, as: UTF8.self) } == #"{"email":2,"jwt":1}"#)
  }

  @Test func saysInTheHeadHowLongAWholeBodyIs() {
    let reply = Reply(.created, fields: [.location: "/x"]) { $0.string("é") }
    let request = RequestID.make()
    let head = reply.head(for: request)
    #expect(head.status == .created)
    #expect(head.headerFields[.contentLength] == "4")
    #expect(head.headerFields[.location] == "/x")
    #expect(head.headerFields[.xRequestID] == request.description)
    #expect(head.headerFields[.contentType] == "application/json")
    let stream = Reply(contentType: "application/json", body: .streamed { _ in })
    #expect(stream.head(for: request).headerFields[.contentLength] == nil)
  }

  private func moment(_ text: String) -> Moment {
    Moment(rfc3339: text) ?? .now()
  }

  private func event(data: String, redactions: [Redaction.Count] = []) -> Event {
    Event(
      id: .make(), seq: 1, type: "a", timestamp: moment("2026-11-21T08:30:00Z"),
      recordedAt: moment("2026-11-21T08:30:01Z"), leafHash: [0x00, 0xFF], data: Array(data.utf8),
      redactions: redactions)
  }

  private func recording() throws -> Recording {
    let start = moment("2026-11-21T08:30:00Z")
    return Recording(
      id: .make(), agent: try #require(AgentID("a")), user: try #require(UserID("u")),
      canvas: nil, session: nil, reason: "r\n\"", status: .completed, tags: ["t"],
      startedAt: start, stoppedAt: start, durationSeconds: 1.5, summary: nil, eventCount: 3,
      metadata: .init(agentName: "A", agentMaturity: .autonomous, startedAt: start),
      isFlagged: false, flagReason: nil, flaggedBy: nil, flaggedAt: nil, expiresAt: start,
      storageURL: nil, createdAt: start, updatedAt: start)
  }
}

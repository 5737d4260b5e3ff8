// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// An attempt of which everything is known, there and back.
@Suite(.serialized, .exclusive)
struct RecoveryRoundTripTests {
  /// What the service says of an attempt that nobody has sent.
  private static let added = [
    "session_id", "event_id", "seq", "recorded_at", "recorded_by", "redactions",
  ]

  /// Every field that the route takes, in the order in which they are described: no two alike, and
  /// none as it would be unless it is said.
  private static func attempt(in recording: String) -> String {
    let fields = [
      #""entry_id":"entry-7""#, #""timestamp":"2026-01-02T03:04:05.678901Z""#,
      #""error_type":"Type Error""#, #""strategy":"my own""#, #""attempt_number":7"#,
      #""success":false"#, #""changes_made":["one, \"two\"","é\n",""]"#,
      #""files_modified":["a.py","b.py","a.py"]"#, #""rollback_performed":true"#,
      #""next_action":"ask somebody""#, #""duration_seconds":1.2500"#,
      #""error_message":"it \"broke\"""#, #""recovery_message":"tried again""#,
      #""error_after":{"code" : 1.50}"#, #""source":"unit tests""#,
      #""stack_trace":"Traceback\n\tin main""#, #""file":"src/main.py""#, #""line":12"#,
      #""context":[ 1, {"k":null} ]"#, #""agent_id":"bot""#, #""user_id":"ann""#,
      #""recording_id":"\#(recording)""#, #""canvas_id":"canvas-1""#,
    ]
    return "{\(fields.joined(separator: ","))}"
  }

  @Test func everyFieldComesBackAsItWasSent() async throws {
    try await RecoveryFlowTests.withClients { recorder, ann, _ in
      let path = "\(RecoveryFlowTests.sessions)/s-1"
      let recording = try await recorder.startRecording(agent: "bot", user: "ann")
      let body = Self.attempt(in: recording)
      let sent = try JSONDocument(parsing: Array(body.utf8)).root
      let logged = try await recorder.send(.post, "\(path)/attempts", json: body)
      #expect(logged.status == 201, "\(logged.text)")
      let entries = Array(try await ann.send(.get, "\(path)/history").json.elements)
      #expect(entries.count == 1)
      let entry = try #require(entries.first)
      #expect(entry.names.sorted() == (sent.names + Self.added).sorted())
      for member in sent.members {
        #expect(entry[member.key]?.raw == member.value.raw, "\(member.key)")
      }
      let receipt = try logged.json
      #expect(
        receipt.names == [
          "session_id", "entry_id", "attempt_number", "recorded_at", "recording_id", "event_id",
          "seq",
        ])
      for member in receipt.members {
        #expect(entry[member.key]?.raw == member.value.raw, "\(member.key)")
      }
      #expect(entry["session_id"]?.raw == #""s-1""# && entry["seq"]?.raw == "1")
      #expect(try entry["recorded_by"]?.text().hasPrefix("key:") == true)
      #expect(entry["redactions"]?.raw == "{}")
      let events = try await ann.allEvents(of: recording)
      #expect(events.map { $0["event_id"]?.raw } == [entry["event_id"]?.raw])
    }
  }

  /// What is not sent is told as nothing, or as what it is unless it is said.
  @Test func whatIsNotSentIsToldAsNothing() async throws {
    try await RecoveryFlowTests.withClients { recorder, _, admin in
      let path = "\(RecoveryFlowTests.sessions)/s-1"
      let body = #"{"error_type":"E","strategy":"fix","success":false,"duration_seconds":1}"#
      let logged = try await recorder.send(.post, "\(path)/attempts", json: body)
      #expect(logged.status == 201, "\(logged.text)")
      let entries = Array(try await admin.send(.get, "\(path)/history").json.elements)
      let entry = try #require(entries.first)
      #expect(entry["timestamp"]?.raw == entry["recorded_at"]?.raw)
      for (name, raw) in [
        ("attempt_number", "1"), ("changes_made", "[]"), ("files_modified", "[]"),
        ("rollback_performed", "false"), ("next_action", #""retry""#),
        ("error_message", #""""#), ("recovery_message", #""""#),
      ] { #expect(entry[name]?.raw == raw, "\(name)") }
      for name in [
        "error_after", "source", "stack_trace", "file", "line", "context", "agent_id", "user_id",
        "canvas_id", "recording_id", "event_id", "seq",
      ] { #expect(entry[name]?.isNull == true, "\(name)") }
    }
  }
}

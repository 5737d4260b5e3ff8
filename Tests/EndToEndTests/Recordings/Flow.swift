// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

/// The steps of one recording's life, each with everything that its answer must say.
final class Flow {
  let client: Client
  let recording: String
  /// The receipts so far, in order.
  private var receipts: [JSONValue] = []

  init(client: Client, recording: String) {
    self.client = client
    self.recording = recording
  }

  private static let id = "0190b0a4-7c3d-7e55-9c11-0123456789ab"

  private func send(
    _ method: Client.Method, _ rest: String, _ body: String? = nil,
    type: String = "application/json"
  ) async throws -> Answer {
    try await client.send(
      method, Paths.recording(recording, rest), body.map { Array($0.utf8) }, type: type)
  }

  /// A single event, with and without what is optional.
  func append() async throws {
    let first = #"{"event_type":"operation_start","event_data":{"b" : 1.0,"a":"\u0041"}}"#
    let second = """
      {"event_data":[1, 2],"event_id":"\(Self.id.uppercased())","event_type":"step",\
      "timestamp":"2026-01-21T10:00:00.5+02:00"}
      """
    for (index, body) in [first, second].enumerated() {
      let receipt = try expect(try await send(.post, "event", body), 201, .receipt)
      #expect(try receipt["recording_id"]?.text() == recording)
      #expect(receipt["seq"]?.integer() == Int64(index + 1))
      receipts.append(receipt)
    }
    #expect(try receipts[1]["event_id"]?.text() == Self.id)
  }

  /// The same event again, and another one under its id.
  func appendAgain() async throws {
    let event =
      #""event_id":"\#(Self.id)","event_data":[1, 2],"timestamp":"2026-01-21T08:00:00.5Z""#
    let again = try await send(.post, "event", #"{\#(event),"event_type":"step"}"#)
    try expect(again, 200, .receipt)
    #expect(try again.json.raw == receipts[1].raw)
    let other = try await send(.post, "event", #"{\#(event),"event_type":"stop"}"#)
    #expect(other.status == 422)
    #expect(other.code == "idempotency_mismatch")
    #expect(try other.json["errors"]?.elements.map { try $0["pointer"]?.text() } == ["/event_id"])
  }

  /// An array, lines, and a batch with an event that is there already.
  func appendBatches() async throws {
    let events = [3, 4].map { #"{"event_type":"step","event_data":{"n":\#($0)}}"# }
    let known = """
      {"event_type":"step","event_id":"\(Self.id)","event_data":[1, 2],\
      "timestamp":"2026-01-21T08:00:00.500000Z"}
      """
    let last = #"{"event_type":"operation_complete","event_data":"done"}"#
    let array = try await send(.post, "events", "[\(events.joined(separator: ", "))]")
    let lines = try await send(
      .post, "events", "\(known)\n\(last)\n", type: "application/x-ndjson")
    for (answer, seqs) in [(array, [3, 4]), (lines, [2, 5])] as [(Answer, [Int64])] {
      let value = try expect(answer, 201)
      #expect(value.elements.flatMap { Shape.receipt.faults(in: $0) } == [])
      #expect(value.elements.map { $0["seq"]?.integer() } == seqs)
      receipts += value.elements.filter { ($0["seq"]?.integer() ?? 0) > 2 }
    }
    #expect(receipts.map { $0["seq"]?.integer() } == [1, 2, 3, 4, 5])
  }

  /// Stopped once, with a generated summary; nothing comes behind it.
  func stop() async throws {
    let stopped = try expect(try await send(.post, "stop"), 200, .recording)
    #expect(try stopped["status"]?.text() == "completed")
    #expect(try stopped["summary"]?.text() == "5 events recorded, operation completed")
    #expect(stopped["event_count"]?.integer() == 5)
    #expect(stopped["duration_seconds"]?.double() ?? -1 >= 0)
    for (rest, body) in [("stop", "{}"), ("event", #"{"event_type":"late","event_data":0}"#)] {
      let late = try await send(.post, rest, body)
      #expect(late.status == 409)
      #expect(late.code == "recording_not_open")
    }
    // What was stored before is still acknowledged.
    let known = #"{"event_id":"\#(Self.id)","event_data":[1, 2],"event_type":"step""#
    let again = try await send(.post, "event", known + #","timestamp":"2026-01-21T08:00:00.5Z"}"#)
    #expect(again.status == 200)
  }

  /// The whole, and page by page.
  func read() async throws {
    let whole = try expect(try await send(.get, ""), 200, .whole)
    let events = Array(whole["events"]?.elements ?? whole.elements)
    #expect(events.map { $0["leaf_hash"]?.raw } == receipts.map { $0["leaf_hash"]?.raw })
    #expect(events.map { $0["recorded_at"]?.raw } == receipts.map { $0["recorded_at"]?.raw })
    #expect(events.map { $0["event_id"]?.raw } == receipts.map { $0["event_id"]?.raw })
    #expect(events.map { $0["data"]?.raw } == Self.data)
    #expect(events[1]["timestamp"]?.raw == #""2026-01-21T08:00:00.500000Z""#)
    let pages = try await client.allEvents(of: recording, limit: 2)
    #expect(pages.map(\.raw) == events.map(\.raw))
    let rest = try expect(try await send(.get, "events?after_seq=3"), 200)
    #expect(rest["events"]?.elements.map { $0["seq"]?.integer() } == [4, 5])
    #expect(rest["next_after_seq"]?.isNull == true)
  }

  private static let data = [
    #"{"b" : 1.0,"a":"\u0041"}"#, "[1, 2]", #"{"n":3}"#, #"{"n":4}"#, #""done""#,
  ]

  /// In order of time: the second event says that it was long ago.
  func replay() async throws {
    let replay = try expect(try await send(.get, "replay"), 200, .replay)
    let events = Array(replay["events"]?.elements ?? replay.elements)
    #expect(events.map { $0["seq"]?.integer() } == [2, 1, 3, 4, 5])
    #expect(events.map { $0["data"]?.raw } == [1, 0, 2, 3, 4].map { Self.data[$0] })
    #expect(events[0]["offset_ms"]?.integer() ?? 0 < 0)
    #expect(events[1]["offset_ms"]?.integer() ?? -1 >= 0)
    #expect(try replay["recording_metadata"]?["agent_name"]?.text() == "agent-7")
    #expect(try replay["recording_metadata"]?["agent_maturity"]?.text() == "student")
    var pages: [String] = []
    var path: String? = Paths.recording(recording, "replay?limit=2")
    while let page = path {
      let answer = try await client.send(.get, page)
      pages += try expect(answer, 200, .replay)["events"]?.elements.map(\.raw) ?? []
      path = answer.next
    }
    #expect(pages == events.map(\.raw))
  }

  /// Found by each of its properties, and not by others.
  func list() async throws {
    let right = [
      "", "?agent_id=agent-7", "?user_id=alice", "?canvas_id=canvas-1", "?session_id=session-1",
      "?status=completed", "?tag=two", "?reason=a%20%22quoted%22%20reason%20%C3%A9",
      "?flagged=false", "?started_after=2026-01-01T00:00:00Z",
      "?started_before=2999-01-01T00:00:00Z",
    ]
    for query in right {
      let found = try expect(try await client.send(.get, Paths.recordings + query), 200)
      #expect(found.elements.flatMap { Shape.recording.faults(in: $0) } == [], "\(query)")
      #expect(
        try found.elements.map { try $0["recording_id"]?.text() } == [recording], "\(query)")
    }
    let wrong = [
      "?agent_id=agent-8", "?canvas_id=c", "?session_id=s", "?status=failed", "?tag=three",
      "?reason=other", "?flagged=true", "?started_after=2999-01-01T00:00:00Z",
      "?started_before=2000-01-01T00:00:00Z",
    ]
    for query in wrong {
      #expect(try await client.send(.get, Paths.recordings + query).text == "[]", "\(query)")
    }
  }

  /// Flagged twice: the tag once, the history whole.
  func flag() async throws {
    for (index, reason) in ["first look", "second look"].enumerated() {
      let answer = try await send(.post, "flag", #"{"flag_reason":"\#(reason)"}"#)
      let flagged = try expect(answer, 200, .flagged)
      #expect(flagged["flagged_for_review"]?.bool() == true)
      #expect(try flagged["flag_reason"]?.text() == reason)
      #expect(try flagged["flagged_by"]?.text() == "user:alice")
      #expect(flagged["tags"]?.raw == #"["one","two","flagged_review"]"#)
      #expect(flagged["flags"]?.elements.count == index + 1)
    }
    let whole = try expect(try await send(.get, ""), 200, .whole)
    let reasons = try whole["flags"]?.elements.map { try $0["flag_reason"]?.text() }
    #expect(reasons == ["first look", "second look"])
  }
}

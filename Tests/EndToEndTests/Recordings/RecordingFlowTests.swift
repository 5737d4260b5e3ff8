// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// One recording from its start to its review, over HTTP, field by field.
@Suite(.serialized, .exclusive)
struct RecordingFlowTests {
  @Test func aRecordingEndToEnd() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("flow")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    try await deployment.withService { service in
      let flow = Flow(client: service.client(key), recording: try await start(service.client(key)))
      try await flow.append()
      try await flow.appendAgain()
      try await flow.appendBatches()
      try await flow.stop()
      try await flow.read()
      try await flow.replay()
      try await flow.list()
      try await flow.flag()
    }
  }

  private func start(_ client: Client) async throws -> String {
    let body = #"""
      {"agent_id":"agent-7","reason":"a \"quoted\" reason \u00e9","canvas_id":"canvas-1",
       "session_id":"session-1","tags":["one","two","one"]}
      """#
    let answer = try await client.send(.post, Paths.recordings + "/start", json: body)
    let value = try expect(answer, 201, .started)
    let id = try answer.text("recording_id")
    #expect(answer.headers["location"] == [Paths.recording(id)])
    #expect(answer.headers["content-type"] == ["application/json"])
    #expect(try value["agent_id"]?.text() == "agent-7")
    #expect(try value["user_id"]?.text() == "alice")
    #expect(try value["canvas_id"]?.text() == "canvas-1")
    #expect(try value["session_id"]?.text() == "session-1")
    #expect(try value["reason"]?.text() == "a \"quoted\" reason é")
    #expect(try value["status"]?.text() == "recording")
    #expect(value["tags"]?.raw == #"["one","two"]"#)
    return id
  }

  @Test func everyJSONTextComesBackAsItsBytes() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("verbatim")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    try await deployment.withService { service in
      let client = service.client(key)
      let recording = try await client.startRecording()
      for (index, text) in Verbatim.texts.enumerated() {
        let body = Array(#"{"event_type":"step","event_data": "#.utf8) + text + Array(" }".utf8)
        let answer = try await client.send(.post, Paths.recording(recording, "event"), body)
        #expect(answer.status == 201, "\(index) \(answer.text)")
      }
      let events = try await client.allEvents(of: recording, limit: 7)
      #expect(events.compactMap { $0["data"]?.rawBytes }.map { Array($0) } == Verbatim.texts)
      let replay = try await client.send(.get, Paths.recording(recording, "replay?limit=500"))
      let replayed = try Array(replay.json["events"]?.elements ?? replay.json.elements)
      #expect(replayed.compactMap { $0["data"]?.rawBytes }.map { Array($0) } == Verbatim.texts)
      let whole = try await client.send(.get, Paths.recording(recording))
      let all = try Array(whole.json["events"]?.elements ?? whole.json.elements)
      #expect(all.compactMap { $0["data"]?.rawBytes }.map { Array($0) } == Verbatim.texts)
      let wrong = try await deployment.withDatabase { try await LeafAudit.wrongLeaves($0) }
      #expect(wrong == 0)
    }
  }

  /// The audit of leaves notices a changed byte: the guard of the table is taken off for that.
  @Test func aChangedByteIsNoticed() async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("tampering")
      let key = try await tenant.makeKey(.init("admin", user: "alice")).text
      try await deployment.withService { service in
        let client = service.client(key)
        let recording = try await client.startRecording()
        for _ in 0..<3 {
          let body = #"{"event_type":"step","event_data":[1,2,3]}"#
          _ = try await client.send(.post, Paths.recording(recording, "event"), json: body)
        }
        #expect(try await deployment.withDatabase { try await LeafAudit.wrongLeaves($0) } == 0)
        try await Psql(postgres: deployment.postgres, database: "postgres").run([
          "-c", "set session_replication_role = replica", "-c",
          "update hansard.recording_events set event_type = 'stop' where seq = 2",
        ])
        #expect(try await deployment.withDatabase { try await LeafAudit.wrongLeaves($0) } == 1)
      }
    }
  }
}

/// JSON texts that a rewriting store would not give back.
enum Verbatim {
  static let texts: [[UInt8]] =
    [
      "null", "true", "0", "-0", "1.10", "1e400", "-0.0E+00", "9007199254740993",
      "18446744073709551616", #""""#, #""\u0000""#, #""\u00e9\u0065\u0301é""#,
      #""\ud83d\ude00 😀 \/ / \b\f\n\r\t""#, #"{"b":1,"a":2,"":{},"B":[]}"#,
      "[ 1 ,\t2,\n\r 3 ]", #"{ "a" : [ { "b" : null } ] }"#,
      #""[REDACTED] '; drop table x; -- \\x41 $1 U&'\\0041'""#,
      "{\"\u{feff}key\":\"\u{2028}\u{2029}\u{7f}\"}",
      String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
      "\"" + String(repeating: "é", count: 65_536) + "\"",
      "\"" + String(repeating: "\\u0062", count: 40_000) + "\"",
      "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]",
    ].map { Array($0.utf8) } + suite

  /// What every parser must accept, where the suite lies beside the checkout; two documents have a
  /// key twice, which is refused here.
  static let suite: [[UInt8]] = {
    do {
      let folder = try SharedData.path("json/test_parsing")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      return try names.filter { $0.hasPrefix("y_") && !$0.contains("duplicated_key") }.map { name in
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
      }
    } catch {
      return []
    }
  }()
}

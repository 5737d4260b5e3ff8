// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// Recordings taken away as files, checked by readers that are not ours.
@Suite(.serialized, .exclusive)
struct ExportTests {
  private func withRecording(
    _ body: (Client, String) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("export").makeKey(.init("admin", user: "alice"))
    try await deployment.withService { service in
      let client = service.client(key.text)
      let id = try await client.startRecording(reason: "=cmd|' /C calc'!A0")
      let events = (1...1200).map { number in
        #"{"event_type":"step","event_data":{"n":\#(number),"text":"a, \"b\"\n=1+1"}}"#
      }
      for batch in [events[..<600], events[600...]] {
        let json = "[\(batch.joined(separator: ","))]"
        #expect(
          try await client.send(.post, Paths.recording(id, "events"), json: json).status == 201)
      }
      let number = #"{"event_type":"step","event_data":-1}"#
      #expect(
        try await client.send(.post, Paths.recording(id, "event"), json: number).status == 201)
      try await body(client, id)
    }
  }

  /// What Python's own reader makes of a text.
  private func python(_ program: String, _ input: [UInt8]) async throws -> String {
    let directory = try TemporaryDirectory.make("export")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/input"
    try Data(input).write(to: URL(fileURLWithPath: file))
    return try await Python.run(program, [file])
  }

  @Test(.enabled(if: Python.isAvailable, "python3 is not installed"))
  func everyFormHoldsTheSameEvents() async throws {
    try await withRecording { client, id in
      let json = try await client.send(.get, Paths.recording(id, "export"))
      #expect(json.status == 200 && json.headers["content-type"] == ["application/json"])
      #expect(
        json.headers["content-disposition"] == ["attachment; filename=\"recording-\(id).json\""])
      #expect(json.body == (try await client.send(.get, Paths.recording(id))).body)
      let events = Array(try #require(try json.json["events"]).elements)
      #expect(events.count == 1201)

      let lines = try await client.send(.get, Paths.recording(id, "export?format=ndjson"))
        .text.split(separator: "\n")
      #expect(lines.count == 1202)
      #expect(
        try JSONDocument(parsing: Array(lines[0].utf8)).root["recording"]?["recording_id"] != nil)
      for (line, event) in zip(lines.dropFirst(), events) {
        let root = try JSONDocument(parsing: Array(line.utf8)).root
        #expect(root["data"]?.raw == event["data"]?.raw && root["seq"]?.raw == event["seq"]?.raw)
      }

      let csv = try await client.send(.get, Paths.recording(id, "export?format=csv"))
      #expect(csv.headers["content-type"] == ["text/csv; charset=utf-8"])
      let read = try await python(
        """
        import csv, json, sys
        rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
        print(len(rows), [int(r["seq"]) for r in rows] == list(range(1, len(rows) + 1)))
        print(json.loads(rows[6]["data"])["n"], rows[-1]["data"])
        """, csv.body)
      #expect(read == "1201 True\n7 '-1\n")
    }
  }

  @Test(arguments: ["ndjson", "csv"])
  func goesOnWhereItBrokeOff(_ format: String) async throws {
    try await withRecording { client, id in
      func text(_ after: Int) async throws -> String {
        let path = Paths.recording(id, "export?format=\(format)&after_seq=\(after)")
        let answer = try await client.send(.get, path)
        #expect(answer.status == 200)
        return answer.text
      }
      let all = try await text(0)
      for after in [1, 700, 1200] { #expect(all.hasSuffix(try await text(after))) }
      #expect(try await text(1200).contains(id))
      #expect(try await text(1201).isEmpty)
      #expect(try await text(99_999).isEmpty)
    }
  }

  @Test func aListGoesOnWhereItBrokeOff() async throws {
    try await withRecording { client, _ in
      for _ in 0..<5 { _ = try await client.startRecording() }
      for format in ["ndjson", "csv"] {
        let path = Paths.recordings + "/export?format=\(format)"
        let all = try await client.send(.get, path).text
        let ids = try await client.send(.get, Paths.recordings).json.elements.map {
          try $0["recording_id"]?.text() ?? ""
        }
        #expect(ids.count == 6)
        let rest = try await client.send(.get, "\(path)&after=\(ids[2])").text
        #expect(all.hasSuffix(rest) && rest.contains(ids[3]) && !rest.contains(ids[2]))
        #expect(try await client.send(.get, "\(path)&after=\(ids[5])").text.isEmpty)
      }
      let foreign = "0190b0a4-7c3d-7e55-9c11-0123456789ab"
      let answer = try await client.send(.get, Paths.recordings + "/export?after=\(foreign)")
      #expect(answer.status == 422 && answer.code == "bad_cursor")
    }
  }

  @Test(.enabled(if: Python.isAvailable, "python3 is not installed"))
  func aFilteredListIsAFileToo() async throws {
    try await withRecording { client, id in
      _ = try await client.startRecording(agent: "agent-2")
      let path = Paths.recordings + "/export?agent_id=agent-1"
      #expect(try await client.send(.get, path).json.elements.count == 1)
      let lines = try await client.send(.get, path + "&format=ndjson").text.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].contains(id))
      let csv = try await client.send(.get, path + "&format=csv").body
      let read = try await python(
        """
        import csv, sys
        rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
        print(len(rows), rows[0]["recording_id"], rows[0]["reason"])
        """, csv)
      #expect(read == "1 \(id) '=cmd|' /C calc'!A0\n")
      let none = try await client.send(.get, Paths.recordings + "/export?agent_id=none")
      #expect(none.text == "[]")
    }
  }

  /// A HEAD is refused and audited like a GET.
  @Test func aHeadIsDecidedToo() async throws {
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("export head").makeKey(.init("recorder"))
    try await deployment.withService { service in
      let answer = try await service.client(key.text).send(.head, Paths.recordings + "/export")
      #expect(answer.status == 403)
    }
  }

  @Test func whatIsNoFormIsRefused() async throws {
    try await withRecording { client, id in
      for query in ["format=xml", "after_seq=-1", "limit=3"] {
        let answer = try await client.send(.get, Paths.recording(id, "export?\(query)"))
        #expect(answer.status == 422)
      }
    }
  }
}

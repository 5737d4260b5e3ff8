// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import HansardClient

/// What a request says, and what becomes of its answer.
struct ClientTests {
  @Test func theKeyIsNeverShown() throws {
    let key = "hsd_id_secretsecret"
    let configuration = HansardClient.Configuration(
      baseURL: "https://name:password@host", apiKey: APIKey("\(key)\n"))
    let client = try HansardClient(configuration)
    var dumped = ""
    dump(configuration, to: &dumped)
    dump(client, to: &dumped)
    for text in [
      "\(configuration)", "\(client)", String(reflecting: configuration),
      String(reflecting: client), "\(APIKey(key))", String(reflecting: APIKey(key)), dumped,
    ] {
      #expect(!text.contains("secretsecret"))
    }
    #expect(!"\(configuration)\(client)".contains("password"))
    #expect("\(configuration)".contains("@host"))
  }

  @Test(arguments: ["ftp://host", "host", "", "http://a b", "http://host?x=1", "http://höst"])
  func refusesWhatIsNoAddress(url: String) {
    #expect(throws: HansardClientError.self) { try HansardClient(baseURL: url, apiKey: nil) }
  }

  @Test(arguments: ["", "two words", "line\nbreak"])
  func refusesWhatIsNoKey(key: String) {
    #expect(throws: HansardClientError.self) {
      try HansardClient(baseURL: "http://host", apiKey: APIKey(key))
    }
  }

  @Test func sendsEventsAsTheBytesThatWereGiven() async throws {
    let data = #"{ "b" : 1.10,  "a":"\u00e9" }"#
    let event = try HansardClient.Event(
      type: "step", json: data, timestamp: Date(timeIntervalSince1970: 1_700_000_000.25))
    let id = event.id.uuidString.lowercased()
    try await ScriptedServer.with(
      { _, _ in
        .answer(201, Answers.receipt(id: id, seq: 7))
      },
      { server in
        let receipt = try await client(of: server).record(event, in: "r-1")
        #expect(receipt.seq == 7 && receipt.eventID == id && receipt.leafHash == "aa")
        let request = try #require(server.requests.first)
        #expect(request.path == "/api/canvas/recording/r-1/event")
        #expect(
          request.body == #"{"event_id":"\#(id)","event_type":"step","#
            + #""timestamp":"2023-11-14T22:13:20.250000Z","event_data":\#(data)}"#)
        #expect(request.headers["Authorization"] == ["Bearer hsd_k"])
        #expect(request.headers["Idempotency-Key"].count == 1)
      })
  }

  @Test(arguments: [
    "", "{", "1 2", "{\"a\":1,\"a\":2}", "NaN", "1},{\"event_type\":\"x\"", "\u{FEFF}1",
    String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
  ])
  func refusesDataThatIsNoJSON(data: String) {
    #expect(throws: HansardClientError.self) {
      try HansardClient.Event(type: "step", json: data)
    }
  }

  @Test func refusesEventsThatAreTooLarge() throws {
    func event(_ count: Int) throws -> HansardClient.Event {
      let strings = repeatElement("\"\(String(repeating: "x", count: 1000))\"", count: count)
      return try .init(type: "step", json: "[\(strings.joined(separator: ","))]")
    }
    #expect(try event(261).data.count > 261_000)
    #expect(throws: HansardClientError.self) { try event(262) }
    #expect(throws: HansardClientError.self) { try HansardClient.Event(type: "", json: "1") }
  }

  /// As many as the service takes.
  @Test func takesLongNumbers() throws {
    let digits = String(repeating: "9", count: 1024)
    #expect(try HansardClient.Event(type: "t", json: digits).data.count == 1024)
    #expect(throws: HansardClientError.self) {
      try HansardClient.Event(type: "t", json: digits + "9")
    }
  }

  /// A `Date` is a binary number, beside most microseconds.
  @Test func tellsTimesToTheNearestMicrosecond() throws {
    for micro in 0..<2000 {
      let date = Date(timeIntervalSince1970: 1_790_000_000 + Double(micro) / 1_000_000)
      let expected = "2026-09-21T14:13:20.\(String(format: "%06d", micro))Z"
      #expect(try Timestamp.text(date) == expected)
    }
    let last = Date(timeIntervalSince1970: 1_790_000_000 + 0.999_999_6)
    #expect(try Timestamp.text(last) == "2026-09-21T14:13:20.999999Z")
  }

  @Test func encodesValues() throws {
    struct Value: Encodable { let b = 1, a = "x/y" }
    let event = try HansardClient.Event(type: "t", encoding: Value())
    #expect(String(decoding: event.data, as: UTF8.self) == #"{"a":"x/y","b":1}"#)
    #expect(throws: HansardClientError.self) {
      try HansardClient.Event(type: "t", encoding: Double.nan)
    }
  }

  @Test(arguments: ["../x", "", "a/b", "a b", "a%2Fb", ".", "é", "a?b", "a#b", "a\\b"])
  func refusesIdsThatWouldLeaveTheirPlace(id: String) async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(200, "{}") },
      { server in
        let client = try client(of: server)
        await #expect(throws: HansardClientError.self) { try await client.stop(id) }
        await #expect(throws: HansardClientError.self) { try await client.recording(id) }
        #expect(server.requests.isEmpty)
      })
  }

  @Test func readsProblemsWhole() async throws {
    let body = """
      {"type":"https://hansard.dev/problems/bad_value","title":"T","status":422,"detail":"D.",
       "code":"bad_value","request_id":"r-9","errors":[{"pointer":"/3/x","code":"c","reason":"R."}]}
      """
    try await ScriptedServer.with(
      { _, _ in .answer(422, body) },
      { server in
        let client = try client(of: server)
        let error = await #expect(throws: HansardClientError.self) { try await client.stop("r") }
        guard case .problem(let problem)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(problem.status == 422 && problem.code == "bad_value" && problem.title == "T")
        #expect(problem.detail == "D." && problem.requestID == "r-9")
        #expect(problem.type == "https://hansard.dev/problems/bad_value")
        #expect(problem.errors == [.init(pointer: "/3/x", code: "c", reason: "R.")])
        #expect("\(problem)".contains("/3/x: R."))
        #expect(server.requests.count == 1)
      })
  }

  @Test(arguments: ["", "<html>", "{", "[1]", #"{"recording_id":5}"#, "null"])
  func doesNotTakeOtherAnswersForSuccess(body: String) async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(201, body) },
      { server in
        let client = try client(of: server)
        let error = await #expect(throws: HansardClientError.self) {
          try await client.start(.init(agentID: "a", reason: "r"))
        }
        guard case .unreadableAnswer? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      })
  }

  /// A redirect would carry the key to another place.
  @Test func doesNotFollowRedirects() async throws {
    try await ScriptedServer.with(
      { _, _ in .redirect("/elsewhere") },
      { server in
        let client = try client(of: server)
        await #expect(throws: HansardClientError.self) { try await client.recording("r") }
        #expect(server.requests.count == 1)
      })
  }
}

extension ClientTests {
  @Test func asksWhetherTheServiceIsReady() async throws {
    try await ScriptedServer.with(
      { _, number in number == 0 ? .answer(200, "{}") : .answer(503, #"{"status":"no"}"#) },
      { server in
        let client = try client(of: server)
        // Not ready is an answer: it is not asked for again.
        let answers = [try await client.isReady(), try await client.isReady()]
        #expect(answers == [true, false])
        #expect(server.requests.map(\.path) == ["/readyz", "/readyz"])
      })
    let url = try await ScriptedServer.with({ _, _ in .silence }, { $0.url })
    let gone = try HansardClient(.init(baseURL: url, apiKey: nil))
    let error = await #expect(throws: HansardClientError.self) { try await gone.isReady() }
    #expect(error?.description.hasPrefix("no answer from \(url): ") == true)
  }

  @Test func listsRecordings() async throws {
    let one = #"{"recording_id":"r-1","agent_id":"a","status":"completed","started_at":"t"}"#
    try await ScriptedServer.with(
      { _, number in .answer(200, number == 0 ? "[\(one)]" : "{}") },
      { server in
        let client = try client(of: server)
        let found = try await client.recordings(
          .init(agentID: "a&b", sessionID: "s 1", status: "completed"), limit: 1)
        #expect(found.map(\.id) == ["r-1"])
        #expect(
          server.requests.map(\.path) == [
            "/api/canvas/recording?limit=1&agent_id=a%26b&session_id=s%201&status=completed"
          ])
        await #expect(throws: HansardClientError.self) { try await client.recordings() }
      })
  }
}

/// A client of a scripted server that does not wait long.
func client(
  of server: ScriptedServer, attempts: Int = 4, timeout: Duration = .seconds(10)
) throws -> HansardClient {
  try HansardClient(
    .init(
      baseURL: server.url, apiKey: APIKey("hsd_k"), timeout: timeout,
      retry: .init(
        attempts: attempts, firstPause: .milliseconds(1), longestPause: .milliseconds(5))))
}

/// Answers as the service gives them.
enum Answers {
  static func receipt(id: String, seq: Int, recording: String = "r-1") -> String {
    #"{"recording_id":"\#(recording)","event_id":"\#(id)","seq":\#(seq),"#
      + #""recorded_at":"2026-11-26T00:00:00.000000Z","leaf_hash":"aa"}"#
  }

  static func refusal(
    _ status: Int, _ code: String, pointers: [String] = [], retryAfter: Int? = nil
  ) -> ScriptedServer.Reply {
    let places = pointers.map { #"{"pointer":"\#($0)","code":"\#(code)","reason":"No."}"# }
    return .answer(
      status, #"{"code":"\#(code)","detail":"No.","errors":[\#(places.joined(separator: ","))]}"#,
      retryAfter: retryAfter)
  }
}

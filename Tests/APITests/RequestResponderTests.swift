// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection
import Testing

@testable import API

/// The flow of a request from the socket to its handler and back.
@Suite(.timeLimit(.minutes(1))) struct RequestResponderTests {
  static let close = "Connection: close\r\n"
  static let key = "Authorization: Bearer good\r\nContent-Type: application/json\r\n"

  static let routes = [
    Route(open: .get, "/hello") { _ in Reply { $0.string("hello") } },
    Route(open: .get, "/text", isJSON: false) { _ in
      Reply(contentType: "text/plain", body: .whole([0x61]))
    },
    Route(open: .get, "/stream") { _ in
      Reply(
        contentType: "application/json",
        body: .streamed { emit in
          for part in ["[", "1", "]"] { try await emit(Array(part.utf8)) }
        })
    },
    Route(open: .get, "/breaks") { _ in
      Reply(
        contentType: "application/json",
        body: .streamed { emit in
          try await emit(Array("[1,2".utf8))
          throw DomainError(.integrityFailure, "It does not open.")
        })
    },
    Route(open: .get, "/fails") { _ in
      Reply(
        contentType: "application/json",
        body: .streamed { _ in throw DomainError(.integrityFailure, "It does not open.") })
    },
    Route(open: .get, "/bug") { _ in throw Unforeseen() },
    Route(.post, "/echo", .startRecording, body: .command, query: ["a"]) { exchange, _ in
      Reply(contentType: "application/json", body: .whole(exchange.body))
    },
  ]

  struct Unforeseen: Error { var secret = "hunter2" }

  @Test(arguments: [
    ("GET /hello", "", 200, "\"hello\""), ("HEAD /hello", "", 200, nil),
    ("GET /hello", "Accept: application/xml\r\n", 406, "not_acceptable"),
    ("GET /text", "Accept: application/xml\r\n", 200, "a"),
    ("GET /hello", "Expect: junk\r\n", 417, "expectation_failed"),
    ("GET /nothing", "", 404, "not_found"), ("POST /hello", "", 405, "method_not_allowed"),
    ("GET /hello?x=1", "", 422, "unknown_parameter"), ("GET /hello?x=%zz", "", 400, "bad_encoding"),
    ("GET /fails", "", 500, "integrity_failure"), ("GET /bug", "", 500, "internal_error"),
    ("POST /echo", "", 401, "unauthenticated"),
    ("POST /echo", "Authorization: Bearer bad\r\n", 401, "unauthenticated"),
    ("POST /echo", "Authorization: Bearer good\r\n", 415, "unsupported_media_type"),
    ("POST /echo?a=1&a=2", "\(key)", 422, "repeated_parameter"),
    ("POST /echo", "\(key)Content-Encoding: gzip\r\n", 415, "unsupported_media_type"),
    ("POST /echo", "\(key)Content-Length: 70000\r\n", 413, "body_too_large"),
    ("POST /echo", "\(key)Content-Length: 9\r\n\r\n{\"a\":1.0}", 200, "{\"a\":1.0}"),
    (
      "POST /echo", "\(key)Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n", 200,
      "[1,2]"
    ),
  ])
  func answers(_ line: String, _ rest: String, _ status: Int, _ content: String?) async throws {
    try await TestListener.serving(Self.routes) { server in
      let text = "\(line) HTTP/1.1\r\nHost: h\r\n\(Self.close)\(rest)\r\n"
      let answer = try await server.exchange(text)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
      #expect(answer.contains("X-Request-Id: "))
      #expect(answer.contains("Cache-Control: no-store"))
      #expect(!answer.contains("hunter2"))
      if status >= 400 { #expect(answer.contains("Content-Type: application/problem+json")) }
      if let content {
        #expect(answer.contains(content))
      } else {
        #expect(answer.hasSuffix("\r\n\r\n"))
      }
    }
  }

  @Test func answersEveryBadCredentialWithTheSameBody() async throws {
    try await TestListener.serving(Self.routes) { server in
      var bodies: Set<String> = []
      for field in ["", "Authorization: Bearer bad\r\n", "Authorization: Basic x\r\n"] {
        let answer = try await server.exchange(
          "POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.close)\(field)\r\n")
        #expect(answer.contains("WWW-Authenticate: Bearer"))
        let body = try #require(answer.split(separator: "\r\n\r\n").last)
        let root = try JSONDocument(parsing: Array(body.utf8)).root
        bodies.insert(
          try root.members.filter { !["request_id", "instance"].contains($0.key) }
            .map { try "\($0.key)=\($0.value.kind == .number ? "" : $0.value.text())" }.joined())
      }
      #expect(bodies.count == 1)
    }
  }

  @Test func streamsInPartsAndEndsThem() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.exchange(
        "GET /stream HTTP/1.1\r\nHost: h\r\n\(Self.close)\r\n")
      #expect(answer.hasSuffix("1\r\n[\r\n1\r\n1\r\n1\r\n]\r\n0\r\n\r\n"))
    }
  }

  @Test func cutsAStreamThatBreaks() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.connect { client in
        try await client.send("GET /breaks HTTP/1.1\r\nHost: h\r\n\r\n")
        return try await client.receiveAll()
      }
      #expect(answer.hasSuffix("4\r\n[1,2\r\n"))
    }
  }

  @Test func answersPipelinedRequestsInOrder() async throws {
    let routes = (0..<20).map { index in
      Route(open: .get, "/\(index)") { _ in
        for _ in 0..<(20 - index) { await Task.yield() }
        return Reply { $0.string("<\(index)>") }
      }
    }
    try await TestListener.serving(routes) { server in
      let requests = (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
      let answer = try await server.connect { client in
        try await client.send(requests)
        return try await client.receive(until: "<19>")
      }
      let order = answer.split(separator: "\"<").dropFirst().compactMap { part in
        part.split(separator: ">").first.flatMap { Int($0) }
      }
      #expect(order == Array(0..<20))
    }
  }

  @Test func asksForABodyThatWaitsForContinue() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.connect { client in
        try await client.send(
          "POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.key)Expect: 100-continue\r\n"
            + "Content-Length: 2\r\n\r\n")
        _ = try await client.receive(until: "HTTP/1.1 100 Continue\r\n\r\n")
        try await client.send("[]")
        return try await client.receive(until: "[]")
      }
      #expect(answer.contains("HTTP/1.1 200 OK"))
    }
  }

  @Test func refusesABodyWithoutAskingForIt() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.exchange(
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 401 "))
    }
  }

  @Test func stopsReadingAnEndlessBodyAtItsLimit() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.connect { client in
        let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
        try await client.send(
          "POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.key)Transfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<5 { try await client.send(chunk) }
        return try await client.receiveAll()
      }
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test(arguments: [
    "Content-Length: 20\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
  ])
  func takesABodyThatBreaksOffForMalformed(_ rest: String) async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.connect { client in
        try await client.send("POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.key)\(rest)")
        client.finish()
        return try await client.receiveAll()
      }
      #expect(answer.hasPrefix("HTTP/1.1 400 "))
      #expect(answer.contains("malformed_request"))
    }
  }

  /// The second body's failure is not told to the first request.
  @Test func tellsAWaitingRequestThatItsBodyBrokeOff() async throws {
    let gate = Gate()
    try await TestListener.serving(Self.routes + [gate.route]) { server in
      let answer = try await server.connect { client in
        try await client.send(Gate.request)
        await gate.hasBegun()
        try await client.send(
          "POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.key)Content-Length: 9\r\n\r\n{")
        client.finish()
        gate.letGo()
        return try await client.receiveAll()
      }
      #expect(answer.contains("\"done\""))
      #expect(answer.contains("HTTP/1.1 400 ") && answer.contains("malformed_request"))
    }
  }

  @Test func answersAClientThatHasClosedItsHalf() async throws {
    try await TestListener.serving(Self.routes) { server in
      let answer = try await server.connect { client in
        try await client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
        client.finish()
        return try await client.receiveAll()
      }
      #expect(answer.contains("\"hello\""))
    }
  }

  @Test func endsASlowBodyWith408() async throws {
    var deadlines = DeadlineLimits()
    deadlines.bodyGrace = .milliseconds(50)
    try await TestListener.serving(Self.routes, deadlines: deadlines) { server in
      let answer = try await server.exchange(
        "POST /echo HTTP/1.1\r\nHost: h\r\n\(Self.key)Content-Length: 9\r\n\r\n{")
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      #expect(answer.contains("request_timeout"))
    }
  }
}

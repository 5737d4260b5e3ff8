// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// What is sent again, when, and under which name.
struct RetryTests {
  private static let started =
    #"{"recording_id":"r-1","agent_id":"a","status":"recording","started_at":"t","reason":"r"}"#

  @Test(arguments: [
    ScriptedServer.Reply.answer(429, "{}", retryAfter: 0), .answer(502, "<html>"),
    .answer(503, "{}", retryAfter: 0), .answer(504, ""), .hangUp, .bytes("nonsense\r\n\r\n"),
    .bytes("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"recording_id\":"),
    Answers.refusal(409, "request_in_progress"), Answers.refusal(503, "outcome_unknown"),
    Answers.refusal(408, "request_timeout", retryAfter: 0),
  ])
  func sendsAgainUnderTheSameName(failure: ScriptedServer.Reply) async throws {
    try await ScriptedServer.with(
      { $1 < 2 ? failure : .answer(201, Self.started) },
      { server in
        let recording = try await client(of: server).start(.init(agentID: "a", reason: "r"))
        #expect(recording.id == "r-1")
        let requests = server.requests
        #expect(requests.count == 3)
        #expect(Set(requests.map(\.body)).count == 1)
        let names = requests.map { $0.headers["Idempotency-Key"] }
        #expect(Set(names).count == 1 && names.first?.count == 1)
      })
  }

  @Test(arguments: [
    (400, ""), (401, "unauthenticated"), (403, "forbidden"), (404, "not_found"),
    (409, "recording_not_open"), (422, "validation_failed"), (500, "internal_error"),
    (429, "quota_exceeded"), (503, "recording_disabled"), (503, "sealed"),
  ])
  func doesNotRepeatWhatWouldBeRefusedAgain(status: Int, code: String) async throws {
    try await ScriptedServer.with(
      { _, _ in Answers.refusal(status, code, retryAfter: 0) },
      {
        server in
        let client = try client(of: server)
        await #expect(throws: HansardClientError.self) { try await client.stop("r") }
        #expect(server.requests.count == 1)
      })
  }

  @Test func twoOperationsHaveTwoNames() async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(201, Self.started) },
      { server in
        let client = try client(of: server)
        for _ in 0..<2 { _ = try await client.start(.init(agentID: "a", reason: "r")) }
        #expect(Set(server.requests.map { $0.headers["Idempotency-Key"] }).count == 2)
      })
  }

  @Test func givesUpAfterSoManyTries() async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(503, "{}", retryAfter: 0) },
      { server in
        let client = try client(of: server, attempts: 3)
        let error = await #expect(throws: HansardClientError.self) { try await client.stop("r") }
        #expect(error?.isTransient == true)
        #expect(server.requests.count == 3)
      })
  }

  @Test func waitsAsLongAsTheServiceAsks() async throws {
    let times = Mutex<[ContinuousClock.Instant]>([])
    try await ScriptedServer.with(
      { _, number in
        times.withLock { $0.append(.now) }
        return number == 0 ? .answer(503, "{}", retryAfter: 1) : .answer(201, Self.started)
      },
      { server in
        _ = try await client(of: server).start(.init(agentID: "a", reason: "r"))
      })
    let gaps = times.withLock { $0 }
    #expect(gaps.count == 2 && gaps[1] - gaps[0] >= .seconds(1))
  }

  @Test func doesNotWaitForEver() async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(503, "{}", retryAfter: 86_400) },
      { server in
        let client = try client(of: server)
        let error = await #expect(throws: HansardClientError.self) { try await client.stop("r") }
        #expect(error?.retryAfter == .seconds(86_400))
        #expect(server.requests.count == 1)
      })
  }

  @Test(arguments: [
    ScriptedServer.Reply.silence, .bytes("HTTP/1.1 200 OK\r\nCont", thenCloses: false),
    .bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"a\":", thenCloses: false),
  ])
  func aServiceThatDoesNotFinishTimesOut(reply: ScriptedServer.Reply) async throws {
    try await ScriptedServer.with(
      { _, _ in reply },
      { server in
        let client = try client(of: server, attempts: 2, timeout: .seconds(1))
        await #expect(throws: HansardClientError.timeout) { try await client.stop("r") }
        #expect(server.requests.count == 2)
        #expect(Set(server.requests.map { $0.headers["Idempotency-Key"] }).count == 1)
      })
  }

  @Test func aServiceThatIsNotThereIsATransportError() async throws {
    let url = try await ScriptedServer.with({ _, _ in .silence }, { $0.url })
    let client = try HansardClient(.init(baseURL: url, apiKey: nil, retry: .none))
    let error = await #expect(throws: HansardClientError.self) { try await client.stop("r") }
    guard case .transport? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func cancellationEndsARequestAndAPause() async throws {
    for reply in [
      ScriptedServer.Reply.silence, .answer(503, "{}", retryAfter: 30),
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", thenCloses: false),
    ] {
      try await ScriptedServer.with(
        { _, _ in reply },
        { server in
          let client = try client(of: server)
          let task = Task { () -> HansardClientError? in
            do throws(HansardClientError) {
              try await client.stop("r")
              return nil
            } catch {
              return error
            }
          }
          try await eventually { server.requests.count == 1 }
          task.cancel()
          #expect(await task.value == .cancelled)
        })
    }
  }

  @Test func pausesGrowAndAreSpread() {
    let policy = RetryPolicy(firstPause: .milliseconds(100), longestPause: .seconds(2))
    func pause(_ failures: Int, _ random: Double = 1, asked: Duration? = nil) -> Duration? {
      policy.pause(afterFailure: failures, asked: asked, random: random)
    }
    #expect(pause(1) == .milliseconds(100) && pause(2) == .milliseconds(200))
    #expect(pause(1, 0) == .milliseconds(50))
    #expect(pause(60) == .seconds(2) && pause(.max) == .seconds(2) && pause(0) != nil)
    #expect(pause(1, 0, asked: .seconds(3)) == .seconds(3))
    #expect((pause(1, 1, asked: .seconds(3)) ?? .zero) > .seconds(3.2))
    #expect(pause(1, asked: .seconds(61)) == nil && pause(1, asked: .seconds(-1)) == .zero)
  }
}

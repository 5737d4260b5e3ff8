// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Synchronization
import TestSupport
import Testing

@testable import hansard

/// What an import does when answers get lost or are refusals.
struct SessionImportTests {
  private static let started = ScriptedServer.Reply.answer(201, #"{"recording_id":"r1"}"#)
  private static let done = ScriptedServer.Reply.answer(201, "{}")

  private static func refusal(_ status: Int, _ code: String) -> ScriptedServer.Reply {
    .answer(status, #"{"code":"\#(code)","detail":"No.","errors":[]}"#, retryAfter: 0)
  }

  /// Imports two steps in one batch; `reply` is asked for each request after the start.
  private func importing(
    _ reply: @escaping @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply,
    then body: (SessionImport, ScriptedServer) async throws -> Void
  ) async throws {
    let text = #"{"trajectory":[{"action":"a"},{"action":"b"}],"info":{"exit_status":"submitted"}}"#
    let plan = try SessionPlan(
      Trajectory(reading: Array(text.utf8)), fileName: "x", digest: [1, 2, 3])
    try await ScriptedServer.with(reply) { server in
      try await HansardClient.withHTTP { http in
        let client = try HansardClient(url: server.url, key: "hsd_k", http: http)
        try await body(SessionImport(plan: plan, client: client, agent: "a", user: "u"), server)
      }
    }
  }

  @Test func startsAppendsAndStops() async throws {
    let counts = Mutex<[[Int]]>([])
    try await importing(
      { $1 == 0 ? Self.started : Self.done },
      then: { session, server in
        let recording = try await session.run { done, all in
          counts.withLock { $0.append([done, all]) }
        }
        #expect(recording == "r1")
        #expect(
          server.requests.map(\.path) == [
            "/api/canvas/recording/start", "/api/canvas/recording/r1/events",
            "/api/canvas/recording/r1/stop",
          ])
        #expect(server.requests.last?.body == #"{"status":"completed"}"#)
      })
    #expect(counts.withLock { $0 } == [[4, 4]])
  }

  @Test func aBatchWhoseAnswerWasLostIsSentAgainAsItWas() async throws {
    try await importing(
      { request, number in
        switch number {
        case 0: Self.started
        case 1: .hangUp
        case 2: Self.refusal(503, "outcome_unknown")
        case 3: Self.refusal(503, "database_unavailable")
        default: Self.done
        }
      },
      then: { session, server in
        _ = try await session.run { _, _ in }
        let batches = server.requests.filter { $0.path.hasSuffix("/events") }
        #expect(batches.count == 4)
        #expect(Set(batches.map(\.body)).count == 1)
      })
  }

  @Test func aRefusedBatchStopsTheRecordingAsFailed() async throws {
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        return request.path.hasSuffix("/stop") ? Self.done : Self.refusal(422, "validation_failed")
      },
      then: { session, server in
        let failure = await #expect(throws: ImportFailure.self) {
          try await session.run { _, _ in }
        }
        #expect(failure?.recording == "r1")
        #expect(failure?.done == 0)
        #expect(failure?.stopFailure == nil)
        #expect(
          server.requests.map(\.path) == [
            "/api/canvas/recording/start", "/api/canvas/recording/r1/events",
            "/api/canvas/recording/r1/stop",
          ])
        let stop = try JSONDocument(parsing: Array((server.requests.last?.body ?? "").utf8)).root
        #expect(try stop["status"]?.text() == "failed")
        #expect(try stop["summary"]?.text() == "Import broken off after 0 of 4 events")
      })
  }

  @Test func anInterruptedImportStopsTheRecordingAsFailed() async throws {
    let canceller = Mutex<Task<Void, any Error>?>(nil)
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        guard request.path.hasSuffix("/events") else { return Self.done }
        canceller.withLock { $0?.cancel() }
        return .hangUp
      },
      then: { session, server in
        let gate = AsyncStream<Void>.makeStream()
        let work = Task {
          for await _ in gate.stream { break }
          _ = try await session.run { _, _ in }
        }
        canceller.withLock { $0 = work }
        gate.continuation.yield()
        let outcome = await work.result
        let failure = #expect(throws: ImportFailure.self) { try outcome.get() }
        #expect(failure?.description.contains("stopped as failed") == true)
        #expect(server.requests.last?.path == "/api/canvas/recording/r1/stop")
        #expect(server.requests.last?.body.contains(#""status":"failed""#) == true)
      })
  }

  @Test func aStartWhoseAnswerWasLostIsNotRepeated() async throws {
    try await importing(
      { _, _ in .hangUp },
      then: { session, server in
        await #expect(throws: ClientError.self) { try await session.run { _, _ in } }
        #expect(server.requests.count == 1)
      })
  }

  @Test func aStartThatWasSurelyNotMadeIsRepeated() async throws {
    try await importing(
      { _, number in
        switch number {
        case 0: Self.refusal(503, "overloaded")
        case 1: Self.started
        default: Self.done
        }
      },
      then: { session, server in
        let recording = try await session.run { _, _ in }
        #expect(recording == "r1")
        #expect(server.requests.count == 4)
      })
  }

  @Test func aStopWhoseAnswerWasLostCountsWhenItHolds() async throws {
    let stops = Mutex(0)
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        guard request.path.hasSuffix("/stop") else { return Self.done }
        let attempt = stops.withLock { stops in
          stops += 1
          return stops
        }
        return attempt == 1 ? .hangUp : Self.refusal(409, "recording_not_open")
      },
      then: { session, _ in
        let recording = try await session.run { _, _ in }
        #expect(recording == "r1")
      })
    #expect(stops.withLock { $0 } == 2)
  }

  @Test func aRecordingThatSomebodyElseStoppedIsAFailure() async throws {
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        return request.path.hasSuffix("/stop") ? Self.refusal(409, "recording_not_open") : Self.done
      },
      then: { session, _ in
        let failure = await #expect(throws: ImportFailure.self) {
          try await session.run { _, _ in }
        }
        #expect(failure?.done == 4)
        #expect(failure?.stopFailure != nil)
      })
  }
}

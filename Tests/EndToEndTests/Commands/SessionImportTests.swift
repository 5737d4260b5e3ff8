// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardClient
import NIOHTTP1
import Protection
import Synchronization
import TestSupport
import Testing

@testable import hansard

/// What an import does when answers get lost or are refusals.
struct SessionImportTests {
  private static let started = ScriptedServer.Reply.answer(
    201, #"{"recording_id":"r1","agent_id":"a","status":"recording","started_at":"t"}"#)

  /// What the service answers when it has done what was asked.
  private static func done(_ request: ScriptedServer.Request) -> ScriptedServer.Reply {
    guard request.path.hasSuffix("/events") else { return started }
    let events = (try? JSONDocument(parsing: Array(request.body.utf8)).root.elements.map(\.self))
    let receipts = (events ?? []).enumerated().map { index, event in
      """
      {"recording_id":"r1","event_id":\(event["event_id"]?.raw ?? "0"),"seq":\(index + 1),\
      "recorded_at":"t","leaf_hash":"aa"}
      """
    }
    return .answer(201, "[\(receipts.joined(separator: ","))]")
  }

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
      let client = try HansardClient(
        .init(baseURL: server.url, apiKey: APIKey("hsd_k"), retry: .ofCommands))
      try await body(SessionImport(plan: plan, client: client, agent: "a", user: "u"), server)
    }
  }

  @Test func startsAppendsAndStops() async throws {
    let counts = Mutex<[[Int]]>([])
    try await importing(
      { request, _ in Self.done(request) },
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
        default: Self.done(request)
        }
      },
      then: { session, server in
        _ = try await session.run { _, _ in }
        let batches = server.requests.filter { $0.path.hasSuffix("/events") }
        #expect(batches.count == 4)
        #expect(Set(batches.map(\.body)).count == 1)
        #expect(Set(batches.map { $0.headers["Idempotency-Key"] }).count == 1)
      })
  }

  @Test func aRefusedBatchStopsTheRecordingAsFailed() async throws {
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        return request.path.hasSuffix("/stop")
          ? Self.done(request) : Self.refusal(422, "validation_failed")
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
        guard request.path.hasSuffix("/events") else { return Self.done(request) }
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

  /// Under its name, so that it does not leave a second recording open behind.
  @Test func aStartWhoseAnswerWasLostIsRepeatedUnderItsName() async throws {
    try await importing(
      { request, number in number == 0 ? .hangUp : Self.done(request) },
      then: { session, server in
        let recording = try await session.run { _, _ in }
        #expect(recording == "r1")
        let starts = server.requests.filter { $0.path.hasSuffix("/start") }
        #expect(starts.count == 2 && starts[0].body == starts[1].body)
        #expect(starts[0].headers["Idempotency-Key"] == starts[1].headers["Idempotency-Key"])
        #expect(starts[0].headers["Idempotency-Key"].count == 1)
      })
  }

  @Test func aStartThatWasSurelyNotMadeIsRepeated() async throws {
    try await importing(
      { request, number in
        number == 0 ? Self.refusal(503, "overloaded") : Self.done(request)
      },
      then: { session, server in
        let recording = try await session.run { _, _ in }
        #expect(recording == "r1")
        #expect(server.requests.count == 4)
      })
  }

  @Test func aStopWhoseAnswerWasLostIsRepeatedUnderItsName() async throws {
    let stops = Mutex<[String]>([])
    try await importing(
      { request, _ in
        guard request.path.hasSuffix("/stop") else { return Self.done(request) }
        let attempt = stops.withLock { stops in
          stops += request.headers["Idempotency-Key"]
          return stops.count
        }
        return attempt == 1 ? .hangUp : Self.done(request)
      },
      then: { session, _ in
        let recording = try await session.run { _, _ in }
        #expect(recording == "r1")
      })
    #expect(stops.withLock { $0.count == 2 && Set($0).count == 1 })
  }

  @Test func aRecordingThatSomebodyElseStoppedIsAFailure() async throws {
    try await importing(
      { request, number in
        if number == 0 { return Self.started }
        return request.path.hasSuffix("/stop")
          ? Self.refusal(409, "recording_not_open") : Self.done(request)
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

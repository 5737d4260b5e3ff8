// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

/// Valid requests with faults planted at random: whatever comes of them, the process lives, nothing
/// fails inside, and every connection is ended.
@Suite(.serialized, .exclusive)
struct FuzzTests {
  @Test(.timeLimit(.minutes(20)))
  func mutatedRequestsHarmNothing() async throws {
    try await BadInputGround.with { ground in
      let tally = Tally()
      let seeds = seeds(ground)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<16 {
          group.addTask {
            for index in stride(from: worker, to: Effort.fuzzCases, by: 16) {
              var generator = SeededGenerator(seed: Effort.seed &+ UInt64(index))
              let bytes = Mutation.apply(to: seeds, &generator)
              let answers = try await Self.answers(to: bytes, ground)
              let faults = Self.faults(answers).map { "case \(index): \($0)" }
              tally.add(answers?.first?.status ?? 0, faults)
            }
          }
        }
        try await group.waitForAll()
      }
      print("fuzz: \(Effort.fuzzCases) cases from seed \(Effort.seed): \(tally.summary)")
      #expect(tally.faults == [])
      // Enough of them were understood that what lies behind the parser was reached.
      #expect(tally.count(of: 201) > 10)
      #expect(tally.count(of: 422) > 10)
      #expect(await ground.service.probe("/readyz")?.status == 200)
    }
  }

  @Test func theJudgeFindsWhatItLooksFor() {
    let inside = Answer(
      status: 500, headers: ["content-type": "application/problem+json"], body: Array("{}".utf8))
    #expect(Self.faults([inside]).contains { $0.contains("500") })
    #expect(Self.faults(nil) == ["no whole answer"])
    let bare = Answer(status: 404, headers: [:], body: [])
    #expect(Self.faults([bare]).contains { $0.contains("no problem") })
  }

  private static func answers(
    to bytes: [UInt8], _ ground: BadInputGround
  ) async throws -> [Answer]? {
    let outcome = try await RawConnection.exchange(
      .init(port: ground.service.settings.ports.main, bytes: bytes, limit: .seconds(15)))
    guard outcome.end != .limit else { return nil }
    // A mutated method can be HEAD, whose answer has no body.
    return outcome.answers() ?? outcome.answers(toHead: true)
  }

  private static func faults(_ answers: [Answer]?) -> [String] {
    guard let answers else { return ["no whole answer"] }
    return answers.flatMap { answer -> [String] in
      guard answer.status >= 400 else { return [] }
      if answer.status >= 500, answer.status != 505 { return ["\(answer.status) \(answer.text)"] }
      return answer.code == nil ? ["\(answer.status) is no problem: \(answer.text)"] : []
    }
  }

  /// Requests of every route.
  private func seeds(_ ground: BadInputGround) -> [RawRequest] {
    let event = """
      {"event_type":"step","event_id":"0190b0a4-7c3d-7e55-9c11-0123456789ab",\
      "timestamp":"2026-01-21T08:00:00.123456Z",\
      "event_data":{"k":[1,-2.5e3,"t\\u0041\\ud83d\\ude00",null]}}
      """
    return [
      ground.event(Array(event.utf8)), ground.event(Array(event.utf8)), ground.rightEvent,
      ground.batch("[\(event),\(BadInputGround.rightBody)]"),
      ground.batch("\(event)\n\(event)").setting("Content-Type", "application/x-ndjson"),
      ground.post(
        Paths.recordings + "/start",
        #"{"agent_id":"agent-1","user_id":"alice","reason":"r","tags":["a","b"],"canvas_id":"c"}"#),
      ground.post(
        Paths.recordings + "/auto",
        #"{"agent_id":"agent-1","user_id":"alice","action":"x","context":{"session_id":"s"}}"#),
      ground.post(Paths.recording(ground.recording, "flag"), #"{"flag_reason":"look"}"#),
      ground.post(Paths.recording(ground.stopped, "stop"), #"{"status":"failed","summary":"s"}"#),
      ground.get(Paths.recordings + "?limit=5&agent_id=agent-1&started_after=2026-01-01T00:00:00Z"),
      ground.get(Paths.recording(ground.stopped)),
      ground.get(Paths.recording(ground.recording, "events?after_seq=1&limit=2")),
      ground.get(Paths.recording(ground.recording, "replay?limit=2")),
      ground.post("/api/governance/agents/agent-1", #"{"status":"intern","name":"n"}"#)
        .with(\.method, "PUT"),
    ]
  }
}

/// What came of all cases.
private final class Tally: Sendable {
  private let state = Mutex((faults: [String](), statuses: [Int: Int]()))

  func add(_ status: Int, _ faults: [String]) {
    state.withLock { state in
      state.faults += faults
      state.statuses[status, default: 0] += 1
    }
  }

  var faults: [String] { state.withLock { $0.faults } }

  func count(of status: Int) -> Int { state.withLock { $0.statuses[status] ?? 0 } }

  var summary: String {
    state.withLock { $0.statuses }.sorted { $0.key < $1.key }
      .map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import NIOHTTP1
import Protection
import Synchronization
import TestSupport
import Testing

@testable import hansard

/// What an import of a trail does when answers get lost or are refusals.
struct TrailImportTests {
  /// A service that keeps entries as ours does; what it is given and what it answers can be changed.
  private final class Keeper: Sendable {
    private let state = Mutex<(bodies: [String: String], count: Int)>(([:], 0))

    var count: Int { state.withLock { $0.bodies.count } }

    /// Keeps a request's entries; `bad` are entries that are refused.
    func reply(
      to request: ScriptedServer.Request, bad: Set<String> = [], naming: Bool = true
    ) -> ScriptedServer.Reply {
      let entries =
        (try? JSONDocument(parsing: Array(request.body.utf8)).root.elements.map(\.self)) ?? []
      let ids = entries.map { (try? $0["entry_id"]?.text()) ?? "" }
      return state.withLock { state in
        let faults = ids.indices.filter { index in
          bad.contains(ids[index])
            || state.bodies[ids[index]].map { !$0.hasPrefix("\(entries[index].raw)@") } ?? false
        }
        guard faults.isEmpty else {
          return TrailImportTests.refusal(
            422, "validation_failed", naming ? faults.map { "/\($0)/strategy" } : [])
        }
        let isNew = ids.contains { state.bodies[$0] == nil }
        state.count += 1
        let receipts = zip(ids, entries).map { id, entry in
          let kept =
            state.bodies[id] ?? "\(entry.raw)@2026-11-26T00:00:00.\(100_000 + state.count)Z"
          state.bodies[id] = kept
          let time = kept.split(separator: "@").last ?? ""
          return
            #"{"session_id":"s","entry_id":"\#(id)","attempt_number":1,"recorded_at":"\#(time)"}"#
        }
        return .answer(isNew ? 201 : 200, "[\(receipts.joined(separator: ","))]")
      }
    }
  }

  private static func refusal(
    _ status: Int, _ code: String, _ pointers: [String] = []
  ) -> ScriptedServer.Reply {
    let places = pointers.map { #"{"pointer":"\#($0)","code":"c","reason":"No."}"# }
    return .answer(
      status,
      #"{"code":"\#(code)","detail":"Not so.","errors":[\#(places.joined(separator: ","))]}"#,
      retryAfter: 0)
  }

  private static func entry(_ number: Int, session: String = "s", more: String = "") -> String {
    #"{"entry_id":"entry_\#(number)","timestamp":"2024-01-01T00:00:00Z","session_id":"\#(session)","#
      + #""attempt_number":\#(number),"strategy":"fix"\#(more)}"# + "\n"
  }

  private struct Result {
    var counts: TrailCounts
    var refusals: [String]
    var error: (any Error)?
  }

  private func importing(_ text: String, to server: ScriptedServer) async throws -> Result {
    let directory = try TemporaryDirectory.make("trail")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/trail.jsonl"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let client = try HansardClient(
      .init(
        baseURL: server.url, apiKey: APIKey("hsd_k"),
        retry: .init(
          attempts: 4, firstPause: .milliseconds(1), longestPause: .milliseconds(5))))
    let refusals = Mutex<[String]>([])
    var trail = TrailImport(client: client, defaults: .init()) { news in
      if case .refused(let refusal) = news { refusals.withLock { $0.append("\(refusal)") } }
    }
    let (input, size) = try InputFile.open(file)
    var failure: (any Error)?
    do {
      try await trail.run(input, size: size)
    } catch {
      failure = error
    }
    return Result(counts: trail.counts, refusals: refusals.withLock { $0 }, error: failure)
  }

  @Test func sendsBatchesBySession() async throws {
    let keeper = Keeper()
    try await ScriptedServer.with(
      { request, _ in keeper.reply(to: request) },
      { server in
        let text = (1...1200).map { Self.entry($0, session: "s-\($0 % 3)") }.joined()
        let result = try await importing(text, to: server)
        #expect(result.counts == TrailCounts(imported: 1200))
        #expect(result.error == nil && keeper.count == 1200)
        // Three windows, of which each has three sessions.
        #expect(server.requests.count == 9)
        #expect(
          Set(server.requests.map(\.path))
            == Set(
              (0..<3).map { "/api/recovery/sessions/s-\($0)/attempts" }))
        // Also one alone is a batch, so that refusals are about places in it.
        let one = try await importing(Self.entry(1, session: "s-1"), to: server)
        #expect(one.counts == TrailCounts(present: 1))
        #expect(server.requests.last?.body.hasPrefix("[") == true)
      })
  }

  @Test func whatIsThereIsNotCountedTwice() async throws {
    let keeper = Keeper()
    try await ScriptedServer.with(
      { request, number in number == 1 ? .hangUp : keeper.reply(to: request) },
      { server in
        let first = try await importing((1...5).map { Self.entry($0) }.joined(), to: server)
        #expect(first.counts == TrailCounts(imported: 5))
        let more = (3...8).map { Self.entry($0) }.joined() + Self.entry(8)
        let second = try await importing(more, to: server)
        #expect(second.counts == TrailCounts(imported: 3, present: 4))
        #expect(
          server.requests[1].headers["Idempotency-Key"]
            == server.requests[2].headers["Idempotency-Key"])
        let third = try await importing(more, to: server)
        #expect(third.counts == TrailCounts(present: 7))
      })
  }

  @Test(arguments: [true, false])
  func whatIsRefusedIsFoundAndTheRestArrives(naming: Bool) async throws {
    let keeper = Keeper()
    try await ScriptedServer.with(
      { request, _ in keeper.reply(to: request, bad: ["entry_3", "entry_7"], naming: naming) },
      { server in
        let result = try await importing((1...9).map { Self.entry($0) }.joined(), to: server)
        #expect(result.counts == TrailCounts(imported: 7, refused: 2))
        #expect(result.refusals.map { $0.prefix(7) } == ["line 3,", "line 7,"])
        #expect(
          result.refusals.allSatisfy {
            $0.hasSuffix(naming ? " (/strategy): No." : ": Not so.")
          }, "\(result.refusals)")
        #expect(keeper.count == 7)
      })
  }

  /// A session that was cleared takes none of its entries; others do.
  @Test func aSessionThatIsRefusedDoesNotStopOthers() async throws {
    let keeper = Keeper()
    try await ScriptedServer.with(
      { request, _ in
        request.path.contains("/gone/")
          ? Self.refusal(410, "session_cleared") : keeper.reply(to: request)
      },
      { server in
        let text = (1...20).map { Self.entry($0, session: $0 % 2 == 0 ? "gone" : "s") }.joined()
        let result = try await importing(text, to: server)
        #expect(result.counts == TrailCounts(imported: 10, refused: 10))
        #expect(server.requests.count == 2)
      })
  }

  @Test(arguments: [
    (401, "unauthenticated"), (403, "forbidden"), (404, ""), (400, ""), (429, "quota_exceeded"),
    (500, "internal_error"), (503, "sealed"), (503, "overloaded"),
  ])
  func whatConcernsNoEntryEndsTheImport(status: Int, code: String) async throws {
    try await ScriptedServer.with(
      { _, _ in Self.refusal(status, code) },
      { server in
        let result = try await importing((1...9).map { Self.entry($0) }.joined(), to: server)
        #expect(result.error is HansardClientError)
        #expect(result.counts == TrailCounts())
        #expect(server.requests.count == (code == "overloaded" ? 4 : 1))
      })
  }

  @Test func onlySoManyRefusalsAreTold() async throws {
    try await ScriptedServer.with(
      { _, _ in .answer(500, "") },
      { server in
        let result = try await importing(String(repeating: "{}\n", count: 1000), to: server)
        #expect(result.counts == TrailCounts(refused: 1000))
        #expect(result.refusals.count == TrailImport.listed)
        #expect(result.error == nil && server.requests.isEmpty)
      })
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Synchronization
import TestSupport

/// Clients that start, write, read and stop recordings, one request after the other, and keep what was answered
/// otherwise than it should be.
final class KeyLoad: Sendable {
  private struct Content {
    var failures: [String] = []
    var requests = 0
    /// How many events each recording has been acknowledged.
    var events: [String: Int] = [:]
  }

  private let content = Mutex(Content())
  private let isOver = Atomic<Bool>(false)

  var failures: [String] { content.withLock { $0.failures } }
  var requests: Int { content.withLock { $0.requests } }
  private var events: [String: Int] { content.withLock { $0.events } }

  /// Keeps `clients` busy for the length of `body`.
  func during(_ clients: [Client], _ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, client) in clients.enumerated() {
        group.addTask { [self] in
          var round = 0
          while !isOver.load(ordering: .relaxed) {
            await live(client, "\(number)-\(round)")
            round += 1
          }
        }
      }
      defer { isOver.store(true, ordering: .relaxed) }
      try await body()
      isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
  }

  /// The life of a recording, and a look at another one.
  private func live(_ client: Client, _ name: String) async {
    let body = #"{"agent_id":"agent-1","user_id":"alice","reason":"load"}"#
    guard
      let started = await send(
        client, .post, Paths.recordings + "/start", body, key: "start-\(name)"),
      let id = try? started.json["recording_id"]?.text()
    else { return }
    for number in 0..<3 {
      let event = #"{"event_type":"step","event_data":{"name":"\#(name)","number":\#(number)}}"#
      guard await send(client, .post, Paths.recording(id, "event"), event) != nil else { continue }
      content.withLock { $0.events[id, default: 0] += 1 }
    }
    await read(id, client)
    if let other = events.keys.randomElement() {
      _ = await send(client, .get, Paths.recording(other))
    }
    _ = await send(client, .post, Paths.recording(id, "stop"), "{}")
  }

  /// What is read must be all that was acknowledged.
  private func read(_ id: String, _ client: Client) async {
    guard let answer = await send(client, .get, Paths.recording(id)) else { return }
    let count = try? answer.json["events"]?.elements.count
    let wanted = events[id] ?? 0
    if count != wanted { fail("\(count ?? -1) of \(wanted) events: \(answer.text.prefix(200))") }
  }

  /// Reads everything that was ever acknowledged.
  func readAll(_ client: Client) async {
    for id in events.keys { await read(id, client) }
  }

  private func send(
    _ client: Client, _ method: Client.Method, _ path: String, _ body: String? = nil,
    key: String? = nil
  ) async -> Answer? {
    content.withLock { $0.requests += 1 }
    do {
      let headers = key.map { [("Idempotency-Key", $0)] } ?? []
      let answer = try await client.send(
        method, path, body.map { Array($0.utf8) }, headers: headers)
      if (200...299).contains(answer.status) { return answer }
      fail("\(method) \(path): \(answer.status) \(answer.text)")
    } catch {
      fail("\(method) \(path): \(error)")
    }
    return nil
  }

  private func fail(_ what: String) { content.withLock { $0.failures.append(what) } }
}

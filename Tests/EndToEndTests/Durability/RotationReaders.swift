// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import Synchronization
import TestSupport

/// Clients that read what was recorded, one request after the other, and compare it with what was sent.
///
/// A request that is refused with 503 and a code other than `sealed`, or has no answer, is for the outage
/// to explain. Every other answer but the right one is a failed read.
final class RotationReaders: Sendable {
  /// What was read.
  struct Tally: Sendable {
    /// Answers that were right.
    var reads = 0
    /// Requests that were refused, or had no answer, in an outage.
    var refused = 0
    /// Recordings that were read at the end, all there were.
    var recordings = 0
    var faults: [String] = []
  }

  private let content = Mutex((tally: Tally(), planted: [String: String]()))

  var tally: Tally { content.withLock { $0.tally } }

  /// The recordings that were planted.
  var planted: [String] { content.withLock { $0.planted.keys.sorted() } }

  /// Starts so many recordings with an event each, so that there are many keys to wrap anew.
  func plant(_ count: Int, _ clients: [Client]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, client) in clients.enumerated() {
        group.addTask { [self] in
          for index in stride(from: number, to: count, by: clients.count) {
            let id = try await client.startRecording()
            let data = #"{ "planted" : \#(index) }"#
            let answer = try await client.send(
              .post, Paths.recording(id, "event"),
              json: #"{"event_type":"planted","event_data":\#(data)}"#)
            guard answer.status == 201 else { throw TestSupportError("\(answer.text)") }
            content.withLock { $0.planted[id] = data }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Reads until the scene is over: what was planted and what writers are writing, by turns.
  func read(_ scene: KillLoop.Scene, _ client: Client, number: Int) async throws {
    var generator = SeededGenerator(seed: Effort.seed &+ UInt64(number) &* 104_729)
    while !scene.isOver() {
      // A pause where the service is away, as a poll has it.
      try await eventually("an answer to a reader") {
        let code =
          if generator.int(0..<2) == 0 {
            await readPage(scene, client, &generator)
          } else {
            await readSome(client)
          }
        if code == "sealed" { fault("a service that has the key file says that it is sealed") }
        return code == nil || code == "sealed" || scene.isOver()
      }
    }
  }

  /// Reads one of the recordings that were planted; nil, or the code of a refusal.
  @discardableResult
  func readSome(_ client: Client) async -> String? {
    guard let (id, data) = content.withLock({ $0.planted.randomElement() }) else { return nil }
    return await judge(client, Paths.recording(id)) { answer in
      let events = try answer.json["events"]?.elements.map { $0["data"]?.raw ?? "" }
      return events == [data]
    }
  }

  /// Fifty events of a recording that is being written, from some place on.
  private func readPage(
    _ scene: KillLoop.Scene, _ client: Client, _ generator: inout SeededGenerator
  ) async -> String? {
    let recording = scene.recordings[generator.int(0..<scene.recordings.count)]
    let each = scene.journal.acknowledgedCount / scene.recordings.count
    let start = generator.int(0..<each + 1)
    let path = Paths.recording(recording, "events?after_seq=\(start)&limit=50")
    return await judge(client, path) { answer in
      let values = try Array(answer.json["events"]?.elements ?? answer.json.elements)
      return try values.allSatisfy { value in
        let event = try Testimony.Stored(value, of: recording)
        let sent = scene.journal.original(of: event.id)
        return sent?.recording == recording && sent?.type == event.type && sent?.data == event.data
      }
    }
  }

  /// Reads all recordings that the database has, whoever made them.
  func readAll(of deployment: Deployment, _ client: Client) async throws {
    let ids = try await deployment.withDatabase { database in
      try await database.execute(
        Query("select recording_id::text from hansard.canvas_recordings", prepared: false)
      ).map { try $0.decode(0, as: String.self) }
    }
    let planted = content.withLock { $0.planted }
    for id in ids {
      let code = await judge(client, Paths.recording(id)) { answer in
        let events = try answer.json["events"]?.elements.map { $0["data"]?.raw ?? "" }
        return planted[id].map { events == [$0] } ?? (events != nil)
      }
      if let code { fault("\(id) is refused when all is calm: \(code)") }
    }
    content.withLock { $0.tally.recordings = ids.count }
  }

  /// Sends a request and compares; nil, or the code of a refusal.
  private func judge(
    _ client: Client, _ path: String, _ isRight: (Answer) throws -> Bool
  ) async -> String? {
    let answer: Answer
    do {
      answer = try await client.send(.get, path)
    } catch {
      // No answer: the service or the connection is gone.
      content.withLock { $0.tally.refused += 1 }
      return "no answer"
    }
    if answer.status == 503, let code = answer.code {
      content.withLock { $0.tally.refused += 1 }
      return code
    }
    // What cannot be parsed is not right either.
    if answer.status == 200, (try? isRight(answer)) == true {
      content.withLock { $0.tally.reads += 1 }
    } else {
      fault("\(path): \(answer.status) \(answer.text.prefix(300))")
    }
    return nil
  }

  private func fault(_ what: String) { content.withLock { $0.tally.faults.append(what) } }
}

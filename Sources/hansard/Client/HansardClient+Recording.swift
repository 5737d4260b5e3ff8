// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Protection

/// What a client asks for to start a recording.
struct ClientDraft: Sendable {
  var agent: String
  var user: String?
  var canvas: String?
  var session: String?
  var reason: String
  var tags: [String]

  /// The body of `POST /start`.
  var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      let fields = [
        ("agent_id", agent), ("user_id", user), ("canvas_id", canvas), ("session_id", session),
        ("reason", reason),
      ]
      for case (let key, let value?) in fields {
        writer.key(key)
        writer.string(value)
      }
      writer.key("tags")
      writer.array { writer in
        for tag in tags { writer.string(tag) }
      }
    }
    return writer.bytes
  }
}

extension HansardClient {
  private static let prefix = "/api/canvas/recording"

  /// Starts a recording and returns its id.
  ///
  /// Not sent again after a lost answer: that could leave an empty recording open behind.
  func start(_ draft: ClientDraft) async throws -> String {
    let (answer, _) = try await send(
      .POST, "\(Self.prefix)/start", body: draft.body, retry: .once)
    return try Self.text("recording_id", in: answer)
  }

  /// Appends one event; `event` is its JSON object.
  func append(_ event: [UInt8], to recording: String) async throws {
    _ = try await send(
      .POST, "\(Self.prefix)/\(recording)/event", body: event, retry: .repeatable)
  }

  /// Appends a batch, all or nothing; `events` are JSON objects that carry their `event_id`, so
  /// that a batch whose answer was lost may be sent again.
  func append(batch events: [[UInt8]], to recording: String) async throws {
    var writer = JSONWriter()
    writer.array { writer in
      for event in events { writer.raw(event) }
    }
    _ = try await send(
      .POST, "\(Self.prefix)/\(recording)/events", body: writer.bytes, retry: .repeatable)
  }

  /// Stops a recording. That it is stopped already is success after an answer was lost.
  func stop(_ recording: String, status: String, summary: String? = nil) async throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("status")
      writer.string(status)
      if let summary {
        writer.key("summary")
        writer.string(summary)
      }
    }
    do {
      _ = try await send(
        .POST, "\(Self.prefix)/\(recording)/stop", body: writer.bytes, retry: .repeatable)
    } catch let failure as AmbiguousFailure {
      guard case .refused(let problem) = failure.last, problem.code == "recording_not_open" else {
        throw failure
      }
    }
  }

  /// The newest completed recording of that session, or nil.
  func completedRecording(ofSession session: String) async throws -> String? {
    let path = "\(Self.prefix)?session_id=\(session)&status=completed&limit=1"
    let (answer, _) = try await send(.GET, path, retry: .repeatable)
    let root = try Self.document(answer).root
    for recording in root.elements { return try recording["recording_id"]?.text() }
    return nil
  }

  /// Whether the service says that it is ready; an error when it does not answer.
  func isReady() async throws(ClientError) -> Bool {
    do throws(ClientError) {
      return try await sendOnce(.GET, "/readyz").status == 200
    } catch {
      guard case .refused = error else { throw error }
      return false
    }
  }

  private static func document(_ answer: Answer) throws(ClientError) -> JSONDocument {
    do throws(JSONError) {
      return try JSONDocument(parsing: answer.body)
    } catch {
      throw .unreadableAnswer("\(error)")
    }
  }

  private static func text(_ key: String, in answer: Answer) throws(ClientError) -> String {
    guard let value = try document(answer).root[key] else {
      throw .unreadableAnswer("there is no '\(key)' in it")
    }
    do throws(JSONError) {
      return try value.text()
    } catch {
      throw .unreadableAnswer("\(error)")
    }
  }
}

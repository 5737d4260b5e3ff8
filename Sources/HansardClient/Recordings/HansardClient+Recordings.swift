// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HansardJSON

extension HansardClient {
  static let recordings = "/api/canvas/recording"

  /// The most events that one request takes.
  public static let batchLimit = 1000
  /// The most bytes that one request of events takes.
  public static let batchByteLimit = 5 << 20

  static func path(_ recording: String, _ rest: String) throws(HansardClientError) -> String {
    "\(recordings)/\(try PathSegment.encode(recording, "a recording's id"))\(rest)"
  }

  /// Starts a recording by hand.
  public func start(_ draft: RecordingDraft) async throws(HansardClientError) -> Recording {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("agent_id", draft.agentID)
      writer.member("user_id", draft.userID)
      writer.member("canvas_id", draft.canvasID)
      writer.member("session_id", draft.sessionID)
      writer.member("reason", draft.reason)
      writer.member("tags", draft.tags)
    }
    return try Recording(
      try await transport.ask(.post("\(Self.recordings)/start", writer.bytes)))
  }

  /// Says that an agent acts. Where agent or rules are so, a recording is started for it, or the open
  /// one of its session is continued.
  public func auto(_ action: Action) async throws(HansardClientError) -> AutomaticRecording {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("agent_id", action.agentID)
      writer.member("user_id", action.userID)
      writer.member("action", action.name)
      if !action.tags.isEmpty { writer.member("tags", action.tags) }
      writer.key("context")
      writer.object { writer in
        writer.member("canvas_id", action.canvasID)
        writer.member("session_id", action.sessionID)
      }
    }
    let answer = try await transport.ask(.post("\(Self.recordings)/auto", writer.bytes))
    return AutomaticRecording(
      recordingID: answer.optionalText("recording_id"),
      created: answer["created"]?.bool() ?? false, decision: try answer.needText("decision"))
  }

  /// Appends one event and waits for its receipt, which comes after the commit.
  ///
  /// For many events a ``RecordingSession`` is cheaper.
  @discardableResult
  public func record(
    _ event: Event, in recording: String
  ) async throws(HansardClientError) -> Receipt {
    let path = try Self.path(recording, "/event")
    return try Receipt(try await transport.ask(.post(path, event.encoded)))
  }

  /// Appends events in their order, all or none: ``batchLimit`` events and ``batchByteLimit`` bytes at
  /// the most. Returns a receipt for each.
  @discardableResult
  public func record(
    _ events: [Event], in recording: String
  ) async throws(HansardClientError) -> [Receipt] {
    try await record(events, in: recording, key: Call.newKey())
  }

  func record(
    _ events: [Event], in recording: String, key: String
  ) async throws(HansardClientError) -> [Receipt] {
    guard (1...Self.batchLimit).contains(events.count) else {
      throw .invalidInput("a batch has 1 to \(Self.batchLimit) events")
    }
    var writer = JSONWriter(reservingCapacity: events.reduce(2) { $0 + $1.encoded.count + 1 })
    writer.array { writer in
      for event in events { writer.raw(event.encoded) }
    }
    guard writer.bytes.count <= Self.batchByteLimit else {
      throw .invalidInput("a batch has \(Self.batchByteLimit) bytes at the most")
    }
    let path = try Self.path(recording, "/events")
    let answer = try await transport.ask(.post(path, writer.bytes, key: key))
    var receipts: [Receipt] = []
    for element in answer.elements { receipts.append(try Receipt(element)) }
    guard receipts.map(\.eventID) == events.map({ $0.id.uuidString.lowercased() }) else {
      throw .unreadableAnswer("its receipts are not those of the events")
    }
    return receipts
  }

  /// Ends a recording. Without a summary the service writes one.
  @discardableResult
  public func stop(
    _ recording: String, as ending: Ending = .completed, summary: String? = nil
  ) async throws(HansardClientError) -> Recording {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("status", ending.rawValue)
      writer.member("summary", summary)
    }
    let path = try Self.path(recording, "/stop")
    return try Recording(try await transport.ask(.post(path, writer.bytes)))
  }

  /// Asks reviewers to look at a recording.
  @discardableResult
  public func flag(
    _ recording: String, reason: String
  ) async throws(HansardClientError) -> Recording {
    var writer = JSONWriter()
    writer.object { $0.member("flag_reason", reason) }
    let path = try Self.path(recording, "/flag")
    return try Recording(try await transport.ask(.post(path, writer.bytes)))
  }

  /// The newest recordings that the key may see, newest first: 1 to 500 of them.
  public func recordings(
    _ filter: RecordingFilter = .init(), limit: Int = 50
  ) async throws(HansardClientError) -> [Recording] {
    var path = "\(Self.recordings)?limit=\(limit)"
    for (name, value) in [
      ("agent_id", filter.agentID), ("session_id", filter.sessionID), ("status", filter.status),
    ] {
      if let value { path += "&\(name)=\(PathSegment.percentEncoded(value))" }
    }
    let answer = try await transport.ask(.get(path))
    guard answer.kind == .array else { throw .unreadableAnswer("it is no array") }
    var found: [Recording] = []
    for element in answer.elements { found.append(try Recording(element)) }
    return found
  }

  /// A recording. A key that only records gets 403. The answer has the events too, which are left out
  /// here: one of more than 256 MiB is `unreadableAnswer`; read its events page by page.
  public func recording(_ id: String) async throws(HansardClientError) -> Recording {
    var call = Call.get(try Self.path(id, ""))
    call.answerLimit = Call.longAnswer
    return try Recording(try await transport.ask(call))
  }
}

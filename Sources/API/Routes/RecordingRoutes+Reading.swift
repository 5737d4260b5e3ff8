// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

extension RecordingRoutes {
  /// The routes that change nothing but the audit log.
  var reading: [Route] {
    let filters = [
      "agent_id", "user_id", "canvas_id", "session_id", "status", "tag", "reason", "flagged",
      "started_after", "started_before",
    ]
    return [
      Route(
        .get, Self.prefix, .listRecordings, query: filters + ["limit", "cursor"], handler: list),
      Route(
        .get, "\(Self.prefix)/export", .exportRecordings, query: filters + ["format", "after"],
        isJSON: false, handler: exportList),
      Route(
        .get, "\(Self.prefix)/{id}/export", .exportRecording, query: ["format", "after_seq"],
        isJSON: false, handler: export),
      Route(.get, "\(Self.prefix)/{id}", .readRecording, handler: find),
      Route(
        .get, "\(Self.prefix)/{id}/events", .readEvents, query: ["after_seq", "limit"],
        handler: events),
      Route(
        .get, "\(Self.prefix)/{id}/replay", .replayRecording, query: ["limit", "cursor"],
        handler: replay),
    ]
  }

  /// The recording with its flags and all its events, sent page by page as they are read.
  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let reading = try await recordings.find(exchange.recordingID(), by: caller)
    let export = RecordingExport(reading: reading, isContinued: false)
    return Reply(contentType: "application/json", body: .streamed(export.json))
  }

  /// The same as a file; with `after_seq` it goes on behind what was taken before.
  private func export(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    var query = exchange.query
    let format = query.read("format", as: .word()) ?? ExportFormat.json
    let after = query.count("after_seq") ?? 0
    try query.finish()
    let reading = try await recordings.export(id, afterSeq: after, by: caller)
    let export = RecordingExport(reading: reading, isContinued: after > 0)
    return format.reply(named: "recording-\(id)", with: export)
  }

  /// All recordings that a filter lets through, as a file, newest first.
  private func exportList(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let format = query.read("format", as: .word()) ?? ExportFormat.json
    let filter = RecordingFilter(&query)
    let after: RecordingID? = query.read("after", as: .serverID())
    try query.finish()
    // Before anything is answered, to a HEAD too: it may be refused.
    let first = try await recordings.exportPage(
      filter, from: after.map { .behind($0) } ?? .newest, by: caller)
    let pages = ExportPages(first: first) { [recordings] cursor in
      try await recordings.exportPage(filter, from: .cursor(cursor), by: caller)
    }
    return format.reply(
      named: "recordings", with: ListExport(pages: pages, isContinued: after != nil))
  }

  /// A page of events in the order of `seq`.
  private func events(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    var query = exchange.query
    let limit = query.limit()
    let after = query.count("after_seq") ?? 0
    try query.finish()
    let page = try await recordings.events(of: id, afterSeq: after, limit: limit, by: caller)
    let link = page.nextAfterSeq.map {
      exchange.nextPage("limit=\(limit.count)&", (name: "after_seq", value: String($0)))
    }
    return Reply(fields: link ?? [:]) { writer in
      writer.object { writer in
        writer.member("recording_id", id)
        writer.key("events")
        writer.array { writer in
          for event in page.events { writer.event(event) }
        }
        writer.key("next_after_seq")
        writer.int(page.nextAfterSeq)
      }
    }
  }

  /// A page of events in the order in which they happened.
  private func replay(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    var query = exchange.query
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let replay = try await recordings.replay(of: id, limit: limit, cursor: cursor, by: caller)
    let recording = replay.recording
    return Reply(fields: exchange.link(to: replay.next)) { writer in
      writer.object { writer in
        writer.member("recording_id", recording.id)
        writer.member("agent_id", recording.agent.rawValue)
        writer.member("started_at", recording.startedAt)
        writer.key("duration_seconds")
        writer.double(recording.durationSeconds)
        writer.member("recording_metadata", recording.metadata)
        writer.key("events")
        writer.array { writer in
          for event in replay.events { writer.replayed(event, since: recording.startedAt) }
        }
        writer.member("next_cursor", replay.next?.text)
      }
    }
  }

  /// A page of recordings, newest first.
  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let filter = RecordingFilter(&query)
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await recordings.list(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for recording in page.elements {
          writer.object { $0.members(of: recording) }
        }
      }
    }
  }
}

extension RecordingFilter {
  /// The filter that the query's parameters describe.
  init(_ query: inout QueryReader) {
    self.init()
    agent = query.read("agent_id", as: .callerID())
    user = query.read("user_id", as: .callerID())
    canvas = query.read("canvas_id", as: .callerID())
    session = query.read("session_id", as: .callerID())
    status = query.read("status", as: .word())
    tag = query.read("tag", as: .tag)
    reason = query.read("reason", as: .sentence(maximumBytes: RecordingText.maximumReasonBytes))
    isFlagged = query.read("flagged", as: .truth)
    (startedAfter, startedBefore) = query.between("started_after", "started_before")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/canvas/recording` (**seed** paths).
struct RecordingRoutes: Sendable {
  static let prefix = "/api/canvas/recording"

  let recordings: Recordings

  /// Those that change something, and those that read.
  var routes: [Route] { writing + reading }

  private var writing: [Route] {
    [
      Route(.post, "\(Self.prefix)/start", .startRecording, body: .command, handler: start),
      Route(.post, "\(Self.prefix)/auto", .startAutomatically, body: .command, handler: auto),
      Route(
        .post, "\(Self.prefix)/{id}/event", .appendEvents, body: .event, handler: append),
      Route(
        .post, "\(Self.prefix)/{id}/events", .appendEvents, body: .events,
        handler: appendBatch),
      Route(
        .post, "\(Self.prefix)/{id}/stop", .stopRecording, body: .optionalCommand,
        handler: stop),
      Route(
        .post, "\(Self.prefix)/{id}/flag", .flagRecording, body: .command, handler: flag),
    ]
  }

  private func start(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try RecordingBodies.draft(exchange.body)
    return try await exchange.once(caller) { caller in
      try await recordings.start(draft, by: caller)
    } reply: { recording in
      let location = "\(Self.prefix)/\(recording.id)"
      return Reply(.created, fields: [.location: location]) { writer in
        writer.object { $0.startMembers(of: recording) }
      }
    }
  }

  private func auto(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try RecordingBodies.automaticDraft(exchange.body)
    return try await exchange.once(caller) { caller in
      try await recordings.startAutomatically(draft, by: caller)
    } reply: { outcome in
      Reply { writer in
        writer.object { writer in
          writer.member("recording_id", outcome.recording)
          writer.key("created")
          writer.bool(outcome.created)
          writer.member("decision", outcome.decision)
        }
      }
    }
  }

  private func stop(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    let stop = try RecordingBodies.stop(exchange.body)
    return try await exchange.once(caller) { caller in
      try await recordings.stop(id, status: stop.status, summary: stop.summary, by: caller)
    } reply: { recording in
      Reply { writer in
        writer.object { $0.members(of: recording) }
      }
    }
  }

  private func flag(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    let reason = try RecordingBodies.flagReason(exchange.body)
    return try await exchange.once(caller) { caller in
      try await recordings.flag(id, reason: reason, by: caller)
    } reply: { flagged in
      Reply { writer in
        writer.object { writer in
          writer.members(of: flagged.recording)
          writer.member("flags", flagged.flags)
        }
      }
    }
  }
}

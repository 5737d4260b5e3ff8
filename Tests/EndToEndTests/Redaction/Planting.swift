// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// Sends secrets through a surface and keeps what was answered.
struct Planting: Sendable {
  let client: Client
  /// Open, for everything that goes into one.
  let recording: String

  /// Sends one.
  func send(_ secret: String, through surface: Surface) async throws -> Answer {
    if surface.isData { return try await event(secret, surface) }
    if let field = surface.attemptField {
      return try await attempt(field, surface.attemptValue(secret), surface)
    }
    switch surface {
    case .reason: return try await start("reason", Surface.quoted(secret))
    case .tag: return try await start("tags", "[\(Surface.quoted(secret))]")
    case .agent: return try await start("agent_id", Surface.quoted(secret))
    case .user: return try await start("user_id", Surface.quoted(secret))
    case .canvas: return try await start("canvas_id", Surface.quoted(secret))
    case .session: return try await start("session_id", Surface.quoted(secret))
    case .action:
      return try await post(
        "\(Paths.recordings)/auto",
        #"{"agent_id":"robot","user_id":"alice","action":\#(Surface.quoted(secret))}"#)
    case .type:
      return try await post(
        Paths.recording(recording, "event"),
        #"{"event_type":\#(Surface.quoted(secret)),"event_data":1}"#)
    case .flagReason:
      return try await post(
        Paths.recording(recording, "flag"), #"{"flag_reason":\#(Surface.quoted(secret))}"#)
    case .summary:
      let id = try await client.startRecording()
      return try await post(
        Paths.recording(id, "stop"), #"{"summary":\#(Surface.quoted(secret))}"#)
    case .trial:
      return try await post(
        "/api/governance/redaction/try", #"{"sample":{"text":\#(Surface.quoted(secret))}}"#)
    case .clearReason: return try await clear(because: Surface.quoted(secret))
    default: return try await elsewhere(secret, surface)
    }
  }

  /// Logs an attempt in the surface's session.
  private func attempt(
    _ field: String, _ value: String, _ surface: Surface
  ) async throws -> Answer {
    var fields = [
      "error_type": #""E""#, "strategy": #""fix""#, "success": "true", "duration_seconds": "1",
      "user_id": #""alice""#,
    ]
    fields[field] = value
    let body = fields.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
    return try await post("\(RecoveryFlowTests.sessions)/of-\(surface)/attempts", "{\(body)}")
  }

  /// Clears a session that is made for it.
  private func clear(because reason: String) async throws -> Answer {
    let session = try await client.send(.post, RecoveryFlowTests.sessions).text("session_id")
    return try await client.send(
      .delete, "\(RecoveryFlowTests.sessions)/\(session)", json: #"{"reason":\#(reason)}"#)
  }

  private func elsewhere(_ secret: String, _ surface: Surface) async throws -> Answer {
    let encoded = Surface.encoded(secret)
    switch surface {
    case .path: return try await client.send(.get, "\(Paths.recordings)/\(encoded)")
    case .parameter: return try await client.send(.get, "\(Paths.recordings)?\(encoded)=1")
    case .filter:
      return try await client.send(
        .get,
        "\(Paths.recordings)?agent_id=\(encoded)&tag=\(encoded)&reason=\(encoded)&limit=1")
    case .userAgent:
      let line = secret.split(separator: "\n").joined(separator: " ")
      return try await client.send(
        .get, "\(Paths.recordings)?limit=1", headers: [("User-Agent", line)])
    case .agentFound: return try await client.send(.get, "/api/governance/agents/\(encoded)")
    case .agentID:
      return try await client.send(
        .put, "/api/governance/agents/\(encoded)", json: #"{"status":"student"}"#)
    case .agentOwner:
      return try await client.send(
        .put, "/api/governance/agents/owned",
        json: #"{"status":"student","owner_user_ids":[\#(Surface.quoted(secret))]}"#)
    default:
      return try await client.send(
        .put, "/api/governance/agents/named",
        json: #"{"name":\#(Surface.quoted(secret)),"status":"student"}"#)
    }
  }

  private func event(_ secret: String, _ surface: Surface) async throws -> Answer {
    let event = #"{"event_type":"step","event_data":\#(surface.data(secret))}"#
    guard surface == .lines else {
      return try await post(Paths.recording(recording, "event"), event)
    }
    let lines = #"{"event_type":"step","event_data":0}"# + "\n" + event + "\n"
    return try await client.send(
      .post, Paths.recording(recording, "events"), Array(lines.utf8), type: "application/x-ndjson")
  }

  private func start(_ field: String, _ value: String) async throws -> Answer {
    var fields = ["agent_id": #""agent-1""#, "user_id": #""alice""#, "reason": #""planted""#]
    fields[field] = value
    let body = fields.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
    return try await post("\(Paths.recordings)/start", "{\(body)}")
  }

  private func post(_ path: String, _ body: String) async throws -> Answer {
    try await client.send(.post, path, json: body)
  }
}

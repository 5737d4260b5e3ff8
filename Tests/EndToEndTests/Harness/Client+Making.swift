// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// How a thing is made to be asked about.
struct Making: Sendable {
  /// Whose recording or recovery it is, or about whose recording.
  var owner = "alice"
  /// What an agent, a user or a recovery session is called.
  var name = "canary"
  /// What is said in every text of it: nothing that JSON or a URL would have to escape.
  var words = "canary"
  /// Whether a recording is flagged; one that is reviewed is.
  var isFlagged = false
  /// Who claims and decides; nil: the admin who makes it.
  var reviewer: Client?

  fileprivate var reason: String { "{\"reason\":\"\(words)\"}" }
}

extension Deployment {
  /// Makes a thing and returns its id: as an admin does, or, what somebody else would have to have asked for, in
  /// the database.
  func make(
    _ thing: AuditedRequests.Thing, by admin: Client, _ making: Making
  ) async throws -> String {
    let id = try await admin.make(thing, making)
    guard thing == .deletion else { return id }
    return try await value(
      """
      insert into hansard.recording_deletions (
        tenant_id, deletion_id, recording_id, reason, requested_by)
      select r.tenant_id, gen_random_uuid(), r.recording_id, '\(making.words)', 'user:somebody'
      from hansard.canvas_recordings as r
      where r.recording_id = '\(id)'
      returning deletion_id::text
      """)
  }
}

/// An admin makes things.
extension Client {
  /// Makes a thing and returns its id.
  func make(_ thing: AuditedRequests.Thing, _ making: Making = .init()) async throws -> String {
    switch thing {
    case .recording: return try await makeRecording(making)
    case .agent:
      let body = "{\"name\":\"\(making.words)\",\"status\":\"student\"}"
      try await ask(.put, "agents/\(making.name)", body)
      return making.name
    case .user:
      try await ask(.put, "users/\(making.name)", "{\"name\":\"\(making.words)\"}")
      return making.name
    case .key:
      let body = "{\"role\":\"recorder\",\"name\":\"\(making.words)\"}"
      return try await ask(.post, "keys", body).text("key_id")
    case .webhook: return try await makeDisabledWebhook(making)
    case .recovery: return try await makeRecovery(making)
    case .openReview: return try await makeReview(making)
    case .claimedReview: return try await makeReview(making, steps: ["claim"])
    case .decidedReview: return try await makeReview(making, steps: ["claim", "decide"])
    case .stoppedRecording, .deletion: return try await makeRecording(making, isStopped: true)
    case .purgedRecording:
      let id = try await makeRecording(making, isStopped: true)
      let answer = try await send(
        .delete, Paths.recording(id), Array(making.reason.utf8))
      guard answer.status == 200 else { throw TestSupportError("not deleted: \(answer.text)") }
      return id
    case .hold:
      let id = try await makeRecording(making)
      let body = "{\"recording_id\":\"\(id)\",\"reason\":\"\(making.words)\"}"
      return try await ask(.post, "holds", body).text("hold_id")
    }
  }

  /// Of which nothing changes by itself: there is no such notice.
  private func makeDisabledWebhook(_ making: Making) async throws -> String {
    let url = "https://hooks.example.com/\(making.words)"
    let body = "{\"url\":\"\(url)\",\"types\":[\"webhook:disabled\"]}"
    let id = try await ask(.post, "webhooks", body).text("webhook_id")
    try await ask(.delete, "webhooks/\(id)")
    return id
  }

  /// Logs an attempt of the agent of all recordings.
  private func makeRecovery(_ making: Making) async throws -> String {
    let path = "/api/recovery/sessions/\(making.name)/attempts"
    let body = """
      {"error_type":"E","strategy":"fix","success":true,"duration_seconds":1,"agent_id":"agent-1",
       "user_id":"\(making.owner)","error_message":"\(making.words)"}
      """
    let answer = try await send(.post, path, json: body)
    guard answer.status == 201 else { throw TestSupportError("\(path): \(answer.text)") }
    return making.name
  }

  private func makeRecording(_ making: Making, isStopped: Bool = false) async throws -> String {
    let id = try await startRecording(user: making.owner, reason: making.words)
    let event = "{\"event_type\":\"step\",\"event_data\":\"\(making.words)\"}"
    _ = try await send(.post, Paths.recording(id, "event"), json: event)
    if making.isFlagged {
      let flag = "{\"flag_reason\":\"\(making.words)\"}"
      _ = try await send(.post, Paths.recording(id, "flag"), json: flag)
    }
    if isStopped { _ = try await send(.post, Paths.recording(id, "stop")) }
    return id
  }

  private func makeReview(_ making: Making, steps: [String] = []) async throws -> String {
    var making = making
    making.isFlagged = true
    let recording = try await makeRecording(making)
    let queue = try await ask(.get, "reviews?state=open&limit=500").json
    let review = try queue.elements.first { try $0["recording_id"]?.text() == recording }
    guard let id = try review?["review_id"]?.text() else { throw TestSupportError("no review") }
    for step in steps {
      let body = step == "decide" ? ReviewStage.decision : "{}"
      try await (making.reviewer ?? self).ask(.post, "reviews/\(id)/\(step)", body)
    }
    return id
  }

  @discardableResult
  private func ask(_ method: Method, _ path: String, _ body: String? = nil) async throws -> Answer {
    let answer = try await send(method, "/api/governance/\(path)", body.map { Array($0.utf8) })
    guard (200...201).contains(answer.status) else {
      throw TestSupportError("\(method) \(path): \(answer.text)")
    }
    return answer
  }
}

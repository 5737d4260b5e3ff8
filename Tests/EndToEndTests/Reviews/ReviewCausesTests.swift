// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// What gives cause for a review when a recording ends, beside failures, errors and samples.
@Suite(.serialized, .exclusive)
struct ReviewCausesTests {
  /// A recording with events of these types, stopped; the source of its review, if there is one.
  private func source(
    _ stage: ReviewStage, _ types: [String], status: String = "completed"
  ) async throws -> String? {
    let id = try await stage.record(flagged: false)
    let events = types.map { "{\"event_type\":\"\($0)\",\"event_data\":1}" }
    if !events.isEmpty {
      let body = "[\(events.joined(separator: ","))]"
      let stored = try await stage.admin.send(.post, Paths.recording(id, "events"), json: body)
      #expect(stored.status == 201, "\(stored.text)")
    }
    try await stop(id, stage, status)
    return try await stage.review(of: id)?["source"]?.text()
  }

  private func stop(
    _ id: String, _ stage: ReviewStage, _ status: String = "completed"
  ) async throws {
    let stopped = try await stage.admin.send(
      .post, Paths.recording(id, "stop"), json: "{\"status\":\"\(status)\"}")
    #expect(stopped.status == 200, "\(stopped.text)")
  }

  @Test func aDeniedPermissionIsReviewed() async throws {
    try await ReviewStage.with("review denials") { stage in
      #expect(try await source(stage, ["permission_denied"]) == "denial")
      #expect(try await source(stage, ["a", "permission_denied", "permission_denied"]) == "denial")
      #expect(try await source(stage, ["permission_granted", "permission_denied2"]) == nil)
      #expect(try await source(stage, []) == nil)
      // What weighs more is the cause.
      #expect(try await source(stage, ["permission_denied", "error"]) == "error")
      #expect(try await source(stage, ["permission_denied"], status: "failed") == "failure")
      // A week to look at it, and reviewers may.
      let review = try await stage.rita.send(.post, "\(ReviewStage.reviews)/claim")
      let recording = try review.text("recording_id")
      #expect(try await stage.rita.send(.get, Paths.recording(recording)).status == 200)
    }
  }

  private func setStatus(_ status: String, _ stage: ReviewStage) async throws -> Answer {
    let answer = try await stage.admin.send(
      .put, "/api/governance/agents/agent-1", json: "{\"status\":\"\(status)\"}")
    #expect(answer.status == 200, "\(answer.text)")
    return answer
  }

  private func setPolicy(_ terms: String, over version: Int, _ stage: ReviewStage) async throws {
    let answer = try await stage.admin.send(
      .put, "/api/governance/policy", json: terms, headers: [("If-Match", "\"policy-\(version)\"")])
    #expect(answer.status == 200, "\(answer.text)")
  }

  /// Counted in the order in which they started, in whichever they end.
  @Test func theFirstRecordingsOfAnAgentThatIsNewToAutonomyAreReviewed() async throws {
    try await ReviewStage.with("review autonomy") { stage in
      try await setPolicy(#"{"new_autonomy_reviews":2}"#, over: 0, stage)
      let earlier = try await stage.record(flagged: false)
      let before = try await setStatus("supervised", stage)
      #expect(try before.json["autonomous_since"]?.isNull == true)
      let since = try await setStatus("autonomous", stage).text("autonomous_since")
      // To be set again to what it is changes nothing.
      #expect(try await setStatus("autonomous", stage).text("autonomous_since") == since)
      var ids = [earlier]
      for _ in 0..<4 { ids.append(try await stage.record(flagged: false)) }
      for id in ids.reversed() { try await stop(id, stage) }
      var sources: [String?] = []
      for id in ids { sources.append(try await stage.review(of: id)?["source"]?.text()) }
      #expect(sources == [nil, "autonomy", "autonomy", nil, nil])
      // A denied permission weighs more.
      _ = try await setStatus("intern", stage)
      #expect(try await source(stage, []) == nil)
      let again = try await setStatus("autonomous", stage).text("autonomous_since")
      #expect(again > since)
      #expect(try await source(stage, ["permission_denied"]) == "denial")
      #expect(try await source(stage, []) == "autonomy")
      #expect(try await source(stage, []) == nil)
      let trail = try await stage.auditor.send(
        .get, "/api/governance/audit?action=manage_agents&agent_id=agent-1")
      let changes = try trail.json.elements.map {
        try $0["audit_metadata"]?["status_after"]?.text()
      }
      #expect(changes == ["autonomous", "intern", "autonomous", "autonomous", "supervised"])
    }
  }

  @Test func tenAreReviewedUnlessAPolicySaysOtherwise() async throws {
    try await ReviewStage.with("review ten") { stage in
      _ = try await setStatus("autonomous", stage)
      var sources: [String?] = []
      for _ in 0..<11 { sources.append(try await source(stage, [])) }
      #expect(sources == Array(repeating: "autonomy", count: 10) + [nil])
      try await setPolicy(#"{"new_autonomy_reviews":11}"#, over: 0, stage)
      #expect(try await source(stage, []) == nil)
      try await setPolicy(#"{"new_autonomy_reviews":13}"#, over: 1, stage)
      #expect(try await source(stage, []) == "autonomy")
      try await setPolicy(#"{"new_autonomy_reviews":0}"#, over: 2, stage)
      _ = try await setStatus("paused", stage)
      _ = try await setStatus("autonomous", stage)
      #expect(try await source(stage, []) == nil)
    }
  }
}

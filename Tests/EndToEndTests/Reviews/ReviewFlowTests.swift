// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// From a flag to a verdict that sticks, and what makes it stale.
@Suite(.serialized, .exclusive)
struct ReviewFlowTests {
  @Test func aVerdictSticksUntilSomethingChanges() async throws {
    try await ReviewStage.with("review flow") { stage in
      let recording = try await stage.record(flagged: true)
      let id = try await stage.id(of: recording)
      let item = "\(ReviewStage.reviews)/\(id)"
      // Nobody decides what they have not claimed, and nobody claims what somebody has.
      let early = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(early.status == 409 && early.code == "review_not_claimed")
      let claimed = try await stage.rita.send(.post, "\(item)/claim")
      #expect(claimed.status == 200, "\(claimed.text)")
      #expect(try claimed.text("state") == "claimed" && claimed.text("claimed_by") == "user:rita")
      let taken = try await stage.rosa.send(.post, "\(item)/claim")
      #expect(taken.status == 409 && taken.code == "review_taken")
      #expect(try await stage.rosa.send(.post, "\(item)/release").code == "review_not_claimed")

      let comment = #"{"comment":"It looks odd, ghp_16C7e42F292c6912E7710c838347Ae178B4a."}"#
      #expect(try await stage.rosa.send(.post, "\(item)/comment", json: comment).status == 200)
      let decided = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(decided.status == 200, "\(decided.text)")
      #expect(try decided.text("state") == "decided")
      #expect(try decided.text("review_status") == "needs_changes")
      // One event: its leaf is the root.
      let leaf = try await stage.admin.allEvents(of: recording)[0]["leaf_hash"]?.text()
      #expect(try decided.text("merkle_root") == leaf)
      #expect(try decided.json["event_count"]?.integer() == 1)

      let shown = try await stage.auditor.send(.get, item)
      let history = try #require(try shown.json["history"]).elements
      #expect(
        try history.map { try $0["kind"]?.text() } == ["opened", "claimed", "commented", "decided"])
      #expect(!shown.text.contains("ghp_16C7") && shown.text.contains("[REDACTED:"))
      #expect(shown.text.contains("asks first"))

      let bound = try #require(try shown.json["history"]).elements.first { entry in
        try entry["kind"]?.text() == "decided"
      }
      #expect(try bound?["merkle_root"]?.text() == leaf)

      // The owner's own flag leaves the verdict, and makes it stale.
      let owner = try await stage.tenant.makeKey(.init("member", user: "alice")).text
      let flag = #"{"flag_reason":"again"}"#
      let flagged = try await stage.client(owner).send(
        .post, Paths.recording(recording, "flag"), json: flag)
      #expect(flagged.status == 200)
      let kept = try await stage.review(of: recording)
      #expect(try kept?["state"]?.text() == "stale")
      #expect(try kept?["review_status"]?.text() == "needs_changes")

      // An event more, and the verdict is on something else.
      let event = #"{"event_type":"step","event_data":2}"#
      _ = try await stage.admin.send(.post, Paths.recording(recording, "event"), json: event)
      #expect(try await stage.review(of: recording)?["state"]?.text() == "stale")
      let again = try await stage.rita.send(.post, "\(item)/claim")
      #expect(again.status == 409 && again.code == "review_not_open")
      let reopened = try await stage.rosa.send(.post, "\(item)/reopen", json: #"{"reason":"new"}"#)
      #expect(try reopened.text("state") == "open" && reopened.text("review_status") == "pending")
    }
  }

  @Test func aVerdictOnOtherEventsThanSeenIsRefused() async throws {
    try await ReviewStage.with("review seen") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      _ = try await stage.rita.send(.post, "\(item)/claim")
      func decide(_ seen: Int) async throws -> Answer {
        try await stage.rita.send(
          .post, "\(item)/decide", json: #"{"review_status":"approved","event_count":\#(seen)}"#)
      }
      let early = try await decide(2)
      #expect(early.status == 412 && early.code == "precondition_failed", "\(early.text)")
      #expect(try await decide(1).status == 200)
    }
  }

  /// Addresses become markers five times as long.
  @Test func textsThatRedactionLengthensFit() async throws {
    try await ReviewStage.with("review long") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      func text(_ bytes: Int) -> String { String(repeating: "a@b.co ", count: bytes / 7) }
      let comment = "{\"comment\":\"\(text(4000))\"}"
      #expect(try await stage.rita.send(.post, "\(item)/comment", json: comment).status == 200)
      _ = try await stage.rita.send(.post, "\(item)/claim")
      let decision = "{\"review_status\":\"approved\",\"feedback\":\"\(text(8000))\"}"
      #expect(try await stage.rita.send(.post, "\(item)/decide", json: decision).status == 200)
    }
  }

  @Test func metricsAddUpWhatWasDecided() async throws {
    try await ReviewStage.with("review metrics") { stage in
      let path = "/api/governance/agents/agent-1/review-metrics"
      let none = try await stage.rita.send(.get, path)
      #expect(none.status == 404)
      for number in 0..<10 {
        let recording = try await stage.record(flagged: true)
        let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
        _ = try await stage.rita.send(.post, "\(item)/claim")
        let verdict = number == 0 ? "rejected" : "approved"
        let decision = """
          {"review_status":"\(verdict)","overall_rating":\(number == 0 ? 1 : 5),
           "identified_issues":["slow"\(number < 3 ? ",\"loud\"" : "")],
           "positive_patterns":["asks"]}
          """
        #expect(try await stage.rita.send(.post, "\(item)/decide", json: decision).status == 200)
      }
      let metrics = try await stage.auditor.send(.get, path + "?days=1")
      #expect(metrics.status == 200)
      #expect(try metrics.json["total_reviews"]?.integer() == 10)
      #expect(try metrics.json["approval_rate"]?.raw == "0.9")
      #expect(try metrics.json["average_rating"]?.raw == "4.6")
      let issues = #"[{"text":"slow","count":10},{"text":"loud","count":3}]"#
      #expect(try metrics.json["common_issues"]?.raw == issues)
      #expect(try metrics.json["strengths"]?.raw == #"[{"text":"asks","count":10}]"#)
      #expect(try metrics.text("status") == "student")
      #expect(try metrics.text("suggested_status") == "intern")
      for query in ["days=0", "days=3651", "days=x"] {
        #expect(try await stage.rita.send(.get, "\(path)?\(query)").status == 422)
      }
    }
  }

  @Test(arguments: [
    ("decide", "{}", "missing_field"), ("decide", #"{"review_status":"fine"}"#, "bad_value"),
    ("decide", #"{"review_status":"approved","overall_rating":6}"#, "bad_value"),
    ("decide", #"{"review_status":"approved","stars":1}"#, "unknown_field"),
    ("comment", "{}", "missing_field"), ("reopen", #"{"reason":""}"#, "empty_value"),
    ("claim", #"{"lease_seconds":0}"#, "bad_value"),
  ])
  func whatIsNoDecisionIsRefused(_ step: String, _ body: String, _ code: String) async throws {
    try await ReviewStage.with("review refusals") { stage in
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: stage.record(flagged: true)))"
      let answer = try await stage.rita.send(.post, "\(item)/\(step)", json: body)
      #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
    }
  }
}

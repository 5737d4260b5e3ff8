// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// The queue: what opens a review, who may take it, and that no two have the same.
@Suite(.serialized, .exclusive)
struct ReviewQueueTests {
  @Test func rulesOpenReviewsAndReviewersMayReadThem() async throws {
    try await ReviewStage.with("review rules") { stage in
      let failed = try await stage.record(flagged: false)
      let quiet = try await stage.record(flagged: false)
      let erring = try await stage.record(flagged: false)
      let error = #"{"event_type":"error","event_data":"boom"}"#
      _ = try await stage.admin.send(.post, Paths.recording(erring, "event"), json: error)
      let stops = [(failed, #"{"status":"failed"}"#), (quiet, "{}"), (erring, "{}")]
      for (id, body) in stops {
        #expect(
          try await stage.admin.send(.post, Paths.recording(id, "stop"), json: body).status == 200)
      }
      #expect(try await stage.review(of: failed)?["source"]?.text() == "failure")
      #expect(try await stage.review(of: erring)?["source"]?.text() == "error")
      #expect(try await stage.review(of: quiet) == nil)
      #expect(try await stage.rita.send(.get, Paths.recording(failed, "replay")).status == 200)
      #expect(try await stage.rita.send(.get, Paths.recording(quiet, "replay")).status == 403)
      // A flag opens once more what was decided.
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: failed))"
      _ = try await stage.rita.send(.post, "\(item)/claim")
      #expect(
        try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision).status == 200
      )
      let reason = #"{"flag_reason":"again"}"#
      _ = try await stage.admin.send(.post, Paths.recording(failed, "flag"), json: reason)
      #expect(try await stage.review(of: failed)?["state"]?.text() == "open")
    }
  }

  @Test func nobodyJudgesTheirOwn() async throws {
    try await ReviewStage.with("review own") { stage in
      let own = try await stage.record(flagged: true, user: "rita")
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: own))"
      for step in ["claim", "release"] {
        #expect(try await stage.rita.send(.post, "\(item)/\(step)").status == 403)
      }
      let decided = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(decided.status == 403)
      // The queue passes it over for her, and gives it to the next.
      #expect(try await stage.rita.send(.post, "\(ReviewStage.reviews)/claim").text == "null")
      #expect(try await stage.rosa.send(.post, "\(ReviewStage.reviews)/claim").text.contains(own))
      #expect(try await stage.auditor.send(.post, "\(item)/claim").status == 403)
    }
  }

  @Test func aLeaseEnds() async throws {
    try await ReviewStage.with("review lease") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      let lease = #"{"lease_seconds":3600}"#
      #expect(try await stage.rita.send(.post, "\(item)/claim", json: lease).status == 200)
      #expect(try await stage.rosa.send(.post, "\(ReviewStage.reviews)/claim").text == "null")
      try await stage.deployment.withDatabase {
        _ = try await $0.execute(
          Query(
            "update hansard.reviews set claimed_until = now() where tenant_id = ($1::text)::uuid",
            stage.tenant.id))
      }
      #expect(try await stage.review(of: recording)?["state"]?.text() == "open")
      let late = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(late.status == 409 && late.code == "review_not_claimed")
      #expect(try await stage.rosa.send(.post, "\(item)/claim").status == 200)
    }
  }

  @Test func theQueueIsPagedInTheOrderOfItsDueDates() async throws {
    try await ReviewStage.with("review pages") { stage in
      for _ in 0..<5 { _ = try await stage.record(flagged: true) }
      var path: String? = ReviewStage.reviews + "?state=open&limit=2"
      var due: [String] = []
      while let page = path {
        let answer = try await stage.rita.send(.get, page)
        due += try answer.json.elements.map { try $0["due_at"]?.text() ?? "" }
        path = answer.next
      }
      #expect(due.count == 5 && due == due.sorted())
      for state in ["claimed", "decided", "stale"] {
        let answer = try await stage.rita.send(.get, ReviewStage.reviews + "?state=\(state)")
        #expect(answer.text == "[]")
      }
    }
  }
}

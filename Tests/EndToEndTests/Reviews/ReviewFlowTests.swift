// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// From a flag to a verdict that sticks: the queue, claims, decisions, and what makes them stale.
@Suite(.serialized, .exclusive)
struct ReviewFlowTests {
  private static let reviews = "/api/governance/reviews"

  /// A tenant with an admin who records, and two reviewers.
  private struct Stage: Sendable {
    let deployment: Deployment
    let tenant: Tenant
    let admin: Client
    let rita: Client
    let rosa: Client
    let auditor: Client
    let client: @Sendable (String) -> Client

    /// A recording of alice's with an event, flagged or not.
    func record(flagged: Bool, user: String = "alice") async throws -> String {
      let id = try await admin.startRecording(user: user)
      let event = #"{"event_type":"step","event_data":1}"#
      _ = try await admin.send(.post, Paths.recording(id, "event"), json: event)
      if flagged {
        let reason = #"{"flag_reason":"look"}"#
        _ = try await admin.send(.post, Paths.recording(id, "flag"), json: reason)
      }
      return id
    }

    func review(of recording: String) async throws -> JSONValue? {
      try await auditor.send(.get, reviews + "?limit=500").json.elements.first {
        try $0["recording_id"]?.text() == recording
      }
    }

    func id(of recording: String) async throws -> String {
      try #require(try await review(of: recording)?["review_id"]).text()
    }
  }

  private func withStage(_ name: String, _ body: (Stage) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let keys = try await tenant.makeKeys([
      "admin": .init("admin", user: "root"), "rita": .init("reviewer", user: "rita"),
      "rosa": .init("reviewer", user: "rosa"), "auditor": .init("auditor"),
    ])
    try await deployment.withService { service in
      func client(_ name: String) -> Client { service.client(keys[name]?.text) }
      try await body(
        Stage(
          deployment: deployment, tenant: tenant, admin: client("admin"), rita: client("rita"),
          rosa: client("rosa"), auditor: client("auditor"), client: { service.client($0) }))
    }
  }

  private static let decision = #"""
    {"review_status":"needs_changes","overall_rating":4,"safety_rating":2,"feedback":"Careful.",
     "identified_issues":["slow"],"positive_patterns":["asks first"],"lessons_learned":"Ask."}
    """#

  @Test func aVerdictSticksUntilSomethingChanges() async throws {
    try await withStage("review flow") { stage in
      let recording = try await stage.record(flagged: true)
      let id = try await stage.id(of: recording)
      let item = "\(Self.reviews)/\(id)"
      // Nobody decides what they have not claimed, and nobody claims what somebody has.
      let early = try await stage.rita.send(.post, "\(item)/decide", json: Self.decision)
      #expect(early.status == 409 && early.code == "review_not_claimed")
      let claimed = try await stage.rita.send(.post, "\(item)/claim")
      #expect(claimed.status == 200, "\(claimed.text)")
      #expect(try claimed.text("state") == "claimed" && claimed.text("claimed_by") == "user:rita")
      let taken = try await stage.rosa.send(.post, "\(item)/claim")
      #expect(taken.status == 409 && taken.code == "review_taken")
      #expect(try await stage.rosa.send(.post, "\(item)/release").code == "review_not_claimed")

      let comment = #"{"comment":"It looks odd, ghp_16C7e42F292c6912E7710c838347Ae178B4a."}"#
      #expect(try await stage.rosa.send(.post, "\(item)/comment", json: comment).status == 200)
      let decided = try await stage.rita.send(.post, "\(item)/decide", json: Self.decision)
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

  @Test func rulesOpenReviewsAndReviewersMayReadThem() async throws {
    try await withStage("review rules") { stage in
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
      let item = "\(Self.reviews)/\(try await stage.id(of: failed))"
      _ = try await stage.rita.send(.post, "\(item)/claim")
      #expect(
        try await stage.rita.send(.post, "\(item)/decide", json: Self.decision).status == 200)
      let reason = #"{"flag_reason":"again"}"#
      _ = try await stage.admin.send(.post, Paths.recording(failed, "flag"), json: reason)
      #expect(try await stage.review(of: failed)?["state"]?.text() == "open")
    }
  }

  @Test func aVerdictOnOtherEventsThanSeenIsRefused() async throws {
    try await withStage("review seen") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(Self.reviews)/\(try await stage.id(of: recording))"
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
    try await withStage("review long") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(Self.reviews)/\(try await stage.id(of: recording))"
      func text(_ bytes: Int) -> String { String(repeating: "a@b.co ", count: bytes / 7) }
      let comment = "{\"comment\":\"\(text(4000))\"}"
      #expect(try await stage.rita.send(.post, "\(item)/comment", json: comment).status == 200)
      _ = try await stage.rita.send(.post, "\(item)/claim")
      let decision = "{\"review_status\":\"approved\",\"feedback\":\"\(text(8000))\"}"
      #expect(try await stage.rita.send(.post, "\(item)/decide", json: decision).status == 200)
    }
  }

  @Test func nobodyJudgesTheirOwn() async throws {
    try await withStage("review own") { stage in
      let own = try await stage.record(flagged: true, user: "rita")
      let item = "\(Self.reviews)/\(try await stage.id(of: own))"
      for step in ["claim", "release"] {
        #expect(try await stage.rita.send(.post, "\(item)/\(step)").status == 403)
      }
      let decided = try await stage.rita.send(.post, "\(item)/decide", json: Self.decision)
      #expect(decided.status == 403)
      // The queue passes it over for her, and gives it to the next.
      #expect(try await stage.rita.send(.post, "\(Self.reviews)/claim").text == "null")
      #expect(try await stage.rosa.send(.post, "\(Self.reviews)/claim").text.contains(own))
      #expect(try await stage.auditor.send(.post, "\(item)/claim").status == 403)
    }
  }

  @Test func aLeaseEnds() async throws {
    try await withStage("review lease") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(Self.reviews)/\(try await stage.id(of: recording))"
      let lease = #"{"lease_seconds":3600}"#
      #expect(try await stage.rita.send(.post, "\(item)/claim", json: lease).status == 200)
      #expect(try await stage.rosa.send(.post, "\(Self.reviews)/claim").text == "null")
      try await stage.deployment.withDatabase {
        _ = try await $0.execute(
          Query(
            "update hansard.reviews set claimed_until = now() where tenant_id = ($1::text)::uuid",
            stage.tenant.id))
      }
      #expect(try await stage.review(of: recording)?["state"]?.text() == "open")
      let late = try await stage.rita.send(.post, "\(item)/decide", json: Self.decision)
      #expect(late.status == 409 && late.code == "review_not_claimed")
      #expect(try await stage.rosa.send(.post, "\(item)/claim").status == 200)
    }
  }

  /// Fifty reviewers take all of a long queue, and none is taken twice.
  @Test(.timeLimit(.minutes(3))) func fiftyReviewersNeverTakeOneTwice() async throws {
    let items = 2000
    try await withStage("review crowd") { stage in
      _ = try await stage.record(flagged: true)
      try await stage.deployment.withDatabase { database in
        _ = try await database.execute(
          Query(
            """
            with copies as (
              insert into hansard.canvas_recordings (
                tenant_id, id, recording_id, agent_id, user_id, reason, started_at,
                recording_metadata, expires_at, expires_on)
              select r.tenant_id, gen_random_uuid(), gen_random_uuid(), r.agent_id, r.user_id,
                r.reason, r.started_at, r.recording_metadata, r.expires_at, r.expires_on
              from hansard.canvas_recordings as r, generate_series(2, $2) as n
              where r.tenant_id = ($1::text)::uuid
              returning *
            ), progress as (
              insert into hansard.recording_progress (
                tenant_id, recording_id, closes_at, expires_on)
              select tenant_id, recording_id, expires_at, expires_on
              from copies
            )
            insert into hansard.reviews (tenant_id, review_id, recording_id, source, due_at)
            select tenant_id, gen_random_uuid(), recording_id, 'flag', now()
            from copies
            """, stage.tenant.id, Int32(items)))
      }
      let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
        for index in 0..<50 {
          let client = index.isMultiple(of: 2) ? stage.rita : stage.rosa
          group.addTask {
            var taken: [String] = []
            while true {
              let answer = try await client.send(
                .post, "\(Self.reviews)/claim", within: .seconds(60))
              if answer.status == 503 { continue }
              guard answer.text != "null" else { return taken }
              taken.append(try answer.text("review_id"))
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(claimed.count == items)
      #expect(Set(claimed).count == items)
    }
  }

  @Test func metricsAddUpWhatWasDecided() async throws {
    try await withStage("review metrics") { stage in
      let path = "/api/governance/agents/agent-1/review-metrics"
      let none = try await stage.rita.send(.get, path)
      #expect(none.status == 404)
      for number in 0..<10 {
        let recording = try await stage.record(flagged: true)
        let item = "\(Self.reviews)/\(try await stage.id(of: recording))"
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
    try await withStage("review refusals") { stage in
      let item = "\(Self.reviews)/\(try await stage.id(of: stage.record(flagged: true)))"
      let answer = try await stage.rita.send(.post, "\(item)/\(step)", json: body)
      #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
    }
  }

  @Test func theQueueIsPagedInTheOrderOfItsDueDates() async throws {
    try await withStage("review pages") { stage in
      for _ in 0..<5 { _ = try await stage.record(flagged: true) }
      var path: String? = Self.reviews + "?state=open&limit=2"
      var due: [String] = []
      while let page = path {
        let answer = try await stage.rita.send(.get, page)
        due += try answer.json.elements.map { try $0["due_at"]?.text() ?? "" }
        path = answer.next
      }
      #expect(due.count == 5 && due == due.sorted())
      for state in ["claimed", "decided", "stale"] {
        let answer = try await stage.rita.send(.get, Self.reviews + "?state=\(state)")
        #expect(answer.text == "[]")
      }
    }
  }
}

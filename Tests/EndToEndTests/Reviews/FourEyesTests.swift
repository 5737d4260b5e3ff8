// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Verdicts that hold only when two reviewers have given them.
@Suite(.serialized, .exclusive)
struct FourEyesTests {
  @Test func twoReviewersMustAgree() async throws {
    try await FourEyesStage.with("four eyes agree") { stage in
      let item = try await stage.flagged()
      let first = try await stage.judge(item, "approved", by: stage.rita)
      #expect(try first.text("state") == "awaiting_second")
      #expect(try first.text("review_status") == "pending")
      #expect(try first.json["reviewed_by"]?.isNull == true)
      let rita = #"{"reviewed_by":"user:rita","review_status":"approved"}"#
      #expect(try first.json["proposals"]?.raw == "[\(rita)]")
      let waiting = try await stage.rosa.send(
        .get, "\(ReviewStage.reviews)?state=awaiting_second")
      #expect(try waiting.json.elements.count == 1)

      let again = try await stage.rita.send(.post, "\(item)/claim")
      #expect(again.status == 409 && again.code == "review_needs_another", "\(again.text)")
      #expect(try await stage.rita.send(.post, "\(ReviewStage.reviews)/claim").text == "null")
      let next = try await stage.rosa.send(.post, "\(ReviewStage.reviews)/claim")
      #expect(try next.text("state") == "claimed")
      // Given back, it still waits for the same.
      let released = try await stage.rosa.send(.post, "\(item)/release")
      #expect(try released.text("state") == "awaiting_second")

      let second = try await stage.judge(item, "approved", by: stage.rosa)
      #expect(try second.text("state") == "decided")
      #expect(try second.text("review_status") == "approved")
      #expect(try second.text("reviewed_by") == "user:rosa")
      #expect(try second.json["proposals"]?.raw == "[\(rita)]")
      #expect(
        try await stage.verdicts(item) == [
          "proposed user:rita approved", "decided user:rosa approved",
        ])
      let metrics = try await stage.rita.send(
        .get, "/api/governance/agents/agent-1/review-metrics")
      #expect(try metrics.json["total_reviews"]?.integer() == 1)
      let trail = try await stage.admin.send(.get, "/api/governance/audit?action=decide_review")
      let holds = try trail.json.elements.map { try $0["audit_metadata"]?["holds"]?.text() }
      #expect(holds == ["true", "false"])
    }
  }

  @Test func whereTwoDisagreeAThirdDecides() async throws {
    try await FourEyesStage.with("four eyes differ") { stage in
      let item = try await stage.flagged()
      _ = try await stage.judge(item, "approved", by: stage.rita)
      let second = try await stage.judge(item, "rejected", by: stage.rosa)
      #expect(try second.text("state") == "awaiting_second")
      for reviewer in [stage.rita, stage.rosa] {
        let answer = try await reviewer.send(.post, "\(item)/claim")
        #expect(answer.code == "review_needs_another")
      }
      let third = try await stage.judge(item, "rejected", by: stage.tess)
      #expect(try third.text("state") == "decided" && third.text("review_status") == "rejected")

      // One who agrees with neither leaves it to a fourth.
      let other = try await stage.flagged()
      _ = try await stage.judge(other, "approved", by: stage.rita)
      _ = try await stage.judge(other, "rejected", by: stage.rosa)
      let open = try await stage.judge(other, "needs_changes", by: stage.tess)
      #expect(try open.text("state") == "awaiting_second")
      let fourth = try await stage.judge(other, "approved", by: stage.admin)
      #expect(try fourth.text("state") == "decided" && fourth.text("review_status") == "approved")
    }
  }

  @Test func aVerdictOnSomethingElseCountsForNothing() async throws {
    try await FourEyesStage.with("four eyes stale") { stage in
      let recording = try await stage.stage.record(flagged: true)
      let item = "\(ReviewStage.reviews)/\(try await stage.stage.id(of: recording))"
      let event = #"{"event_type":"step","event_data":2}"#
      _ = try await stage.judge(item, "approved", by: stage.rita)
      _ = try await stage.admin.send(.post, Paths.recording(recording, "event"), json: event)
      let shown = try await stage.rita.send(.get, item)
      #expect(try shown.text("state") == "open" && shown.json["proposals"]?.raw == "[]")
      let again = try await stage.judge(item, "rejected", by: stage.rita)
      #expect(try again.json["proposals"]?.elements.count == 1)
      // The event comes while the second one reads.
      #expect(try await stage.rosa.send(.post, "\(item)/claim").status == 200)
      _ = try await stage.admin.send(.post, Paths.recording(recording, "event"), json: event)
      let alone = try await stage.decide(item, "rejected", by: stage.rosa)
      #expect(try alone.text("state") == "awaiting_second")
      #expect(
        try alone.json["proposals"]?.raw
          == #"[{"reviewed_by":"user:rosa","review_status":"rejected"}]"#)
      // So does a flag, also the owner's.
      let flag = #"{"flag_reason":"again"}"#
      _ = try await stage.admin.send(.post, Paths.recording(recording, "flag"), json: flag)
      #expect(try await stage.rita.send(.get, item).text("state") == "open")
    }
  }

  @Test func theTwoAreTwoPeopleAndNeitherIsTheOwner() async throws {
    try await FourEyesStage.with("four eyes people") { stage in
      let item = try await stage.flagged()
      _ = try await stage.judge(item, "approved", by: stage.rita)
      // Another key of the same user's, as another role too.
      for role in ["reviewer", "admin"] {
        let other = try await stage.client(.init(role, user: "rita"))
        #expect(try await other.send(.post, "\(item)/claim").code == "review_needs_another")
      }
      // A key that is nobody's might be anybody's.
      let nobody = try await stage.client(.init("admin"))
      for path in ["\(item)/claim", "\(ReviewStage.reviews)/claim"] {
        let answer = try await nobody.send(.post, path)
        #expect(answer.status == 403, "\(answer.text)")
      }
      let owner = try await stage.client(.init("reviewer", user: "alice"))
      #expect(try await owner.send(.post, "\(item)/claim").status == 403)
      #expect(try await owner.send(.post, "\(ReviewStage.reviews)/claim").text == "null")
      // It was claimed before the policy was set.
      let version = try await stage.set(fourEyes: false)
      #expect(try await nobody.send(.post, "\(item)/claim").status == 200)
      #expect(try await stage.set(fourEyes: true) == version + 1)
      #expect(try await stage.decide(item, "approved", by: nobody).status == 403)
    }
  }

  @Test func reopeningSetsVerdictsAside() async throws {
    try await FourEyesStage.with("four eyes reopened") { stage in
      let item = try await stage.flagged()
      _ = try await stage.judge(item, "approved", by: stage.rita)
      let reopened = try await stage.rosa.send(
        .post, "\(item)/reopen", json: #"{"reason":"talked"}"#)
      #expect(try reopened.text("state") == "open" && reopened.json["proposals"]?.raw == "[]")
      let once = try await stage.rosa.send(.post, "\(item)/reopen", json: #"{"reason":"twice"}"#)
      #expect(once.code == "review_not_decided")
      _ = try await stage.judge(item, "rejected", by: stage.rita)
      let decided = try await stage.judge(item, "rejected", by: stage.rosa)
      #expect(try decided.text("state") == "decided")
      let again = try await stage.rosa.send(.post, "\(item)/reopen", json: #"{"reason":"new"}"#)
      #expect(try again.json["proposals"]?.raw == "[]")
    }
  }

  @Test func thePolicyOfTheMomentHolds() async throws {
    try await FourEyesStage.with("four eyes policy") { stage in
      let item = try await stage.flagged()
      _ = try await stage.judge(item, "approved", by: stage.rita)
      _ = try await stage.set(fourEyes: false)
      let alone = try await stage.judge(item, "rejected", by: stage.rosa)
      #expect(try alone.text("state") == "decided" && alone.text("review_status") == "rejected")
      let trail = try await stage.admin.send(.get, "/api/governance/audit?action=set_policy")
      let changes = try trail.json.elements.map {
        try $0["audit_metadata"]?["four_eyes_after"]?.text()
      }
      #expect(changes == ["false", "true"])
      let wrong = try await stage.admin.send(
        .put, "/api/governance/policy", json: #"{"four_eyes":"yes"}"#,
        headers: [("If-Match", "\"policy-2\"")])
      #expect(wrong.status == 422 && wrong.code == "wrong_type")
    }
  }

  /// Many reviewers at once: each review gets its two, and no more.
  @Test(.timeLimit(.minutes(2)), arguments: [true, false])
  func aCrowdGivesEachItsTwo(_ fourEyes: Bool) async throws {
    try await FourEyesStage.with("four eyes crowd") { stage in
      if !fourEyes { _ = try await stage.set(fourEyes: false) }
      var items: [String] = []
      for _ in 0..<12 { items.append(try await stage.flagged()) }
      let crowd = [stage.rita, stage.rosa, stage.tess, stage.admin]
      try await withThrowingTaskGroup(of: Void.self) { group in
        // Each of them at two desks.
        for reviewer in crowd + crowd {
          group.addTask { try await stage.judgeAll(12, by: reviewer) }
        }
        try await group.waitForAll()
      }
      for item in items {
        let verdicts = try await stage.verdicts(item).map { $0.split(separator: " ") }
        #expect(verdicts.map { $0[0] } == (fourEyes ? ["proposed", "decided"] : ["decided"]))
        #expect(Set(verdicts.map { $0[1] }).count == (fourEyes ? 2 : 1), "\(verdicts)")
      }
    }
  }

  /// A verdict that is sent twice at once is given once.
  @Test func nobodySecondsThemselvesByHurrying() async throws {
    try await FourEyesStage.with("four eyes hurry") { stage in
      for _ in 0..<10 {
        let item = try await stage.flagged()
        #expect(try await stage.rita.send(.post, "\(item)/claim").status == 200)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<4 {
            group.addTask { try await stage.decide(item, "approved", by: stage.rita).status }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 409, 409, 409])
        #expect(try await stage.verdicts(item) == ["proposed user:rita approved"])
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Whoever owns an agent reviews none of its recordings, as reviewer or as admin.
@Suite(.serialized, .exclusive)
struct AgentOwnersTests {
  private static let detail = "This is a recording of your own agent."

  /// Each step by rita and by an admin, who own the agent or, for the control, another one.
  @Test(arguments: [true, false]) func nobodyReviewsAnAgentOfTheirOwn(_ ownsIt: Bool) async throws {
    try await ReviewStage.with("owned agent") { stage in
      try await stage.own(["rita", "root"], agent: ownsIt ? "agent-1" : "agent-2")
      let comment = #"{"comment":"hm"}"#
      let reason = #"{"reason":"new"}"#
      for owner in [stage.rita, stage.admin] {
        let item = "\(ReviewStage.reviews)/\(try await stage.id(of: stage.record(flagged: true)))"
        // What is to be released, decided and reopened is somebody else's work before.
        let steps: [(String, String?)] = [
          ("claim", nil), ("comment", comment), ("release", nil), ("claim", nil),
          ("decide", ReviewStage.decision), ("reopen", reason),
        ]
        for (step, body) in steps {
          let answer = try await owner.send(
            .post, "\(item)/\(step)", body.map { Array($0.utf8) })
          #expect(answer.status == (ownsIt ? 403 : 200), "\(step): \(answer.text)")
          guard ownsIt else { continue }
          #expect(answer.code == "forbidden", "\(step)")
          #expect(try answer.text("detail") == Self.detail, "\(step)")
          #expect(try await stage.rosa.send(.get, item).status == 200)
        }
        // It is readable all the same.
        #expect(try await owner.send(.get, item).status == 200)
        #expect(try await stage.rosa.send(.post, "\(item)/claim").status == 200)
        let decided = try await stage.rosa.send(
          .post, "\(item)/decide", json: ReviewStage.decision)
        #expect(decided.status == 200)
        if ownsIt {
          #expect(try await owner.send(.post, "\(item)/reopen", json: reason).status == 403)
        }
      }
      let refusals = try await stage.auditor.send(
        .get, "/api/governance/audit?outcome=refused&agent_id=agent-1&limit=500")
      #expect(try refusals.json.elements.count == (ownsIt ? 14 : 0))
    }
  }

  @Test func theQueuePassesOverTheCallersAgents() async throws {
    try await ReviewStage.with("owned queue") { stage in
      try await stage.own(["rita", "root"], agent: "agent-1")
      try await stage.own(["rosa"], agent: "agent-2")
      let first = try await stage.record(flagged: true)
      let second = try await stage.record(flagged: true, agent: "agent-2")
      let third = try await stage.record(flagged: true, agent: "agent-3")
      func next(_ reviewer: Client) async throws -> String? {
        let answer = try await reviewer.send(.post, "\(ReviewStage.reviews)/claim")
        return answer.text == "null" ? nil : try answer.text("recording_id")
      }
      // What is due first is passed over for its owners alone.
      #expect(try await next(stage.rita) == second)
      #expect(try await next(stage.admin) == third)
      #expect(try await next(stage.rita) == nil)
      #expect(try await next(stage.rosa) == first)
      #expect(try await next(stage.rosa) == nil)
      // Who gives an agent away gets none of what it did for them, and all of what comes.
      try await stage.own([], agent: "agent-1")
      let later = try await stage.record(flagged: true)
      _ = try await stage.rosa.send(
        .post, "\(ReviewStage.reviews)/\(try await stage.id(of: first))/release")
      #expect(try await next(stage.rita) == later)
      #expect(try await next(stage.rita) == nil)
    }
  }

  @Test func whoComesToOwnItDecidesNoMore() async throws {
    try await ReviewStage.with("owned meanwhile") { stage in
      let recording = try await stage.record(flagged: false)
      _ = try await stage.admin.send(
        .post, Paths.recording(recording, "stop"), json: #"{"status":"failed"}"#)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      func decide() async throws -> Int {
        try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision).status
      }
      #expect(try await stage.rita.send(.post, "\(item)/claim").status == 200)
      try await stage.own(["rita"])
      #expect(try await decide() == 403)
      // It was over before she owned the agent, so that it is hers only while she does.
      try await stage.own([])
      #expect(try await decide() == 200)
    }
  }

  @Test func anOwnersFlagLeavesAVerdict() async throws {
    try await ReviewStage.with("owned flag") { stage in
      let recording = try await stage.record(flagged: true)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      _ = try await stage.rosa.send(.post, "\(item)/claim")
      _ = try await stage.rosa.send(.post, "\(item)/decide", json: ReviewStage.decision)
      try await stage.own(["rita", "root"])
      for owner in [stage.rita, stage.admin] {
        let flag = try await owner.send(
          .post, Paths.recording(recording, "flag"), json: #"{"flag_reason":"again"}"#)
        #expect(flag.status == 200)
        #expect(try await stage.review(of: recording)?["state"]?.text() == "stale")
      }
      _ = try await stage.rosa.send(
        .post, Paths.recording(recording, "flag"), json: #"{"flag_reason":"again"}"#)
      #expect(try await stage.review(of: recording)?["state"]?.text() == "open")
    }
  }

  /// A verdict that waits for another counts no more once whoever gave it owns the agent.
  @Test(arguments: [true, false]) func noneOfTheFourEyesIsAnOwners(_ ownsIt: Bool) async throws {
    try await FourEyesStage.with("owned four eyes") { stage in
      let item = try await stage.flagged()
      _ = try await stage.judge(item, "approved", by: stage.rita)
      try await stage.stage.own(["rita"], agent: ownsIt ? "agent-1" : "agent-2")
      let shown = try await stage.admin.send(.get, item)
      #expect(try shown.text("state") == (ownsIt ? "open" : "awaiting_second"))
      #expect(try shown.json["proposals"]?.elements.count == (ownsIt ? 0 : 1))
      let waiting = try await stage.admin.send(
        .get, "\(ReviewStage.reviews)?state=awaiting_second")
      #expect(try waiting.json.elements.count == (ownsIt ? 0 : 1))
      let second = try await stage.judge(item, "approved", by: stage.rosa)
      #expect(try second.text("state") == (ownsIt ? "awaiting_second" : "decided"))
      guard ownsIt else { return }
      #expect(try await stage.rita.send(.post, "\(item)/claim").status == 403)
      #expect(try await stage.rita.send(.post, "\(ReviewStage.reviews)/claim").text == "null")
      let third = try await stage.judge(item, "approved", by: stage.tess)
      #expect(try third.text("state") == "decided")
      #expect(
        try third.json["proposals"]?.raw
          == #"[{"reviewed_by":"user:rosa","review_status":"approved"}]"#)
      // What holds goes on to hold.
      try await stage.stage.own(["rosa", "tess"])
      #expect(try await stage.admin.send(.get, item).text("state") == "decided")
    }
  }

  @Test func ownersAreSetOverHTTPAndAtTheCommandLine() async throws {
    try await ReviewStage.with("owned registers") { stage in
      let path = "/api/governance/agents/agent-1"
      func owners(_ answer: Answer) throws -> [String]? {
        try answer.json["owner_user_ids"]?.elements.map { try $0.text() }
      }
      let made = try await stage.admin.send(
        .put, path, json: #"{"status":"student","owner_user_ids":["zoe","rita","zoe"]}"#)
      #expect(made.status == 200, "\(made.text)")
      #expect(try owners(made) == ["rita", "zoe"])
      let kept = try await stage.admin.send(.put, path, json: #"{"status":"intern"}"#)
      #expect(try owners(kept) == ["rita", "zoe"])
      #expect(try owners(try await stage.auditor.send(.get, path)) == ["rita", "zoe"])
      let list = try await stage.auditor.send(.get, "/api/governance/agents")
      #expect(list.text.contains(#""owner_user_ids":["rita","zoe"]"#))
      let zoe = try await stage.auditor.send(.get, "/api/governance/users/zoe")
      #expect(zoe.text.contains(#""registered":false"#))
      func command(_ words: [String]) async throws -> String? {
        try await stage.deployment.answer(
          ["agent", "create", "agent-1", "--status", "intern", "--tenant", stage.tenant.id] + words
        )["owner_user_ids"]?.raw
      }
      #expect(try await command(["--owner", "ann", "--owner", "rosa"]) == #"["ann","rosa"]"#)
      #expect(try await command([]) == #"["ann","rosa"]"#)
      #expect(try await command(["--no-owner"]) == "[]")
      await #expect(throws: TestSupportError.self) {
        _ = try await command(["--no-owner", "--owner", "ann"])
      }
      let trail = try await stage.auditor.send(
        .get, "/api/governance/audit?action=manage_agents&outcome=allowed")
      let changes = try trail.json.elements.reversed().map { line in
        let metadata = line["audit_metadata"]
        return try metadata?["owners_before"].map {
          "\(try $0.text())>\(try metadata?["owners_after"]?.text() ?? "")"
        }
      }
      #expect(changes == [">rita zoe", nil, "rita zoe>ann rosa", nil, "ann rosa>"])
    }
  }
}

extension ReviewStage {
  /// Makes these the owners of an agent, and no others.
  func own(_ users: [String], agent: String = "agent-1") async throws {
    let list = users.map { "\"\($0)\"" }.joined(separator: ",")
    let answer = try await admin.send(
      .put, "/api/governance/agents/\(agent)",
      json: #"{"status":"student","owner_user_ids":[\#(list)]}"#)
    #expect(answer.status == 200, "\(answer.text)")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Legal holds, deletion by admins and certificates, over HTTP.
@Suite(.serialized, .exclusive)
struct RetentionFlowTests {
  @Test func aHoldIsPlacedShownAndLifted() async throws {
    try await RetentionStage.with("holds") { stage in
      let id = try await stage.stopped()
      let auditor = stage.client("auditor")
      let before = try await auditor.send(.get, Paths.recording(id))
      #expect(try before.json["on_hold"]?.raw == "false")
      #expect(try before.json["retain_until"]?.isNull == true)
      let placed = try await stage.hold(id)
      #expect(placed.status == 201, "\(placed.text)")
      let place = try #require(placed.headers["location"].first)
      #expect(place == "\(RetentionStage.holds)/\(try placed.text("hold_id"))")
      #expect(try await auditor.send(.get, place).body == placed.body)
      #expect(try await auditor.send(.get, Paths.recording(id)).json["on_hold"]?.raw == "true")
      let list = try await auditor.send(.get, Paths.recordings)
      #expect(try list.json.elements.map { $0["on_hold"]?.raw } == ["true"])
      let rows = try await auditor.send(.get, Paths.recordings + "/export?format=csv")
      #expect(rows.text.contains(",expires_at,retain_until,on_hold\r\n"))
      #expect(rows.text.hasSuffix(",,true\r\n"))

      let held = try await stage.delete(id)
      #expect(held.status == 423 && held.code == "recording_held")
      let lifted = try await stage.send(.delete, place)
      #expect(try lifted.status == 200 && lifted.text("lift_reason") == "enough")
      let again = try await stage.send(.delete, place)
      #expect(again.status == 409 && again.code == "hold_lifted")
      for (query, count) in [
        ("", 1), ("?active=true", 0), ("?active=false", 1), ("?recording_id=\(id)", 1),
        ("?recording_id=\(place.suffix(36))", 0),
      ] {
        let page = try await auditor.send(.get, RetentionStage.holds + query)
        #expect(try page.json.elements.count == count, "\(query)")
      }
    }
  }

  @Test func aDeletionIsCertifiedAndTold() async throws {
    try await RetentionStage.with("deletions") { stage in
      let open = try await stage.client("root").make(.recording)
      let refused = try await stage.delete(open)
      #expect(refused.status == 409 && refused.code == "recording_open")
      let id = try await stage.stopped()
      let whole = try await stage.client("auditor").send(.get, Paths.recording(id)).json
      let leaves = try whole["events"]?.elements.map { try $0["leaf_hash"]?.text() }

      let deleted = try await stage.delete(id)
      #expect(deleted.status == 200, "\(deleted.text)")
      // Of one leaf, the root is the leaf.
      #expect(try leaves == [deleted.text("merkle_root")])
      #expect(try deleted.text("cause") == "deleted" && deleted.text("reason") == "asked for")
      #expect(try deleted.text("purged_by") == "user:root")
      #expect(try deleted.json["event_count"]?.integer() == 1)
      let path = "\(RetentionStage.certificates)/\(id)"
      #expect(try await stage.client("auditor").send(.get, path).body == deleted.body)
      for query in [
        "?agent_id=agent-1&user_id=alice&cause=deleted", "?started_before=2999-01-01T00:00:00Z",
        "?purged_after=2000-01-01T00:00:00Z&limit=1",
      ] {
        let page = try await stage.client("auditor").send(.get, RetentionStage.certificates + query)
        #expect(page.text == "[\(deleted.text)]", "\(query)")
      }
      let none = try await stage.client("auditor").send(
        .get, RetentionStage.certificates + "?cause=expired")
      #expect(none.text == "[]")
      try await everybodyIsToldWhatTheyMayKnow(id, stage)
      try await itHasItsLines(id, stage)
    }
  }

  /// 410 who could have seen it, 403 who could not, and who is of another tenant what nobody's id gets.
  private func everybodyIsToldWhatTheyMayKnow(
    _ id: String, _ stage: RetentionStage
  ) async throws {
    let nobodys = "0190b0a4-7c3d-7e55-9c11-0123456789ab"
    let gone = [
      "GET /": ["alice", "auditor", "root"], "GET /events": ["alice", "auditor", "root"],
      "GET /replay": ["alice", "auditor", "root"], "GET /export": ["alice", "auditor", "root"],
      "POST /event": ["alice", "recorder", "root"], "POST /events": ["alice", "recorder", "root"],
      "POST /stop": ["alice", "recorder", "root"], "POST /flag": ["alice", "reviewer", "root"],
      "DELETE /": ["root"],
    ]
    for (name, seers) in gone {
      let words = name.split(separator: " ").map(String.init)
      let suffix = words[1] == "/" ? "" : words[1]
      let request = try RouteRequest("\(words[0]) \(Paths.recordings)/{id}\(suffix)")
      for caller in [
        "alice", "bob", "reviewer", "auditor", "root", "recorder", "otherRecorder",
      ] {
        let answer = try await request.send(by: stage.client(caller), on: stage.service, id: id)
        let isTold = seers.contains(caller)
        #expect(answer.status == (isTold ? 410 : 403), "\(name) \(caller): \(answer.text)")
        #expect(answer.code == (isTold ? "recording_expired" : "forbidden"), "\(name) \(caller)")
      }
      let foreign = try await request.send(by: stage.client("stranger"), on: stage.service, id: id)
      let missing = try await request.send(
        by: stage.client("stranger"), on: stage.service, id: nobodys)
      #expect(foreign.status == 404 && foreign.shape == missing.shape, "\(name)")
    }
    let held = try await stage.hold(id)
    #expect(held.status == 410 && held.code == "recording_expired")
    #expect(try await stage.hold(id, by: "auditor").status == 403)
    #expect(try await stage.hold(id, by: "stranger").status == 404)
    let list = try await stage.client("root").send(.get, Paths.recordings)
    #expect(!list.text.contains(id))
  }

  private func itHasItsLines(_ id: String, _ stage: RetentionStage) async throws {
    let path = "/api/governance/audit?recording_id=\(id)&outcome=allowed&action=delete_recording"
    let lines = try await stage.client("root").send(.get, path).json.elements.map(\.self)
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    #expect(try line["agent_id"]?.text() == "agent-1" && line["user_id"]?.text() == "alice")
    #expect(try line["audit_metadata"]?["reason"]?.text() == "asked for")
    #expect(try line["audit_metadata"]?["events"]?.text() == "1")
  }

  @Test func underFourEyesItIsAskedForFirst() async throws {
    try await RetentionStage.with("four eyes") { stage in
      try await stage.wantFourEyes()
      let id = try await stage.stopped()
      let asked = try await stage.delete(id)
      #expect(asked.status == 202, "\(asked.text)")
      #expect(try asked.text("state") == "pending" && asked.text("requested_by") == "user:root")
      let place = try #require(asked.headers["location"].first)
      #expect(try await stage.client("auditor").send(.get, place).body == asked.body)
      let twice = try await stage.delete(id, by: "zoe")
      #expect(twice.status == 409 && twice.code == "deletion_pending")
      #expect(try await stage.client("root").send(.post, "\(place)/approve").status == 403)
      #expect(try await stage.client("stranger").send(.post, "\(place)/approve").status == 404)

      let hold = try await stage.hold(id).text("hold_id")
      let held = try await stage.client("zoe").send(.post, "\(place)/approve")
      #expect(held.status == 423 && held.code == "recording_held")
      _ = try await stage.send(.delete, "\(RetentionStage.holds)/\(hold)")

      let approved = try await stage.client("zoe").send(.post, "\(place)/approve")
      #expect(approved.status == 200, "\(approved.text)")
      #expect(try approved.text("requested_by") == "user:root")
      #expect(try approved.text("purged_by") == "user:zoe")
      let late = try await stage.send(.delete, place, by: "zoe")
      #expect(late.status == 409 && late.code == "deletion_decided")
      #expect(try await stage.client("alice").send(.get, Paths.recording(id)).status == 410)

      let other = try await stage.stopped()
      let second = try #require(try await stage.delete(other).headers["location"].first)
      let withdrawn = try await stage.send(.delete, second)
      #expect(
        try withdrawn.text("state") == "refused" && withdrawn.text("refusal_reason") == "enough")
      for (query, count) in [("", 2), ("?state=approved", 1), ("?state=pending", 0)] {
        let page = try await stage.client("auditor").send(.get, RetentionStage.deletions + query)
        #expect(try page.json.elements.count == count, "\(query)")
      }
    }
  }

  /// Who follows a recording that is deleted is told that it cannot be read any more.
  @Test func followingEnds() async throws {
    try await RetentionStage.with("following") { stage in
      let id = try await stage.stopped()
      _ = try await stage.delete(id)
      let stream = try await stage.client("alice").send(
        .get, "\(Paths.stream)?recording_id=\(id)")
      #expect(stream.status == 410 && stream.code == "recording_expired")
    }
  }
}

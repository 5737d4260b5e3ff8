// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// Who hears of what, on which instance, and in which words.
@Suite(.serialized, .exclusive)
struct NoticeFlowTests {
  @Test func whatHappensIsToldInTheSeedsWords() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (alice, ready) = try await stage.listen("member")
      #expect(ready.type == "ready" && ready.id != nil)
      let draft = """
        {"agent_id":"agent-1","user_id":"alice","canvas_id":"canvas-7","reason":"to be told"}
        """
      let start = try await stage.client("recorder").send(
        .post, "\(Paths.recordings)/start", json: draft)
      let id = try start.text("recording_id")
      let started = try await alice.next()
      #expect(started.type == "canvas:recording_started")
      #expect(
        started.data.members.map(\.key) == [
          "recording_id", "agent_id", "agent_name", "reason", "canvas_id",
        ])
      #expect(try started.data["recording_id"]?.text() == id)
      #expect(try started.data["agent_name"]?.text() == "agent-1")
      #expect(try started.data["canvas_id"]?.text() == "canvas-7")

      let stop = try await stage.client("recorder").send(
        .post, Paths.recording(id, "stop"), json: #"{"summary":"done"}"#)
      let stopped = try await alice.next()
      #expect(stopped.type == "canvas:recording_stopped")
      let members = [
        "recording_id", "status", "duration_seconds", "event_count", "summary", "expires_at",
      ]
      #expect(stopped.data.members.map(\.key) == members)
      let answered = try stop.json
      for member in members { #expect(stopped.data[member]?.raw == answered[member]?.raw) }
      await alice.drop()
    }
  }

  @Test func flagsAndReviewsAreToldToThoseConcerned() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      var listeners: [String: LiveClient] = [:]
      for name in ["member", "other", "reviewer", "auditor", "admin"] {
        listeners[name] = try await stage.listen(name).client
      }
      let id = try await stage.client("recorder").startRecording()
      let flag = #"{"flag_reason":"look at this"}"#
      _ = try await stage.client("admin").send(.post, Paths.recording(id, "flag"), json: flag)
      let reviewer = stage.client("reviewer")
      let claimed = try await reviewer.send(.post, "/api/governance/reviews/claim", json: "{}")
      let review = try claimed.text("review_id")
      let decided = try await reviewer.send(
        .post, "/api/governance/reviews/\(review)/decide", json: #"{"review_status":"approved"}"#)
      #expect(decided.status == 200)
      for name in ["member", "reviewer", "auditor", "admin"] {
        let listener = try #require(listeners[name])
        let started = try await listener.next()
        #expect(started.type == "canvas:recording_started", "\(name)")
        let flagged = try await listener.next()
        #expect(flagged.type == "canvas:recording_flagged", "\(name)")
        #expect(try flagged.data["flag_reason"]?.text() == "look at this")
        let reviewed = try await listener.next()
        #expect(reviewed.type == "canvas:recording_reviewed", "\(name)")
        #expect(try reviewed.data["review_status"]?.text() == "approved")
        #expect(try reviewed.data["review_id"]?.text() == review)
      }
      // A colleague hears of nothing but what is their own, and that in order.
      let own = try await stage.client("recorder").startRecording(user: "bob")
      let other = try #require(listeners["other"])
      #expect(try await other.next().data["recording_id"]?.text() == own)
      for listener in listeners.values { await listener.drop() }
    }
  }

  @Test func everyInstanceHearsOfIt() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        let (far, _) = try await stage.on(twin).listen("auditor")
        let clock = ContinuousClock()
        var slowest = Duration.zero
        for _ in 0..<10 {
          let begin = clock.now
          let id = try await stage.client("recorder").startRecording()
          #expect(try await far.next().data["recording_id"]?.text() == id)
          slowest = max(slowest, begin.duration(to: clock.now))
        }
        // Woken, not found out by looking every two seconds.
        #expect(slowest < .seconds(1.5))
        await far.drop()
      }
    }
  }

  /// Not what is behind a place either, wherever that is.
  @Test func whoComesBackHearsOfNothingButTheirOwn() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (auditor, ready) = try await stage.listen("auditor")
      await auditor.drop()
      // More than a page of a colleague's between two of their own.
      var own: [String] = []
      for index in 0..<130 {
        let user = index % 129 == 0 ? "bob" : "alice"
        let id = try await stage.client("recorder").startRecording(user: user)
        if user == "bob" { own.append(id) }
      }
      let (bob, _) = try await stage.listen("other", after: ready.id)
      for id in own {
        #expect(try await bob.next().data["recording_id"]?.text() == id)
      }
      let last = try await stage.client("recorder").startRecording(user: "bob")
      #expect(try await bob.next().data["recording_id"]?.text() == last)
      await bob.drop()
    }
  }

  /// (W013) Notices are kept for seven days, a place holds for an hour less. Whoever comes back later is told
  /// to look for themselves, even where the notices behind their place happen to be there still.
  @Test(arguments: [(166 * 60, true), (167 * 60 + 30, false)])
  func aPlaceEndsWithTheKeptDays(_ minutes: Int, _ isKnown: Bool) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (first, ready) = try await stage.listen("auditor")
      await first.drop()
      let ids = [
        try await stage.client("recorder").startRecording(),
        try await stage.client("recorder").startRecording(),
      ]
      try await deployment.withDatabase { owner in
        _ = try await owner.execute(
          Query(
            """
            update hansard.notices set created_at = created_at - $2 * interval '1 minute'
            where tenant_id = ($1::text)::uuid
            """, stage.tenant.id, Int32(minutes)))
      }
      // A notice names the place behind it, with its own time.
      let (second, _) = try await stage.listen("auditor", after: ready.id)
      let old = try await second.next()
      #expect(try old.data["recording_id"]?.text() == ids[0])
      await second.drop()
      let (third, answer) = try await stage.listen("auditor", after: old.id)
      if isKnown {
        #expect(answer.type == "ready" && answer.id == old.id)
        #expect(try await third.next().data["recording_id"]?.text() == ids[1])
      } else {
        #expect(answer.type == "error" && answer.id != nil)
        #expect(try answer.data["code"]?.text() == "resync")
        let id = try await stage.client("recorder").startRecording()
        #expect(try await third.next().data["recording_id"]?.text() == id)
      }
      await third.drop()
    }
  }

  @Test func whoComesBackMissesNothing() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (first, ready) = try await stage.listen("auditor")
      await first.drop()
      var ids: [String] = []
      for _ in 0..<3 { ids.append(try await stage.client("recorder").startRecording()) }
      let (second, again) = try await stage.listen("auditor", after: ready.id)
      #expect(again.type == "ready" && again.id == ready.id)
      var last: String?
      for id in ids[..<2] {
        let notice = try await second.next()
        #expect(try notice.data["recording_id"]?.text() == id)
        last = notice.id
      }
      await second.drop()
      let (third, _) = try await stage.listen("auditor", after: last)
      #expect(try await third.next().data["recording_id"]?.text() == ids[2])
      await third.drop()
      // A place of another tenant, and none at all.
      let other = try await LiveStage.make(service, in: deployment)
      for nonsense in [last ?? "", "nonsense"] {
        let (client, resync) = try await other.listen("auditor", after: nonsense)
        #expect(resync.type == "error" && resync.id != nil)
        #expect(try resync.data["code"]?.text() == "resync")
        let id = try await other.client("recorder").startRecording()
        #expect(try await client.next().data["recording_id"]?.text() == id)
        await client.drop()
      }
    }
  }
}

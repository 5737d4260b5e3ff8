// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// WebSockets for pages in browsers, which cannot send `Authorization`.
@Suite(.serialized, .exclusive)
struct TicketTests {
  private func withStage(
    _ environment: [String: String] = [:],
    _ body: @Sendable (LiveStage) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService(environment) { service in
      try await body(try await LiveStage.make(service, in: deployment))
    }
  }

  @Test func aTicketOpensOneConnectionOfWhoeverAskedForIt() async throws {
    try await withStage { stage in
      let made = try await stage.client("member").send(.post, Paths.tickets)
      #expect(made.status == 201 && made.headers["cache-control"] == ["no-store"])
      #expect(try made.json.members.map(\.key) == ["ticket", "expires_at", "protocol"])
      #expect(try made.text("protocol") == "hansard.v1")
      let ticket = try made.text("ticket")
      #expect(ticket.wholeMatch(of: /hst_[0-9a-f]{32}_[A-Za-z0-9_\-]{43}/) != nil)
      let hash = "sha256('\(ticket.suffix(43))')"
      let rest: Double = try await stage.tenant.deployment.value(
        """
        select extract(epoch from expires_at - clock_timestamp())::float8
        from hansard.websocket_tickets where ticket_hash = \(hash)
        """)
      #expect(rest > 15 && rest <= 30)

      let (alice, ready) = try await stage.listen(ticket: ticket)
      #expect(ready.type == "ready")
      #expect(alice.head.contains("\r\nSec-WebSocket-Protocol: hansard.v1\r\n"))
      #expect(!alice.head.contains("ticket"))
      // She hears what she hears with her key, and no more.
      let theirs = try await stage.client("recorder").startRecording(user: "bob")
      let own = try await stage.client("recorder").startRecording()
      #expect(try await alice.next().data["recording_id"]?.text() == own)
      await alice.send(#"{"type":"subscribe","recording_id":"\#(theirs)"}"#)
      #expect(try await alice.next().data["code"]?.text() == "forbidden")
      #expect(try await stage.status(ticket: ticket) == 401)
      await alice.drop()

      let key = stage.key("member").id
      let audit = try await stage.client("auditor").send(
        .get, "/api/governance/audit?actor=user:alice")
      let lines = try audit.json.elements.map { line in
        let (action, outcome) = (try line["action"]?.text(), try line["outcome"]?.text())
        let isHers = try line["key_id"]?.text() == key
        return "\(action ?? "") \(outcome ?? "") \(isHers)"
      }
      #expect(
        Set(lines) == [
          "create_ws_ticket allowed true", "watch_notices allowed true",
          "follow_recording refused true",
        ])
      try await expectNoTrace(of: [ticket], stage)
    }
  }

  /// Neither in the log nor in the table of tickets.
  private func expectNoTrace(of tickets: [String], _ stage: LiveStage) async throws {
    let rows: String = try await stage.tenant.deployment.value(
      "select coalesce(string_agg(t::text, ' '), '') from hansard.websocket_tickets as t")
    for ticket in tickets {
      #expect(!stage.service.log.contains(ticket.suffix(40)))
      #expect(!rows.contains(ticket.suffix(40)))
    }
    #expect(!stage.service.log.contains("hansard.ticket."))
  }

  /// W001: whatever is wrong, the answer is the same.
  @Test func whateverIsWrongTheAnswerIsTheSame() async throws {
    try await withStage { stage in
      let other = try await LiveStage.make(stage.service, in: stage.tenant.deployment)
      let used = try await stage.ticket("admin")
      #expect(try await stage.status(ticket: used) == 101)
      let expired = try await stage.ticket("admin")
      try await stage.expire(expired)
      let good = try await stage.ticket("admin")
      let (head, secret) = (String(good.dropLast(43)), String(good.suffix(43)))
      let foreign = String(try await other.ticket("admin").dropLast(43))
      let revoked = try await stage.ticket("reviewer")
      try await stage.tenant.revoke(stage.key("reviewer"))
      let ended = try await stage.ticket("other")
      try await stage.tenant.deployment.withDatabase {
        _ = try await $0.execute(
          Query(
            "update hansard.api_keys set expires_at = now() where key_id = '\(stage.key("other").id)'",
            prepared: false))
      }
      let wrong = String(repeating: "A", count: 43)
      let tickets: [String] = [
        used, expired, "\(foreign)\(secret)", revoked, ended, "", "x", String(good.dropLast()),
        "\(good)A", "\(head)\(wrong)", "hst_0190b0a47c3d7e559c110123456789ab_\(secret)",
        "\(head.uppercased())\(secret)", "hsd\(good.dropFirst(3))", stage.key("admin").text,
        "\(used), hansard.ticket.\(expired)", String(repeating: "a", count: 4000),
      ]
      var answers: [Answer] = [try await stage.refusal("")]
      for ticket in tickets {
        answers.append(
          try await stage.refusal("Sec-WebSocket-Protocol: \(LiveStage.offer(ticket))\r\n"))
      }
      for (index, answer) in answers.enumerated() {
        #expect(answer.status == 401 && answer.code == "unauthenticated", "\(index)")
        #expect(answer.headers["sec-websocket-protocol"] == [])
      }
      #expect(Set(answers.map(\.impersonal)).count == 1)
      // None of that was at the expense of the one that is good.
      #expect(try await stage.status(ticket: good) == 101)
      try await expectNoTrace(of: tickets.filter { $0.count > 60 } + [good], stage)
    }
  }

  @Test func ofTwentyAtOnceOnTwoInstancesOneGetsIn() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        for _ in 0..<5 {
          let ticket = try await stage.ticket("auditor")
          let statuses = try await LiveStage.rush(ticket, on: [stage, stage.on(twin)])
          #expect(statuses.sorted() == [101] + Array(repeating: 401, count: 19))
        }
      }
    }
  }

  /// The planted defect: a database that forgets what is used lets all of them in.
  @Test func aTicketThatIsNotUsedUpIsNoticed() async throws {
    try await Deployment.with { deployment in
      try await deployment.withDatabase { connection in
        for sql in [
          """
          create function public.forget() returns trigger language plpgsql
          as 'begin new.used_at := null; return new; end'
          """,
          """
          create trigger forget before update on hansard.websocket_tickets
          for each row execute function public.forget()
          """,
        ] { _ = try await connection.execute(Query(sql, prepared: false)) }
      }
      try await deployment.withService { service in
        let stage = try await LiveStage.make(service, in: deployment)
        let statuses = try await LiveStage.rush(try await stage.ticket("auditor"), on: [stage])
        #expect(statuses.filter { $0 == 101 }.count > 1)
      }
    }
  }

  @Test func aTicketOpensNothingElse() async throws {
    try await withStage { stage in
      let ticket = try await stage.ticket("admin")
      let offer = [("Sec-WebSocket-Protocol", LiveStage.offer(ticket))]
      let start = #"{"agent_id":"agent-1","user_id":"alice","reason":"by ticket"}"#
      let requests: [(Client.Method, String, String?)] = [
        (.get, Paths.recordings, nil), (.get, Paths.stream, nil), (.post, Paths.tickets, nil),
        (.post, "\(Paths.recordings)/start", start), (.get, "/api/governance/keys", nil),
        (.get, "\(Paths.stream)?ticket=\(ticket)", nil), (.get, Paths.socket, nil),
      ]
      for (method, path, body) in requests {
        let bytes = body.map { Array($0.utf8) }
        let bearer = try await stage.service.client(ticket).send(method, path, bytes)
        #expect(bearer.status == 401, "\(path)")
        guard path != Paths.socket else { continue }
        let offered = try await stage.service.client(nil).send(method, path, bytes, headers: offer)
        #expect(offered.status == 401, "\(path)")
      }
      let bearer = "Authorization: Bearer \(ticket)\r\n"
      #expect(try await stage.refusal(bearer).status == 401)
      let inQuery = LiveClient.Settings(
        port: stage.service.settings.ports.main, path: "\(Paths.socket)?ticket=\(ticket)")
      #expect(try await stage.status(inQuery) == 401)
      #expect(try await stage.status(ticket: ticket) == 101)
    }
  }

  @Test func mistakesAreSaidAndCostNoTicket() async throws {
    try await withStage { stage in
      let ticket = try await stage.ticket("admin")
      let offer = "Sec-WebSocket-Protocol: \(LiveStage.offer(ticket))\r\n"
      let both = try await stage.refusal(
        offer + "Authorization: Bearer \(stage.key("admin").text)\r\n")
      #expect(both.status == 400 && both.code == "malformed_request")
      let alone = try await stage.refusal(
        "Sec-WebSocket-Protocol: hansard.ticket.\(ticket)\r\n")
      #expect(alone.status == 400 && alone.code == "malformed_request")
      #expect(try await stage.status(ticket: ticket) == 101)
      // Somebody with a key is told the protocol as well, where they offer it.
      var settings = stage.settings("admin")
      settings.fields = ["Sec-WebSocket-Protocol: other, hansard.v1"]
      let client = try await LiveClient.connect(settings)
      #expect(client.head.contains("\r\nSec-WebSocket-Protocol: hansard.v1\r\n"))
      await client.drop()
      #expect(try await stage.client("recorder").send(.post, Paths.tickets).status == 403)
    }
  }

  /// The first attempt uses a ticket up, also one that comes to nothing.
  @Test func pagesOfOthersMayNotConnect() async throws {
    try await withStage(["HANSARD_ALLOWED_ORIGINS": "https://console.example.com"]) { stage in
      for (origin, expected) in [
        ("https://console.example.com", 101), ("https://evil.example.com", 403), ("null", 403),
      ] {
        let ticket = try await stage.ticket("admin")
        let settings = stage.settings(ticket: ticket, origin: origin)
        #expect(try await stage.status(settings) == expected, "\(origin)")
        #expect(try await stage.status(ticket: ticket) == 401)
      }
    }
  }

  @Test func aRevokedKeyEndsWhatItsTicketsOpenedOnEveryInstance() async throws {
    try await LiveStage.expectRevocationEnds { stage, name in
      try await stage.listen(ticket: try await stage.ticket(name)).client
    }
  }

  @Test func aNamedRequestGetsTheSameTicket() async throws {
    try await withStage { stage in
      let name = [("Idempotency-Key", "page-1")]
      let first = try await stage.client("admin").send(.post, Paths.tickets, headers: name)
      let again = try await stage.client("admin").send(.post, Paths.tickets, headers: name)
      #expect(first.status == 201 && again.body == first.body)
      #expect(again.headers["idempotent-replayed"] == ["true"])
      #expect(again.headers["cache-control"] == ["no-store"])
      let ticket = try again.text("ticket")
      #expect(try await stage.status(ticket: ticket) == 101)
      #expect(try await stage.status(ticket: ticket) == 401)
      let kept: String = try await stage.tenant.deployment.value(
        "select string_agg(encode(answer, 'escape'), '') from hansard.idempotency_keys")
      #expect(!kept.contains(ticket.suffix(20)))
    }
  }

  @Test func aKeyHasTwoHundredAndFiftySixAndOldOnesMakeRoom() async throws {
    try await withStage { stage in
      let others = try await stage.ticket("auditor")
      var tickets: [String] = []
      for _ in 0..<264 { tickets.append(try await stage.ticket("admin")) }
      for (index, expected) in [(0, 401), (7, 401), (8, 101), (263, 101)] {
        #expect(try await stage.status(ticket: tickets[index]) == expected, "\(index)")
      }
      #expect(try await stage.status(ticket: others) == 101)
      try await stage.expire()
      #expect(try await stage.status(ticket: tickets[20]) == 401)
      // Some of what has expired goes with each new one.
      for _ in 0..<3 { _ = try await stage.ticket("admin") }
      let left: Int64 = try await stage.tenant.deployment.value(
        "select count(*) from hansard.websocket_tickets where tenant_id = '\(stage.tenant.id)'")
      #expect(left == 3)
    }
  }
}

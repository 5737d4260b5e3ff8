// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// Tokens of an issuer against the service as it runs.
@Suite(.serialized, .exclusive)
struct TokenFlowTests {
  private static let event = #"{"event_type":"step","event_data":1}"#

  /// One key of each kind; made once.
  private static let keys = Task {
    try SigningKey.Kind.allCases.map { try SigningKey($0, id: "first-\($0.rawValue)") }
  }

  private func text(
    _ key: SigningKey, _ tenant: Tenant, _ user: String = "olga", _ role: String = "member"
  ) throws -> String {
    try TestIssuer.token(key, tenant, user: user, role: role).text(by: key)
  }

  @Test func everyAlgorithmAndEveryRoleDoWhatTheyMay() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token roles")
    let keys = try await Self.keys.value
    try await TestIssuer.with(keys) { issuer in
      try await deployment.withService(issuer.environment) { service in
        for (index, role) in MatrixStage.roles.enumerated() {
          let key = keys[index % keys.count]
          let client = service.client(try text(key, tenant, "u-\(role)", role))
          let started = try await client.send(
            .post, Paths.recordings + "/start", json: #"{"agent_id":"agent-1","reason":"r"}"#)
          let read = try await client.send(.get, Paths.recordings)
          let users = try await client.send(.get, "/api/governance/users")
          let expected = [
            "recorder": [201, 403, 403], "member": [201, 200, 403], "reviewer": [201, 200, 403],
            "auditor": [403, 200, 200], "admin": [201, 200, 200],
          ]
          #expect([started.status, read.status, users.status] == expected[role], "\(role)")
          guard started.status == 201 else { continue }
          #expect(try started.text("user_id") == "u-\(role)")
          let path = Paths.recording(try started.text("recording_id"), "event")
          #expect(try await client.send(.post, path, json: Self.event).status == 201)
        }
        #expect(issuer.fetches == 1)
      }
    }
  }

  @Test func aUserAppearsAndTheAuditLogNamesThem() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token users")
    let key = try #require(try await Self.keys.value.first)
    let admin = try await tenant.makeKey(.init("admin")).text
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        let olga = service.client(try text(key, tenant))
        #expect(try await olga.send(.get, Paths.recordings).status == 200)
        let user = try await service.client(admin).send(.get, "/api/governance/users/olga")
        #expect(user.status == 200)
        #expect(try user.json["registered"]?.bool() == false)
        let audit = try await service.client(admin).send(
          .get, "/api/governance/audit?actor=user:olga")
        let lines = try Array(audit.json.elements)
        #expect(try lines.map { try $0["action"]?.text() } == ["list_recordings"])
        let entry = try #require(try lines.first?["key_id"]?.text())
        let shown = try await service.client(admin).send(.get, "/api/governance/keys/\(entry)")
        #expect(try shown.text("name") == "tokens of \(TestIssuer.name)")
        #expect(try shown.text("user_id") == "olga")

        // An admin can end that, whatever the issuer says.
        let path = "/api/governance/keys/\(entry)"
        let rotated = try await service.client(admin).send(.post, path + "/rotate", json: "{}")
        #expect(rotated.status == 422)
        #expect(try await service.client(admin).send(.delete, path).status == 200)
        #expect(try await olga.send(.get, Paths.recordings).status == 401)
      }
    }
  }

  @Test func namedRequestsAreDoneOnceAcrossTokensAndInstances() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token once")
    let key = try #require(try await Self.keys.value.first)
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        let start = #"{"agent_id":"agent-1","reason":"once"}"#
        let name = [("Idempotency-Key", "n")]
        let later = try TestIssuer.token(key, tenant, user: "olga", role: "member")
          .claim("jti", "\"2\"").text(by: key)
        let first = try await service.client(try text(key, tenant))
          .send(.post, Paths.recordings + "/start", json: start, headers: name)
        let path = Paths.recording(try first.text("recording_id"), "event")
        try await deployment.withService(issuer.environment) { other in
          let again = try await other.client(later)
            .send(.post, Paths.recordings + "/start", json: start, headers: name)
          #expect(first.status == 201 && again.body == first.body)
          #expect(again.headers["idempotent-replayed"] == ["true"])
          for client in [service.client(later), other.client(later)] {
            let sent = try await client.send(.post, path, json: Self.event, headers: name)
            #expect(sent.status == 201)
            #expect(try sent.json["seq"]?.integer() == 1)
          }
        }
        let colleague = service.client(try text(key, tenant, "piet"))
        let theirs = try await colleague.send(
          .post, Paths.recordings + "/start", json: start, headers: name)
        #expect(theirs.status == 201 && theirs.headers["idempotent-replayed"] == [])
      }
    }
  }

  @Test func keysRotateByTheirIDsAndTheIssuerMayBeAway() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token rotation")
    let old = try SigningKey(.es256, id: "old")
    let new = try SigningKey(.edDSA, id: "new")
    try await TestIssuer.with([old]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        let before = service.client(try text(old, tenant))
        let after = service.client(try text(new, tenant))
        #expect(try await before.send(.get, Paths.recordings).status == 200)
        #expect(try await after.send(.get, Paths.recordings).status == 401)
        // Away: what is known stays known, and the service stays ready.
        issuer.goDown()
        try await eventually("a fetch that failed") {
          _ = try await after.send(.get, Paths.recordings)
          return service.log.contains("issuer keys")
            && service.log.contains("answered with status 503")
        }
        #expect(try await before.send(.get, Paths.recordings).status == 200)
        #expect(await service.probe("/readyz")?.status == 200)
        // Back, with another key in the place of the first.
        issuer.publish([new])
        try await eventually("the new key") {
          try await after.send(.get, Paths.recordings).status == 200
        }
        #expect(try await before.send(.get, Paths.recordings).status == 401)
        #expect(issuer.fetches <= 5)
      }
    }
  }

  @Test func aServiceStartsWithoutItsIssuer() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token start")
    let key = try SigningKey(.es256, id: "only")
    let apiKey = try await tenant.makeKey(.init("auditor")).text
    try await TestIssuer.with([key]) { issuer in
      issuer.goDown()
      try await deployment.withService(issuer.environment) { service in
        #expect(try await service.client(apiKey).send(.get, Paths.recordings).status == 200)
        let olga = service.client(try text(key, tenant))
        #expect(try await olga.send(.get, Paths.recordings).status == 401)
      }
    }
  }

  @Test func whateverIsWrongTheAnswerIsTheSame() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token refusals")
    let key = try #require(try await Self.keys.value.first)
    let stranger = try SigningKey(key.kind, id: key.id)
    let right = TestIssuer.token(key, tenant, user: "olga", role: "member")
    let refused = [
      try right.text(by: stranger), try right.header("alg", "\"none\"").text(by: key),
      right.signed + ".", try right.claim("exp", "1").text(by: key),
      try right.claim("aud", "\"other\"").text(by: key),
      try right.header("typ", "\"JWT\"").text(by: key),
      try right.claim("tenant_id", "\"\(tenant.id.dropLast())\"").text(by: key),
      try right.claim("roles", "\"king\"").text(by: key), "a.b.c",
      try right.claim("pad", "\"\(String(repeating: "p", count: 8000))\"").text(by: key),
    ]
    let foreign = try right.claim("tenant_id", "\"0190b0a4-7c3d-7e55-9c11-0123456789ab\"")
      .text(by: key)
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        try await deployment.settleRetention()
        let before = try await deployment.withDatabase { try await TableCounts.read($0) }
        var bodies: Set<String> = []
        for token in refused + [foreign] {
          let answer = try await service.client(token).send(.get, Paths.recordings)
          #expect(answer.status == 401 && answer.code == "unauthenticated", "\(answer.text)")
          #expect(answer.headers["www-authenticate"].isEmpty == false)
          bodies.insert(try answer.text("detail") + (try answer.text("title")))
        }
        #expect(bodies.count == 1)
        let after = try await deployment.withDatabase { try await TableCounts.read($0) }
        #expect(after.changes(since: before) == [:])
        let taken = service.client(try right.text(by: key))
        #expect(try await taken.send(.get, Paths.recordings).status == 200)
        for token in refused { #expect(!service.log.contains(token.suffix(40))) }
        #expect(service.log.contains(#""reason":"signature""#))
      }
    }
  }

  @Test func aBadTokenCostsNoConnection() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token outage")
    let key = try SigningKey(.es256, id: "only")
    let right = TestIssuer.token(key, tenant, user: "olga", role: "member")
    try await TestIssuer.with([key]) { issuer in
      // Nobody listens there.
      let environment = issuer.environment.merging(
        ["DATABASE_URL": "postgresql://hansard_service@127.0.0.1:1/none"]) { $1 }
      let service = try await deployment.startService(environment, untilReady: false)
      let good = try await service.client(try right.text(by: key)).send(.get, Paths.recordings)
      #expect(good.status == 503, "\(good.text)")
      for token in [try right.claim("exp", "1").text(by: key), right.signed + ".AAAA", "a.b.c"] {
        #expect(try await service.client(token).send(.get, Paths.recordings).status == 401)
      }
      try await service.stop()
    }
  }

  @Test func aConnectionEndsWithItsToken() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token streams")
    let key = try #require(try await Self.keys.value.first)
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        // It is taken for a minute after its end, of which four seconds are left.
        let end = Int(Date.now.timeIntervalSince1970) - 56
        let token = try TestIssuer.token(key, tenant, user: "olga", role: "auditor")
          .claim("iat", nil).claim("exp", "\(end)").text(by: key)
        let client = try await LiveClient.connect(
          .init(port: service.settings.ports.main, key: token))
        #expect(try await client.next().type == "ready")
        #expect(try await client.closing(within: .seconds(15)) == 1008)
      }
    }
  }

  @Test func soDoesAConnectionThatATicketOpened() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token tickets")
    let key = try #require(try await Self.keys.value.first)
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        let end = Int(Date.now.timeIntervalSince1970) - 54
        let token = try TestIssuer.token(key, tenant, user: "olga", role: "auditor")
          .claim("iat", nil).claim("exp", "\(end)").text(by: key)
        let tickets = [
          try await service.client(token).send(.post, Paths.tickets).text("ticket"),
          try await service.client(token).send(.post, Paths.tickets).text("ticket"),
        ]
        // A ticket is no longer good than the token that asked for it.
        let count: Int64 = try await deployment.value(
          """
          select count(*) from hansard.websocket_tickets
          where tenant_id = '\(tenant.id)' and expires_at = token_expires_at
          """)
        #expect(count == 2)
        let fields = tickets.map { ["Sec-WebSocket-Protocol: \(LiveStage.offer($0))"] }
        let client = try await LiveClient.connect(
          .init(port: service.settings.ports.main, fields: fields[0]))
        #expect(try await client.next().type == "ready")
        #expect(try await client.closing(within: .seconds(15)) == 1008)
        do {
          _ = try await LiveClient.connect(
            .init(port: service.settings.ports.main, fields: fields[1]))
          Issue.record("a ticket has outlived its token")
        } catch let refused as LiveClient.Refused {
          #expect(refused.status == 401)
        }
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// Requests that their clients have named are done once, however often they are sent, to whichever
/// instance, and across a crash.
@Suite(.serialized, .exclusive)
struct OnceTests {
  private static let start = #"{"agent_id":"agent-1","user_id":"alice","reason":"once"}"#
  private static let event = #"{"event_type":"step","event_data":{"n":1}}"#

  private func post(
    _ client: Client, _ path: String, _ body: String, named name: String
  ) async throws -> Answer {
    try await client.send(.post, path, json: body, headers: [("Idempotency-Key", name)])
  }

  private func makeAdmin(_ tenant: String) async throws -> (Deployment, Tenant, String) {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(tenant)
    try await tenant.makeAgent("agent-1", status: "autonomous")
    return (deployment, tenant, try await tenant.makeKey(.init("admin", user: "alice")).text)
  }

  private func audited(_ tenant: Tenant) async throws -> Int64 {
    try await tenant.deployment.value(
      "select count(*) from hansard.canvas_audit where tenant_id = '\(tenant.id)'")
  }

  @Test func everyPostAnswersAsTheFirstTimeAndDoesNothingMore() async throws {
    let (deployment, tenant, key) = try await makeAdmin("once each")
    try await deployment.withService { service in
      let client = service.client(key)
      let id = try await client.startRecording()
      let made = try await client.send(
        .post, "/api/governance/keys", json: #"{"role":"recorder"}"#
      ).text("key_id")
      let requests = [
        (Paths.recordings + "/start", Self.start),
        (Paths.recordings + "/auto", #"{"agent_id":"agent-1","user_id":"alice","action":"a"}"#),
        (Paths.recording(id, "flag"), #"{"flag_reason":"look"}"#),
        (Paths.recording(id, "event"), Self.event),
        (Paths.recording(id, "events"), "[\(Self.event),\(Self.event)]"),
        (Paths.recording(id, "stop"), "{}"), ("/api/governance/keys", #"{"role":"recorder"}"#),
        ("/api/governance/keys/\(made)/rotate", "{}"),
      ]
      for (index, (path, body)) in requests.enumerated() {
        let first = try await post(client, path, body, named: "each-\(index)")
        #expect([200, 201].contains(first.status), "\(path): \(first.text)")
        #expect(first.headers["idempotent-replayed"] == [])
        let entries = try await audited(tenant)
        for _ in 0..<2 {
          let again = try await post(client, path, body, named: "each-\(index)")
          #expect(again.status == first.status, "\(path): \(again.text)")
          #expect(again.body == first.body, "\(path)")
          #expect(again.headers["location"] == first.headers["location"])
          #expect(again.headers["idempotent-replayed"] == ["true"], "\(path)")
        }
        #expect(try await audited(tenant) == entries, "\(path) was done again")
        let other = try await post(client, path, body + " ", named: "each-\(index)")
        let isEvent = path.hasSuffix("event") || path.hasSuffix("events")
        // White space around an event is not the event.
        #expect(other.status == (isEvent ? first.status : 422), "\(path)")
        if !isEvent { #expect(other.code == "idempotency_mismatch") }
      }
      #expect(try await client.send(.get, Paths.recording(id)).json["event_count"]?.integer() == 3)
      // The name of one request is not that of another.
      let elsewhere = try await post(client, Paths.recording(id, "stop"), "{}", named: "each-0")
      #expect(elsewhere.status == 422 && elsewhere.code == "idempotency_mismatch")
    }
  }

  @Test func anotherEventUnderTheNameIsRefused() async throws {
    let (deployment, _, key) = try await makeAdmin("once events")
    try await deployment.withService { service in
      let client = service.client(key)
      let path = Paths.recording(try await client.startRecording(), "event")
      #expect(try await post(client, path, Self.event, named: "e").status == 201)
      let other = #"{"event_type":"step","event_data":{"n":2}}"#
      let refused = try await post(client, path, other, named: "e")
      #expect(refused.status == 422 && refused.code == "idempotency_mismatch")
    }
  }

  @Test func twentyAtOnceOnTwoInstancesMakeOne() async throws {
    let (deployment, tenant, key) = try await makeAdmin("once at once")
    try await deployment.withService { first in
      try await deployment.withService { second in
        let clients = [first.client(key), second.client(key)]
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
          for index in 0..<20 {
            group.addTask {
              try await post(
                clients[index % 2], Paths.recordings + "/start", Self.start, named: "same")
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        // Whoever came while the first was at work was told so.
        #expect(Set(answers.map(\.status)).subtracting([201, 409]) == [])
        for busy in answers where busy.status == 409 {
          #expect(busy.code == "request_in_progress")
        }
        let made = answers.filter { $0.status == 201 }
        #expect(Set(made.map(\.text)).count == 1)
        #expect(made.filter { $0.headers["idempotent-replayed"] == [] }.count == 1)
        let count: Int64 = try await deployment.value(
          "select count(*) from hansard.canvas_recordings where tenant_id = '\(tenant.id)'")
        #expect(count == 1)
      }
    }
  }

  @Test func anAnswerOutlivesTheInstanceThatGaveIt() async throws {
    let (deployment, _, key) = try await makeAdmin("once after all")
    let path = "/api/governance/keys"
    let draft = #"{"role":"recorder"}"#
    let first = try await deployment.withService { service in
      try await post(service.client(key), path, draft, named: "crash")
    }
    let again = try await deployment.withService { service in
      try await post(service.client(key), path, draft, named: "crash")
    }
    #expect(first.status == 201 && again.body == first.body)
    #expect(again.headers["idempotent-replayed"] == ["true"])
    // A key is shown to whoever asked for it, and kept under a key of the tenant.
    let text = try first.text("key")
    let kept: String = try await deployment.value(
      "select string_agg(encode(answer, 'escape'), '') from hansard.idempotency_keys")
    #expect(!kept.contains(text.suffix(20)) && !kept.contains("key_id"))
  }

  @Test func namesBelongToTheirKeyAndEndAfterADay() async throws {
    let (deployment, tenant, key) = try await makeAdmin("once a day")
    let colleague = try await tenant.makeKey(.init("admin", user: "bob")).text
    try await deployment.withService { service in
      let path = Paths.recordings + "/start"
      let mine = try await post(service.client(key), path, Self.start, named: "n")
      let theirs = try await post(service.client(colleague), path, Self.start, named: "n")
      #expect(theirs.status == 201 && theirs.body != mine.body)
      try await deployment.withDatabase {
        _ = try await $0.execute(
          Query(
            "update hansard.idempotency_keys set expires_at = now() where tenant_id = $1::uuid",
            tenant.id))
      }
      let later = try await post(service.client(key), path, Self.start, named: "n")
      #expect(later.status == 201 && later.body != mine.body)
      #expect(later.headers["idempotent-replayed"] == [])
      // The colleague's, which has expired too, is gone.
      let left: Int64 = try await deployment.value(
        "select count(*) from hansard.idempotency_keys where tenant_id = '\(tenant.id)'")
      #expect(left == 1)
    }
  }

  @Test func whatWasRefusedIsTriedAgain() async throws {
    let (deployment, tenant, key) = try await makeAdmin("once refused")
    let auditor = try await tenant.makeKey(.init("auditor")).text
    try await deployment.withService { service in
      let path = Paths.recordings + "/start"
      for _ in 0..<2 {
        let refused = try await post(service.client(auditor), path, Self.start, named: "r")
        #expect(refused.status == 403 && refused.headers["idempotent-replayed"] == [])
      }
      let bad = try await post(service.client(key), path, "{}", named: "r")
      #expect(bad.status == 422 && bad.code == "missing_field")
      #expect(try await post(service.client(key), path, Self.start, named: "r").status == 201)
    }
  }

  @Test(arguments: ["a b", "\u{E9}", String(repeating: "n", count: 256)])
  func aNameThatIsNoneIsRefused(_ name: String) async throws {
    let (deployment, _, key) = try await makeAdmin("once misnamed")
    try await deployment.withService { service in
      let answer = try await post(
        service.client(key), Paths.recordings + "/start", Self.start, named: name)
      #expect(answer.status == 422 && answer.code == "bad_idempotency_key", "\(answer.text)")
    }
  }
}

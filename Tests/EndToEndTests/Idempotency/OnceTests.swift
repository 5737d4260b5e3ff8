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

  /// The posts that are done each time they are sent, with the reason.
  private static let exempt = [
    "POST /api/governance/redaction/try": "It stores nothing: there is nothing to be done twice."
  ]

  /// A post that has been answered once, under its name.
  private struct Done {
    let name: String
    let path: String
    let body: [UInt8]?
    let client: Client
    var first = Answer(status: 0, headers: [:], body: [])

    /// An event's name is no more than its id.
    var isEvent: Bool { path.hasSuffix("/event") || path.hasSuffix("/events") }

    func send(_ path: String? = nil, _ body: [UInt8]? = nil) async throws -> Answer {
      let named = [("Idempotency-Key", name.replacing(" ", with: "#"))]
      return try await client.send(.post, path ?? self.path, body ?? self.body, headers: named)
    }
  }

  @Test func everyPostAnswersAsTheFirstTimeAndDoesNothingMore() async throws {
    let (deployment, tenant, _) = try await makeAdmin("once each")
    let key = try await tenant.makeKey(.init("admin", user: "root")).text
    let posts = RouteTable.rows.keys.filter { $0.hasPrefix("POST ") }
    #expect(posts.count >= 18 && Set(Self.exempt.keys).isSubset(of: posts))
    try await deployment.withService { service in
      try await deployment.withDatabase { looking in
        for name in posts.sorted() {
          let done = try await firstTime(name, by: service.client(key), in: deployment)
          let again = try await done.send()
          guard Self.exempt[name] == nil else {
            #expect(again.headers["idempotent-replayed"] == [], "\(name)")
            continue
          }
          let before = try await TableContents.read(looking, of: [tenant])
          try await expectTheSame(done)
          // Nothing is done, told or audited again. Webhooks have places, which move by themselves; and
          // an event that is sent again shows that its recorder is still there (`last_event_at`).
          let moving = ["webhooks"] + (done.isEvent ? ["recording_progress"] : [])
          let changes = try await TableContents.read(looking, of: [tenant]).changes(since: before)
          #expect(changes.filter { !moving.contains($0) } == [], "\(name)")
          try await expectAnotherIsRefused(done)
        }
      }
    }
  }

  private func firstTime(
    _ name: String, by client: Client, in deployment: Deployment
  ) async throws -> Done {
    let request = try RouteRequest(name)
    var (path, body) = (request.path, request.request.body)
    if let thing = request.request.thing {
      let id = try await deployment.make(thing, by: client, .init())
      path = path.replacing("{id}", with: id)
      body = body?.replacing("{id}", with: id)
    }
    var done = Done(name: name, path: path, body: body.map { Array($0.utf8) }, client: client)
    done.first = try await done.send()
    #expect(done.first.status == RouteTable.rows[name]?.success, "\(name): \(done.first.text)")
    #expect(done.first.headers["idempotent-replayed"] == [], "\(name)")
    return done
  }

  private func expectTheSame(_ done: Done) async throws {
    for _ in 0..<2 {
      let again = try await done.send()
      #expect(again.status == done.first.status, "\(done.name): \(again.text)")
      #expect(again.body == done.first.body, "\(done.name)")
      #expect(again.headers["location"] == done.first.headers["location"], "\(done.name)")
      #expect(again.headers["idempotent-replayed"] == ["true"], "\(done.name)")
    }
  }

  /// The name of one request is not that of another, of this route or of another one.
  private func expectAnotherIsRefused(_ done: Done) async throws {
    var others: [Answer] = []
    if let body = done.body { others.append(try await done.send(nil, body + Array(" ".utf8))) }
    // White space around an event is not the event.
    guard !done.isEvent else { return #expect(others.map(\.status) == [done.first.status]) }
    let isStart = done.path == Paths.recordings + "/start"
    let draft = #"{"agent_id":"agent-1","user_id":"alice","\#(isStart ? "action" : "reason")":"a"}"#
    others.append(
      try await done.send(Paths.recordings + (isStart ? "/auto" : "/start"), Array(draft.utf8)))
    for other in others {
      #expect(other.status == 422 && other.code == "idempotency_mismatch", "\(done.name)")
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

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

/// As many lines in the audit log as there were audited operations, each for the request it tells of.
@Suite(.serialized, .exclusive)
struct AuditCountTests {
  /// What one caller asks for, and whether it leaves a line when it is answered.
  private struct Request {
    var method = Client.Method.get
    var path: String
    var body: String?
    var isAudited = true
  }

  private static let event = #"{"event_type":"step","event_data":1}"#

  private static func request(
    about id: String, _ numbers: inout SeededGenerator
  ) -> Request {
    let start = #"{"agent_id":"agent-1","user_id":"alice","reason":"mixed"}"#
    let automatic = #"{"agent_id":"agent-1","user_id":"alice","action":"a"}"#
    let requests = [
      Request(method: .post, path: Paths.recordings + "/start", body: start),
      Request(method: .post, path: Paths.recordings + "/auto", body: automatic),
      Request(
        method: .post, path: Paths.recording(id, "event"), body: event, isAudited: false),
      Request(
        method: .post, path: Paths.recording(id, "events"), body: "[\(event)]", isAudited: false),
      Request(method: .post, path: Paths.recording(id, "flag"), body: #"{"flag_reason":"x"}"#),
      Request(method: .post, path: Paths.recording(id, "stop"), body: "{}"),
      Request(path: Paths.recording(id)), Request(path: Paths.recording(id, "events")),
      Request(path: Paths.recording(id, "replay")), Request(path: Paths.recording(id, "export")),
      Request(path: Paths.recordings + "?limit=5"), Request(path: "/api/governance/keys"),
      Request(path: "/api/governance/audit?limit=5"), Request(path: "/api/governance/users/alice"),
      Request(method: .put, path: "/api/governance/agents/agent-1", body: #"{"status":"intern"}"#),
      Request(method: .post, path: "/api/governance/reviews/claim"),
      // Refused before anybody is asked, which leaves no line.
      Request(path: Paths.recordings + "?limit=0"),
    ]
    return requests[numbers.int(0..<requests.count)]
  }

  /// The ids of the requests that must have left a line.
  private static func ask(
    _ client: Client, _ count: Int, about ids: [String], seed: UInt64
  ) async throws -> [String] {
    var numbers = SeededGenerator(seed: seed)
    var audited: [String] = []
    for _ in 0..<count {
      let request = request(about: ids[numbers.int(0..<ids.count)], &numbers)
      let answer = try await client.send(
        request.method, request.path, request.body.map { Array($0.utf8) })
      let leavesLine =
        switch answer.status {
        case 200..<300: request.isAudited
        case 403, 404, 409: true
        case 422, 503: false
        default: throw TestSupportError("\(request.path): \(answer.status) \(answer.text)")
        }
      if leavesLine { audited += answer.headers["x-request-id"] }
    }
    return audited
  }

  @Test(.timeLimit(.minutes(2))) func everyAuditedRequestHasItsOneLine() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("audit count")
    let keys = try await tenant.makeKeys([
      "admin": .init("admin", user: "root"), "alice": .init("member", user: "alice"),
      "bob": .init("member", user: "bob"), "rita": .init("reviewer", user: "rita"),
      "auditor": .init("auditor"), "recorder": .init("recorder"),
    ]).mapValues(\.text)
    try await deployment.withService { service in
      var ids = ["0190b0a4-7c3d-7e55-9c11-0123456789ab"]
      for _ in 0..<20 {
        ids.append(try await service.client(keys["admin"]).startRecording())
      }
      let before = try await lines(of: tenant)
      let asked = try await withThrowingTaskGroup(of: [String].self) { group in
        for (number, key) in keys.values.sorted().enumerated() {
          group.addTask { [ids] in
            try await Self.ask(service.client(key), 80, about: ids, seed: UInt64(number))
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      let written = try await lines(of: tenant).dropFirst(before.count)
      #expect(asked.count > 200)
      #expect(written.sorted() == asked.sorted())
    }
  }

  /// The requests that the log's lines name, in the order of the lines.
  private func lines(of tenant: Tenant) async throws -> [String] {
    try await tenant.deployment.withDatabase { database in
      try await database.execute(
        Query(
          """
          select request_id::text
          from hansard.canvas_audit
          where tenant_id = ($1::text)::uuid
          order by occurred_at, audit_id
          """, tenant.id)
      ).map { try $0.decode(0) }
    }
  }
}

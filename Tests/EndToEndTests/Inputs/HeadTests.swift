// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

/// H019: `HEAD` on every route that has `GET`: the same head, no body, and the same line in the audit log.
@Suite(.serialized, .exclusive)
struct HeadTests {
  @Test func headIsAnsweredLikeGetWithoutABody() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("heads")
    let key = try await tenant.makeKey(.init("admin", user: "root")).text
    let routes = RouteTable.rows.filter { $0.key.hasPrefix("GET ") }.sorted { $0.key < $1.key }
    #expect(routes.count >= 24)
    try await deployment.withService { service in
      let admin = service.client(key)
      for (name, row) in routes {
        let request = try RouteRequest(name, isOpen: row.reach.isEmpty)
        var path = request.path
        if let thing = request.request.thing {
          path = path.replacing(
            "{id}", with: try await deployment.make(thing, by: admin, .init()))
        }
        // A WebSocket is not asked for here, by neither.
        let get =
          path == Paths.stream ? try await admin.opened(path) : try await admin.send(.get, path)
        let head = try await self.head(of: path, key, on: service)
        #expect(head.status == get.status, "\(name)")
        #expect(head.fields == get.fields, "\(name)")
        // The audit log and the counters are longer by what asking for them left there.
        let grows = path.hasPrefix("/api/governance/audit") || path == "/metrics"
        if !grows, let length = head.headers["content-length"].first {
          #expect([length] == get.headers["content-length"], "\(name)")
        }
        let lines = try await lines(of: get, tenant)
        #expect(try await self.lines(of: head, tenant) == lines, "\(name)")
        #expect(lines.count == (row.isAudited && get.status == 200 ? 1 : 0), "\(name)")
      }
      for path in [Paths.recording("not-an-id"), "/nothing"] {
        let get = try await admin.send(.get, path)
        let head = try await self.head(of: path, key, on: service)
        #expect(head.status == 404 && head.fields == get.fields, "\(path)")
      }
    }
  }

  /// The answer as it was sent: nothing may come behind the head.
  private func head(of path: String, _ key: String, on service: Service) async throws -> Answer {
    let outcome = try await RawConnection.exchange(
      .init(
        port: service.settings.ports.main, bytes: RawRequest("HEAD", path, key: key).bytes,
        limit: .seconds(20)))
    #expect(outcome.received.suffix(4) == Array("\r\n\r\n".utf8)[...], "\(path)")
    return try #require(outcome.answers(toHead: true)?.first, "\(path)")
  }

  /// What the audit log says of a request, but for when it was.
  private func lines(of answer: Answer, _ tenant: Tenant) async throws -> [String] {
    let request = try #require(answer.headers["x-request-id"].first)
    return try await tenant.deployment.withDatabase { database in
      try await database.execute(
        Query(
          """
          select concat_ws(' ', action, outcome, component_type, recording_id, agent_id, user_id)
          from hansard.canvas_audit
          where tenant_id = ($1::text)::uuid
            and request_id = ($2::text)::uuid
          """, tenant.id, request)
      ).map { try $0.decode(0) }
    }
  }
}

extension Answer {
  /// What does not depend on the moment, the request or how the body is sent.
  fileprivate var fields: [String] {
    let others: Set = [
      "connection", "content-length", "date", "transfer-encoding", "x-request-id",
    ]
    return headers.all.filter { !others.contains($0.name) }.map { "\($0.name): \($0.value)" }
      .sorted()
  }
}

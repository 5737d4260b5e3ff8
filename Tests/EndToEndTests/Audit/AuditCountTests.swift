// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

/// As many lines in the audit log as there were audited operations, each for the request it tells of: every
/// route behind the gate, every role, two instances.
@Suite(.serialized, .exclusive)
struct AuditCountTests {
  /// A tenant, what its routes are asked about, and who asks.
  private struct Stage: Sendable {
    let tenant: Tenant
    let services: [Service]
    let keys: [String: String]
    let requests: [RouteRequest]
    let things: [AuditedRequests.Thing: [String]]

    static func make(_ deployment: Deployment, _ services: [Service]) async throws -> Stage {
      let tenant = try await deployment.makeTenant("audit count")
      let keys = try await tenant.makeKeys([
        "admin": .init("admin", user: "root"), "alice": .init("member", user: "alice"),
        "bob": .init("member", user: "bob"), "rita": .init("reviewer", user: "rita"),
        "auditor": .init("auditor"), "recorder": .init("recorder"),
      ]).mapValues(\.text)
      let requests = try AuditedRequests.rows.keys.sorted().map { try RouteRequest($0) }
      var things: [AuditedRequests.Thing: [String]] = [:]
      for thing in Set(requests.compactMap(\.request.thing)) {
        things[thing] = ["0190b0a4-7c3d-7e55-9c11-0123456789ab"]
        for number in 0..<6 {
          let owner = number.isMultiple(of: 2) ? "alice" : "bob"
          let id = try await services[0].client(keys["admin"]).make(
            thing, .init(owner: owner, name: "counted-\(number)"))
          things[thing]?.append(id)
        }
      }
      return Stage(
        tenant: tenant, services: services, keys: keys, requests: requests, things: things)
    }
  }

  /// Asks at random, and returns the ids of the requests that must have left a line.
  private static func ask(
    _ stage: Stage, by key: String, _ count: Int, seed: UInt64
  ) async throws -> [String] {
    var numbers = SeededGenerator(seed: seed)
    var audited: [String] = []
    for _ in 0..<count {
      let request = stage.requests[numbers.int(0..<stage.requests.count)]
      let ids = request.request.thing.flatMap { stage.things[$0] } ?? [""]
      let service = stage.services[numbers.int(0..<stage.services.count)]
      let answer = try await request.send(
        by: service.client(key), on: service, id: ids[numbers.int(0..<ids.count)],
        query: Self.query(of: request))
      if try leavesLine(request, answer) { audited += answer.headers["x-request-id"] }
    }
    return audited
  }

  /// A list that is exported has a line for each of its pages, and would be as long as the campaign.
  private static func query(of request: RouteRequest) -> String {
    switch request.name {
    case "GET /api/governance/audit/export": "?after=2090-01-01T00:00:00Z"
    case "GET /api/canvas/recording/export": "?started_after=2090-01-01T00:00:00Z"
    default: ""
    }
  }

  private static func leavesLine(_ request: RouteRequest, _ answer: Answer) throws -> Bool {
    switch answer.status {
    case 200..<300: return RouteTable.rows[request.name]?.isAudited ?? true
    case 403, 404, 409, 410, 412: return true
    // As many webhooks as there may be.
    case 422: return false
    default: throw TestSupportError("\(request.name): \(answer.status) \(answer.text)")
    }
  }

  /// `count` requests, by all keys at once.
  private static func ask(_ stage: Stage, _ count: Int, seed: UInt64) async throws -> [String] {
    let keys = stage.keys.values.sorted()
    return try await withThrowingTaskGroup(of: [String].self) { group in
      for (number, key) in (keys + keys).enumerated() {
        group.addTask {
          try await ask(
            stage, by: key, 1 + count / (2 * keys.count), seed: seed &+ UInt64(number))
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private static func with(_ body: (Stage) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { first in
      try await deployment.withService { second in
        try await body(try await Stage.make(deployment, [first, second]))
      }
    }
  }

  @Test func everyAuditedRequestHasItsOneLine() async throws {
    try await Self.with { stage in
      let before = try await stage.tenant.auditLines()
      let asked = try await Self.ask(stage, Effort.auditedRequests, seed: Effort.seed)
      let written = try await stage.tenant.auditLines().dropFirst(before.count)
      print("audit count: \(asked.count) of \(Effort.auditedRequests) requests left a line")
      #expect(asked.count > Effort.auditedRequests / 2)
      #expect(written.sorted() == asked.sorted())
      try await theLineThatIsMissingIsMissed(stage)
    }
  }

  /// The planted defect: one of the lines is not written.
  private func theLineThatIsMissingIsMissed(_ stage: Stage) async throws {
    let before = try await stage.tenant.auditLines()
    let (making, mending) = Self.suppression(of: stage.tenant)
    let lost: [String]
    var asked: [String]
    try await execute(making, stage)
    do {
      let service = stage.services[0]
      let key = stage.keys["auditor"] ?? ""
      asked = try await Self.ask(stage, by: key, 30, seed: Effort.seed)
      lost = try await service.client(key).send(
        .get, "/api/governance/audit?action=read_policy&limit=7"
      ).headers["x-request-id"]
      asked += lost
    } catch {
      try await execute(mending, stage)
      throw error
    }
    try await execute(mending, stage)
    let written = try await stage.tenant.auditLines().dropFirst(before.count)
    #expect(written.sorted() != asked.sorted())
    #expect(Set(asked).subtracting(written) == Set(lost) && lost.count == 1)
  }

  /// Loses the line of whoever asks for seven lines at once.
  private static func suppression(of tenant: Tenant) -> (making: [String], mending: [String]) {
    let function = "public.lose_line()"
    return (
      [
        "create function \(function) returns trigger language plpgsql as $$ begin return null; end $$",
        """
        create trigger lose_line before insert on hansard.canvas_audit for each row
          when (new.tenant_id = '\(tenant.id)' and new.action = 'read_audit'
            and new.audit_metadata ->> 'count' = '7')
          execute function \(function)
        """,
      ], ["drop trigger lose_line on hansard.canvas_audit", "drop function \(function)"]
    )
  }

  private func execute(_ statements: [String], _ stage: Stage) async throws {
    try await stage.tenant.deployment.withDatabase { database in
      for statement in statements {
        _ = try await database.execute(Query(statement, prepared: false))
      }
    }
  }
}

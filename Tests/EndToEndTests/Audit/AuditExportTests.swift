// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// The audit log taken away as a file, checked by readers that are not ours.
@Suite(.serialized, .exclusive)
struct AuditExportTests {
  private static let path = "/api/governance/audit/export"

  /// A log of 1,200 lines of an agent whose id is a formula, and those of its making.
  private func withLog(_ body: (Client, Tenant) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("audit export")
    let key = try await tenant.makeKey(.init("auditor")).text
    try await deployment.withDatabase { database in
      _ = try await database.execute(
        Query(
          """
          insert into hansard.canvas_audit (
            tenant_id, audit_id, occurred_at, request_id, actor, actor_role, component_type, action,
            outcome, refusal, agent_id, audit_metadata, governance_check_passed)
          select ($1::text)::uuid, gen_random_uuid(), now() - n / 10 * interval '1 second',
            gen_random_uuid(), 'user:alice', 'member', 'canvas_recording', 'replay_recording',
            case when n % 3 = 0 then 'refused' else 'allowed' end,
            case when n % 3 = 0 then 'no, "never"' end, '=1+1', '{"n": "a;=2"}', n % 3 <> 0
          from generate_series(1, 1200) as n
          """, tenant.id))
    }
    try await deployment.withService { try await body($0.client(key), tenant) }
  }

  @Test(.enabled(if: Python.isAvailable, "python3 is not installed"))
  func everyFormHoldsTheSameLines() async throws {
    try await withLog { client, _ in
      let path = Self.path + "?actor=user:alice"
      let json = try await client.send(.get, path)
      #expect(json.status == 200 && json.headers["content-type"] == ["application/json"])
      #expect(
        json.headers["content-disposition"] == ["attachment; filename=\"audit.json\""])
      let records = Array(try json.json.elements)
      #expect(records.count == 1200)
      let lines = try await client.send(.get, path + "&format=ndjson").text
        .split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 1201 && lines.last == "")
      // The exports' own lines are the auditor's.
      #expect(zip(lines, records).allSatisfy { $0 == $1.raw })
      let csv = try await client.send(.get, path + "&format=csv")
      #expect(csv.headers["content-type"] == ["text/csv; charset=utf-8"])
      let directory = try TemporaryDirectory.make("audit-export")
      defer { TemporaryDirectory.remove(directory) }
      try Data(csv.body).write(to: URL(fileURLWithPath: "\(directory)/csv"))
      try Data(json.body).write(to: URL(fileURLWithPath: "\(directory)/json"))
      let read = try await Python.run(
        """
        import csv, json, sys
        rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
        records = json.load(open(sys.argv[2], encoding="utf-8"))
        same = [r["audit_id"] for r in rows] == [r["audit_id"] for r in records]
        refused = [r for r in rows if r["outcome"] == "refused"]
        print(len(rows), same, len(refused), refused[0]["refusal"], rows[0]["agent_id"])
        print(list(records[0]) == list(rows[0]), set(r["audit_metadata"] for r in rows))
        """, ["\(directory)/csv", "\(directory)/json"])
      #expect(
        read == """
          1200 True 400 no, "never" '=1+1
          True {'{"n": "a;\\'=2"}'}

          """)
    }
  }

  @Test(arguments: ["ndjson", "csv"])
  func goesOnWhereItBrokeOff(_ format: String) async throws {
    try await withLog { client, _ in
      let path = "\(Self.path)?actor=user:alice&format=\(format)"
      let all = try await client.send(.get, path).text
      let ids = try await client.send(.get, Self.path + "?actor=user:alice").json.elements.map {
        try $0["audit_id"]?.text() ?? ""
      }
      #expect(ids.count == 1200)
      for index in [0, 499, 500, 1198] {
        let rest = try await client.send(.get, "\(path)&after_id=\(ids[index])").text
        #expect(all.hasSuffix(rest) && rest.contains(ids[index + 1]) && !rest.contains(ids[index]))
      }
      #expect(try await client.send(.get, "\(path)&after_id=\(ids[1199])").text.isEmpty)
      let foreign = "0190b0a4-7c3d-7e55-9c11-0123456789ab"
      let answer = try await client.send(.get, "\(path)&after_id=\(foreign)")
      #expect(answer.status == 422 && answer.code == "bad_cursor")
    }
  }

  @Test func eachPageIsALineOfTheLog() async throws {
    try await withLog { client, tenant in
      #expect(try await client.send(.get, Self.path + "?outcome=allowed").status == 200)
      let trail = try await client.send(.get, "/api/governance/audit?action=export_audit").json
      let counts = try trail.elements.map { try $0["audit_metadata"]?["count"]?.text() }
      // 800, and the line of the key's making.
      #expect(counts == ["301", "500"])
      let member = try await tenant.makeKey(.init("member", user: "alice")).text
      for method in [Client.Method.get, .head] {
        let refused = try await Client(url: client.url, key: member).send(method, Self.path)
        #expect(refused.status == 403)
      }
      let refusals = try await client.send(
        .get, "/api/governance/audit?action=export_audit&outcome=refused")
      #expect(try refusals.json.elements.count == 2)
    }
  }

  @Test(arguments: ["format=xml", "limit=3", "after_id=x", "cursor=x", "outcome=perhaps"])
  func whatIsNoQueryIsRefused(_ query: String) async throws {
    try await withLog { client, _ in
      let answer = try await client.send(.get, "\(Self.path)?\(query)")
      #expect(answer.status == 422, "\(answer.text)")
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RegistersTests {
  @Test func agentsAreRegisteredAndChanged() async throws {
    try await Fixture.run { fixture in
      let (agents, acme) = (fixture.hansard.agents, fixture.acme)
      let id = try #require(AgentID("bot"))
      let made = try await agents.put(id, name: nil, status: .intern, by: acme.admin)
      #expect(made.name == "bot" && made.status == .intern && made.isRegistered)
      let named = try await agents.put(
        id, name: DisplayName("The Bot"), status: .autonomous, by: acme.admin)
      #expect(named.name == "The Bot" && named.createdAt == made.createdAt)
      let kept = try await agents.put(id, name: nil, status: .paused, by: acme.admin)
      #expect(kept.name == "The Bot" && kept.status == .paused)
      #expect(try await agents.find(id, by: acme.auditor).name == "The Bot")
      #expect(try await agents.list(by: acme.auditor).map(\.id) == [id])
      #expect(try await agents.list(after: id, by: acme.auditor).isEmpty)
      #expect(
        try await refusal { try await agents.find(id, by: fixture.globex.admin) } == .notFound)
      let forbidden = try await refusal {
        try await agents.put(id, name: nil, status: .autonomous, by: acme.auditor)
      }
      #expect(forbidden == .forbidden)
      let trail = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'status_before', audit_metadata ->> 'status_after'
        from hansard.canvas_audit
        where action = 'manage_agents' and outcome = 'allowed' order by occurred_at
        """)
      #expect(trail == "|intern\nintern|autonomous\nautonomous|paused\n")
    }
  }

  @Test func usersAreRegisteredAndChanged() async throws {
    try await Fixture.run { fixture in
      let (users, acme) = (fixture.hansard.users, fixture.acme)
      let zoe = try #require(UserID("zoe"))
      let made = try await users.put(
        zoe, name: DisplayName("Zoë"), email: DisplayName("zoe@example.com"), by: acme.admin)
      #expect(made.isRegistered && made.name == "Zoë" && made.email == "zoe@example.com")
      let kept = try await users.put(zoe, name: nil, email: DisplayName("z@b"), by: acme.admin)
      #expect(kept.name == "Zoë" && kept.email == "z@b")
      #expect(
        try await users.list(by: acme.auditor).map(\.id.rawValue) == ["ann", "bob", "rita", "zoe"])
      for wrong in ["z", "zoe", "@b", "z@", "a@b@c"] {
        let error = try await domainError {
          try await users.put(zoe, name: nil, email: DisplayName(wrong), by: acme.admin)
        }
        #expect(error.code == .validationFailed && error.violations.map(\.pointer) == ["/email"])
      }
    }
  }

  @Test func keysAreBoundAsTheirRoleAllows() async throws {
    try await Fixture.run { fixture in
      let (hansard, acme) = (fixture.hansard, fixture.acme)
      let member = try await refusal {
        try await Party.caller(.member, by: acme.admin, in: hansard)
      }
      #expect(member == .validationFailed)
      for role in Role.allCases where role != .recorder {
        let code = try await refusal {
          try await Party.caller(role, user: "ann", agent: "bot", by: acme.admin, in: hansard)
        }
        #expect(code == .validationFailed)
      }
      let (bound, _) = try await Party.caller(
        .recorder, agent: "bot", by: acme.admin, in: hansard)
      let id = try await hansard.recordings.start(.by(), by: bound).id
      try await hansard.recordings.appendOne(.of(), to: id, by: bound)
      let other = try await hansard.recordings.started(by: acme, agent: "other")
      let code = try await refusal {
        try await hansard.recordings.append([.of()], to: other, by: bound)
      }
      #expect(code == .forbidden)
      #expect(try await hansard.keys.list(by: acme.admin).count == 7)
      let last = try #require(try await hansard.keys.list(by: acme.admin).last)
      #expect(last.agent?.rawValue == "bot" && last.role == .recorder)
      let unknown = try await refusal { try await hansard.keys.revoke(.make(), by: acme.admin) }
      #expect(unknown == .notFound)
      let key = try #require(fixture.globex.ann.principal.key)
      #expect(try await refusal { try await hansard.keys.revoke(key, by: acme.admin) } == .notFound)
    }
  }

  @Test func tenantsAreFoundById() async throws {
    try await Fixture.run { fixture in
      let tenants = fixture.hansard.tenants
      let acme = try await tenants.find(fixture.acme.tenant)
      let unknown = try await refusal { try await tenants.find(.make()) }
      #expect(acme.name == "Acme" && unknown == .notFound)
    }
  }

  /// A tenant without a key of its own: those who start at once agree on one.
  @Test func manyFirstStartsMakeOneTenantKey() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      try await TestDatabase.current.psql(
        "delete from hansard.tenant_keys where tenant_id = '\(acme.tenant)'")
      let ids = try await withThrowingTaskGroup { group in
        for number in 0..<20 {
          group.addTask { try await recordings.started(by: acme, agent: "new\(number % 3)") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let keys = try await TestDatabase.current.psql(
        "select count(*) from hansard.tenant_keys where tenant_id = '\(acme.tenant)'")
      #expect(keys == "1\n")
      for id in ids { try await recordings.appendOne(.of(), to: id, by: acme.recorder) }
    }
  }
}

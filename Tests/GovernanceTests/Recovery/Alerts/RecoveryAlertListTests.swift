// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// The alerts that were raised, read back; and who is told of them.
@Suite(.serialized, .database)
struct RecoveryAlertListTests {
  private static let terms = RecoveryAlertTerms(
    failures: .init(count: 1, windowSeconds: 600), successRate: nil, tellsEscalations: true)

  @Test func aPageFollowsTheOther() async throws {
    try await AlertGround.run(Self.terms) { ground in
      for number in 0..<7 { try await ground.fail("E\(number)") }
      try await ground.log(.of(strategy: "escalate"), in: .named("s-1"))
      let auditor = ground.fixture.acme.auditor
      var (names, cursor): ([String], Cursor?) = ([], nil)
      repeat {
        let page = try await ground.recovery.alerts(
          .init(), limit: try #require(PageLimit(3)), cursor: cursor, by: auditor)
        names += page.elements.map(\.subject.name)
        cursor = page.next
        #expect(names.count <= 8)
        // What comes meanwhile moves nothing.
        try await ground.fail("later\(names.count)")
      } while cursor != nil
      #expect(names == ["s-1"] + (0..<7).reversed().map { "E\($0)" })
      var filter = RecoveryAlertFilter()
      filter.kind = .escalation
      filter.raisedAfter = Timestamp(microseconds: Timestamp.now().microseconds - 3_600_000_000)
      let one = try await ground.recovery.alerts(
        filter, limit: .standard, cursor: nil, by: auditor)
      #expect(one.elements.map(\.subject.name) == ["s-1"])
      filter.raisedBefore = filter.raisedAfter
      let none = try await ground.recovery.alerts(
        filter, limit: .standard, cursor: nil, by: auditor)
      #expect(none.elements.isEmpty)
    }
  }

  @Test func onlyAdminsAndAuditorsReadThemAndThatIsAudited() async throws {
    try await AlertGround.run(Self.terms) { ground in
      try await ground.fail()
      let (acme, globex) = (ground.fixture.acme, ground.fixture.globex)
      func read(_ caller: Caller) async throws -> Int {
        try await ground.recovery.alerts(.init(), limit: .standard, cursor: nil, by: caller)
          .elements.count
      }
      #expect(try await read(acme.admin) == 1)
      #expect(try await read(acme.auditor) == 1)
      #expect(try await read(globex.admin) == 0)
      for caller in [acme.ann, acme.reviewer, acme.recorder] {
        let code = try await refusal { try await read(caller) }
        #expect(code == .forbidden)
      }
      let lines = try await TestDatabase.current.psql(
        """
        select component_type, outcome, audit_metadata ->> 'count' from hansard.canvas_audit
        where action = 'read_recovery_alerts' and tenant_id = '\(acme.tenant)' order by occurred_at
        """)
      #expect(
        lines == String(repeating: "recovery_audit|allowed|1\n", count: 2)
          + String(repeating: "recovery_audit|refused|\n", count: 3))
      // The attempt's own line says that it raised one.
      let raised = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'alerts' from hansard.canvas_audit
        where action = 'log_recovery_attempt'
        """)
      #expect(raised == "1\n")
    }
  }

  /// What was told stays said, also when there is nothing left of its session.
  @Test func alertsOutliveTheirSession() async throws {
    try await AlertGround.run(Self.terms) { ground in
      try await ground.log(.of("E", success: false), in: .named("s-1"))
      _ = try await ground.recovery.clear(
        .named("s-1"), because: .reason("x"), by: ground.fixture.acme.admin)
      #expect(try await ground.alerts().map(\.cause.session.rawValue) == ["s-1"])
      for statement in ["delete from hansard.recovery_alerts", "truncate hansard.recovery_alerts"] {
        await #expect(throws: TestSupportError.self) {
          try await TestDatabase.current.psql(statement)
        }
      }
    }
  }

  /// Nobody is told of a recovery that they may not read.
  @Test func whoIsToldIsWhoMayRead() throws {
    let (ann, bob) = (try #require(UserID("ann")), try #require(UserID("bob")))
    for role in Role.allCases {
      for user in [ann, bob, nil] {
        let principal = Principal(
          tenant: .make(), key: .make(), role: role, user: user, agent: nil)
        for owner in [ann, bob, nil] {
          let mayRead =
            Policy.decide(principal, .findRecovery, on: AccessFacts(owner: owner)) == .allowed
          for kind in [Notice.Kind.attemptLogged, .recoveryAlert, nil] {
            let isTold = Policy.tells(principal, of: kind, concerning: owner)
            #expect(isTold == mayRead, "\(role) \(String(describing: kind))")
          }
          let oversees = [.reviewer, .auditor, .admin].contains(role)
          for kind in Notice.Kind.allCases where kind.rawValue.hasPrefix("canvas:") {
            let isTold = Policy.tells(principal, of: kind, concerning: owner)
            #expect(isTold == (oversees || owner != nil && owner == user), "\(role) \(kind)")
          }
        }
      }
    }
    // The table above, in words: a reviewer hears of the recoveries that name them, and of no others.
    let rita = Principal(tenant: .make(), key: .make(), role: .reviewer, user: ann, agent: nil)
    #expect(Policy.tells(rita, of: .attemptLogged, concerning: ann))
    #expect(!Policy.tells(rita, of: .attemptLogged, concerning: bob))
    #expect(!Policy.tells(rita, of: .recoveryAlert, concerning: nil))
    #expect(Policy.tells(rita, of: .recordingStarted, concerning: bob))
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Rotations that meet each other, and what is begun under the key before.
@Suite(.serialized, .database)
struct KeyRaceTests {
  /// How many of each sort of waiting statements there are.
  private static func waiting(_ function: String) async throws -> Int {
    let count = try await TestDatabase.current.psql(
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%\(function)%'
      """)
    return Int(count.dropLast()) ?? 0
  }

  /// Two rotations that have read the same before either writes, since somebody holds a row of it: how much both
  /// together have wrapped anew, and what is wrong afterwards.
  private static func meeting() async throws -> (
    rewrapped: Int64, wanted: Int64, findings: [String]
  ) {
    var outcome: (Int64, Int64, [String]) = (0, 0, [])
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let holder = try await TestDatabase.current.connect(role: "postgres")
      _ = try await holder.execute(Query("begin"))
      _ = try await holder.execute(
        Query(
          "select wrapped from hansard.recording_keys order by recording_id limit 1 for update"))
      try await fixture.withTwin { twin in
        let caller = ground.party.operatorCaller
        async let one = fixture.hansard.tenantKeys.rotate(by: caller)
        async let other = twin.tenantKeys.rotate(by: caller)
        try await eventually("two that wait") {
          try await waiting("rewrap_recording_keys") == 2
        }
        _ = try await holder.execute(Query("rollback"))
        let both = try await [one, other]
        outcome.0 = both.reduce(0) { $0 + $1.rewrapped }
        // One goes on with what the other has begun.
        outcome.1 = ground.count
        outcome.2 = both.filter(\.isNew).count == 1 ? [] : ["not one rotation: \(both)"]
        outcome.2 += both.map(\.left).allSatisfy { $0 == 0 } ? [] : ["left: \(both)"]
      }
      await holder.close()
      outcome.2 += try await ground.findings(in: fixture.hansard)
      let keys = try await fixture.hansard.tenantKeys.list(of: ground.party.tenant)
      if keys.map(\.references) != [ground.count] { outcome.2.append("keys: \(keys)") }
    }
    return outcome
  }

  @Test(.timeLimit(.minutes(2))) func whatTwoHaveReadIsWrappedAnewOnce() async throws {
    let outcome = try await Self.meeting()
    #expect(outcome.rewrapped == outcome.wanted)
    #expect(outcome.findings == [])
  }

  /// The planted defect: what was read is not compared with what is there.
  @Test(.timeLimit(.minutes(2))) func aSwapThatDoesNotCompareIsNoticed() async throws {
    try await Mutant.make(
      "rewrap_recording_keys", [(of: "and k.wrapped = n.known", to: "")])
    let outcome = try await Self.meeting()
    #expect(outcome.rewrapped > outcome.wanted)
  }

  /// The planted defect: a key is said to be under another one, and is not.
  @Test(.timeLimit(.minutes(2))) func aSwapThatForgetsTheKeyIsNoticed() async throws {
    try await Mutant.make(
      "rewrap_recording_keys", [(of: "wrapped = n.fresh", to: "wrapped = k.wrapped")])
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      _ = try await fixture.hansard.tenantKeys.rotate(by: ground.party.operatorCaller)
      let findings = try await WrappedGround.unreadable(
        of: ground.party.tenant, fixture.settings.material)
      #expect(findings.count == ground.recordings.count)
    }
  }

  /// Somebody is told the active key, it is replaced and everything wrapped anew, and then something comes under the
  /// old one. Says what became of that, and what is wrong afterwards.
  private static func comingLate() async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let tenant = ground.party.tenant
      let late = try await TestDatabase.current.connect(role: "postgres")
      for sql in [
        "create table kept as select * from hansard.recording_keys", "begin",
        "set local role hansard_service", "set local hansard.tenant_id = '\(tenant)'",
        "select tenant_key_id from hansard.active_tenant_key()", "reset role",
      ] {
        _ = try await late.execute(Query(sql, prepared: false))
      }
      async let rotation = fixture.hansard.tenantKeys.rotate(by: ground.party.operatorCaller)
      try await eventually("a removal that waits, or is over") {
        let count = try await TestDatabase.current.psql(
          """
          select count(*) from hansard.canvas_audit
          where action = 'rotate_tenant_key' and audit_metadata ? 'removed_tenant_key_id'
          """)
        return try await waiting("remove_tenant_key") == 1 || count == "1\n"
      }
      do {
        _ = try await late.execute(
          Query(
            """
            update hansard.recording_keys as k
            set wrapped = s.wrapped, tenant_key_id = s.tenant_key_id
            from kept as s
            where s.recording_id = k.recording_id
            """))
        _ = try await late.execute(Query("commit"))
      } catch {
        findings.append("what came late was refused")
      }
      await late.close()
      let left = try await rotation.left
      if left != 0 { findings.append("left: \(left)") }
      findings += try await ground.findings(in: fixture.hansard)
      let keys = try await fixture.hansard.tenantKeys.list(of: tenant)
      if keys.map(\.references) != [ground.count] { findings.append("keys: \(keys)") }
    }
    return findings
  }

  @Test(.timeLimit(.minutes(2))) func whatComesLateIsWrappedAnewToo() async throws {
    #expect(try await Self.comingLate() == [])
  }

  /// The planted defect: who is told the active key does not keep it from going.
  @Test(.timeLimit(.minutes(2))) func aKeyThatGoesTooEarlyIsNoticed() async throws {
    try await Mutant.make("active_tenant_key", [(of: "for key share;", to: ";")])
    #expect(try await Self.comingLate() == ["what came late was refused"])
  }
}

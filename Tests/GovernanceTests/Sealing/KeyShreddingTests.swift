// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// The destruction of a tenant's keys.
@Suite(.serialized, .database)
struct KeyShreddingTests {
  private func shred(_ ground: WrappedGround) async throws -> TenantShredding {
    try await ground.fixture.hansard.tenantKeys.shred(
      because: .reason("the customer left"), by: ground.party.operatorCaller)
  }

  private func contents() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select (select count(*) from hansard.tenant_keys), (select count(*) from hansard.recording_keys),
        (select count(*) from hansard.recovery_keys), (select count(*) from hansard.webhooks),
        (select count(*) from hansard.idempotency_keys),
        (select count(*) from hansard.recording_progress where is_open)
      """)
  }

  @Test func whatWasRecordedIsGone() async throws {
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let (recordings, party) = (fixture.recordings, ground.party)
      let other = try await recordings.started(by: fixture.globex)
      let leaves = try await recordings.allEvents(of: ground.recordings[0], by: party.ann)

      let shredding = try await shred(ground)
      #expect(shredding.tenantKeys == 1 && shredding.recordings == 3)
      #expect(shredding.recoverySessions == 1 && shredding.webhooks == 1)
      #expect(shredding.certificates == 3 && shredding.left == 0)
      // Of the other tenant everything is there.
      #expect(try await contents() == "1|1|0|0|0|1\n")
      #expect(try await recordings.allEvents(of: other, by: fixture.globex.ann).isEmpty)

      for id in ground.recordings {
        #expect(
          try await refusal { try await recordings.find(id, by: party.ann) } == .recordingExpired)
        #expect(
          try await refusal { try await recordings.append([.of()], to: id, by: party.recorder) }
            == .recordingExpired)
      }
      let history = try await refusal {
        try await fixture.hansard.recovery.wholeHistory(of: ground.session, by: party.ann)
      }
      #expect(history == .sessionCleared)
      let certificate = try await fixture.hansard.certificates.find(
        ground.recordings[0], by: party.admin)
      // Of one leaf, the root is the leaf.
      #expect(certificate.root == leaves[0].leafHash && certificate.reason == "the customer left")

      // What comes afterwards is under a new key.
      let next = try await recordings.started(by: party)
      try await recordings.appendOne(.of("1"), to: next, by: party.recorder)
      #expect(try await recordings.allEvents(of: next, by: party.ann).map(\.text) == ["1"])
      let lines = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'reason', audit_metadata ->> 'recordings', outcome
        from hansard.canvas_audit where action = 'shred_tenant_keys'
        """)
      #expect(lines == "the customer left|3|allowed\n")
    }
  }

  @Test func whatIsHeldOrKeptIsNotDestroyed() async throws {
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let before = try await contents()
      let hold = try await fixture.hansard.holds.place(
        on: ground.recordings[1], because: .reason("a case"), by: ground.party.admin)
      #expect(try await refusal { try await shred(ground) } == .recordingHeld)
      _ = try await fixture.hansard.holds.lift(
        hold.id, because: .reason("closed"), by: ground.party.admin)
      try await TestDatabase.current.psql(
        """
        update hansard.canvas_recordings set retain_until = now() + interval '1 day'
        where recording_id = '\(ground.recordings[2])'
        """)
      #expect(try await refusal { try await shred(ground) } == .recordingRetained)
      #expect(try await contents() == before)
      #expect(try await ground.findings(in: fixture.hansard) == [])
      let lines = try await TestDatabase.current.psql(
        """
        select outcome, audit_metadata ->> 'reason' from hansard.canvas_audit
        where action = 'shred_tenant_keys'
        """)
      #expect(lines == "refused|the customer left\nrefused|the customer left\n")
    }
  }

  /// A hold that is being placed is waited for, and wins. True where the recording was kept.
  private func holdWins() async throws -> Bool {
    var isKept = false
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let holder = try await TestDatabase.current.connect(role: "postgres")
      for sql in [
        "begin", "set local hansard.tenant_id = '\(ground.party.tenant)'",
        "select hansard.place_hold(gen_random_uuid(), '\(ground.recordings[0])', 'x', 'x')",
      ] {
        _ = try await holder.execute(Query(sql, prepared: false))
      }
      async let shredding = shred(ground)
      try await eventually("a destruction that waits, or is over") {
        let count = try await TestDatabase.current.psql(
          """
          select count(*) from pg_stat_activity where datname = current_database()
            and wait_event_type = 'Lock' and query like '%shred_tenant_keys%'
          """)
        if count == "1\n" { return true }
        return try await contents().hasPrefix("1|0|")
      }
      _ = try await holder.execute(Query("commit"))
      await holder.close()
      do {
        _ = try await shredding
      } catch let error as DomainError {
        #expect(error.code == .recordingHeld)
      }
      isKept = try await contents().hasPrefix("2|3|")
    }
    return isKept
  }

  @Test(.timeLimit(.minutes(2))) func aHoldThatIsBeingPlacedWins() async throws {
    #expect(try await holdWins())
  }

  /// The planted defect: holds are not asked for.
  @Test(.timeLimit(.minutes(2))) func aDestructionThatDoesNotAskIsNoticed() async throws {
    try await Mutant.make("shred_tenant_keys", [(of: "and r.hold_count > 0", to: "and false")])
    #expect(try await !holdWins())
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A policy that changes how long recordings are kept, before and after it comes into force.
@Suite(.serialized, .database)
struct RetentionChangeTests {
  /// What is not right around the end of the time of grace; one step on each side of it.
  private func findings(mutant: () async throws -> Void = {}) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      let ground = fixture.ground
      _ = try await ground.stopped()
      let pending = try await ground.settle(days: 30).pendingRetention
      #expect(pending?.daysBefore == 90 && pending?.daysAfter == 30)
      try await mutant()
      func expect(_ days: String, _ when: String) async throws {
        let run = await fixture.hansard.retention.run()
        if let failure = run.failure { findings.append("\(when): \(failure)") }
        let (found, late) = (try await ground.days(), try await ground.stopped())
        if found != days { findings.append("\(when): \(found)") }
        let kept = late.stoppedAt?.adding(days: days == "30|\n" ? 30 : 90)
        if late.expiresAt != kept { findings.append("\(when): stopped by another period") }
      }
      try await expect("90|\n", "at once")
      try await ground.pass("6 days 23 hours")
      try await expect("90|\n", "an hour before")
      try await ground.pass("2 hours")
      try await expect("30|\n", "an hour after")
      findings += try await RetentionGround.findings(days: 30)
    }
    return findings
  }

  @Test func aShorterPeriodComesAfterSevenDays() async throws {
    #expect(try await findings() == [])
  }

  /// The planted defect: nobody waits.
  @Test func aChangeThatDoesNotWaitIsNoticed() async throws {
    let findings = try await findings {
      for function in ["apply_retention_change", "due_retention_changes"] {
        try await Mutant.make(
          function, [(of: "c.applies_at <= clock_timestamp()", to: "c.applies_at is not null")])
      }
      try await TestDatabase.current.psql(
        """
        alter table hansard.retention_changes drop constraint retention_changes_not_before_grace
        """)
    }
    #expect(findings.contains { $0.hasPrefix("at once") }, "\(findings)")
  }

  /// The table itself has no place for a change that comes too early.
  @Test func theTableRefusesAGraceThatIsCutShort() async throws {
    try await Fixture.run { fixture in
      try await fixture.ground.settle(days: 30)
      for change in ["applies_at = applies_at - interval '1 microsecond'", "begun_at = now()"] {
        await #expect(throws: (any Error).self, "\(change)") {
          try await TestDatabase.current.psql("update hansard.retention_changes set \(change)")
        }
      }
    }
  }

  @Test func aLongerPeriodHoldsAtOnce() async throws {
    try await Fixture.run { fixture in
      let ground = fixture.ground
      _ = try await ground.stopped()
      try await ground.plant([
        .init(stoppedHoursAgo: 91 * 24),  // Has expired, and stays so.
        .init(stoppedHoursAgo: 91 * 24, isHeld: true), .init(stoppedHoursAgo: 24, retainDays: 400),
      ])
      #expect(try await ground.settle(days: 365).pendingRetention == nil)
      #expect(try await ground.stopped().expiresAt.seconds(since: .now()) > 364 * 86_400)
      #expect(try await ground.apply().changedRecordings == 2)
      #expect(try await ground.days() == "90|\n365|\n400|400\n")
      #expect(try await RetentionGround.findings(days: 365) == [])
    }
  }

  @Test func whatIsUndoneInTimeIsNotApplied() async throws {
    try await Fixture.run { fixture in
      let (ground, policies) = (fixture.ground, fixture.hansard.policies)
      let admin = fixture.acme.admin
      #expect(try await refusal { try await policies.undoRetention(by: admin) } == .notFound)
      _ = try await ground.stopped()
      try await ground.settle(days: 30)
      #expect(try await policies.find(by: admin).pendingRetention?.daysAfter == 30)
      #expect(
        try await refusal { try await policies.undoRetention(by: fixture.acme.auditor) }
          == .forbidden)
      let undone = try await policies.undoRetention(by: admin)
      #expect(undone.version == 2 && undone.terms.retentionDays == nil)
      #expect(try await policies.find(by: admin) == undone)
      // Set back by hand is the same.
      try await ground.settle(days: 30)
      try await ground.settle(days: 90)
      #expect(try await policies.find(by: admin).pendingRetention == nil)
      try await ground.pass("8 days")
      _ = await fixture.hansard.retention.run()
      #expect(try await ground.days() == "90|\n")
      let changes = try await TestDatabase.current.psql(
        "select count(*), count(undone_at), count(begun_at) from hansard.retention_changes")
      #expect(changes == "2|2|0\n")
    }
  }

  /// A second one takes the place of the first, and has its own seven days; other terms let it wait.
  @Test func aSecondChangeBeginsAnew() async throws {
    try await Fixture.run { fixture in
      let ground = fixture.ground
      _ = try await ground.stopped()
      let first = try await ground.settle(days: 30).pendingRetention
      try await ground.pass("6 days")
      let version = try await fixture.hansard.policies.find(by: fixture.acme.admin).version
      let other = try await fixture.hansard.policies.set(
        .init(retentionDays: 30, reviewSamplePercent: 5), replacing: version,
        by: fixture.acme.admin)
      let waited = try #require(first?.appliesAt.seconds(since: .now()))
      let waits = try #require(other.pendingRetention?.appliesAt.seconds(since: .now()))
      #expect(waits < waited - 5 * 86_400)
      try await ground.settle(days: 60)
      try await ground.pass("2 days")
      _ = await fixture.hansard.retention.run()
      #expect(try await ground.days() == "90|\n")
      try await ground.pass("6 days")
      _ = await fixture.hansard.retention.run()
      #expect(try await ground.days() == "60|\n")
      // In force, it cannot be undone.
      let policies = fixture.hansard.policies
      #expect(
        try await refusal { try await policies.undoRetention(by: fixture.acme.admin) } == .notFound)
    }
  }

  /// `retain_until` is set at once and never earlier, whatever comes after.
  @Test func whatAProfileKeepsStaysKept() async throws {
    try await Fixture.run { fixture in
      let ground = fixture.ground
      _ = try await ground.stopped()
      #expect(
        try await refusal { try await ground.settle(days: 183, profile: .euAIAct) }
          == .validationFailed)
      try await ground.settle(days: 200, profile: .euAIAct)
      _ = await fixture.hansard.retention.run()
      #expect(try await ground.days() == "200|184\n")
      let started = try await fixture.recordings.start(.by(), by: fixture.acme.recorder)
      #expect(started.retainUntil == started.startedAt.adding(days: 184))
      let during = try await fixture.hansard.recovery.start(
        .init(id: nil, agent: nil, user: nil), by: fixture.acme.recorder)
      #expect(during.expiresAt.seconds(since: during.startedAt) == 200 * 86_400)

      try await ground.settle(days: 30)
      #expect(try await ground.stopped().retainUntil != nil)
      try await ground.pass("7 days 1 hour")
      _ = await fixture.hansard.retention.run()
      // What had stopped is kept as it was promised, an hour more or less.
      #expect(try await ground.days() == "184|184\n")
      let late = try await ground.stopped()
      #expect(late.retainUntil == nil && late.expiresAt == late.stoppedAt?.adding(days: 30))
    }
  }

  /// A deployment that keeps recordings for a shorter time keeps a tenant's minimum.
  @Test func aDeploymentsPeriodIsNotBelowTheMinimum() async throws {
    try await Fixture.run { fixture in
      try await fixture.ground.settle(days: nil, minimum: 60)
      var settings = fixture.settings
      settings.recordings.retentionDays = 10
      let other = Hansard(settings, observer: .quiet())
      for (party, days) in [(fixture.acme, 60), (fixture.globex, 10)] {
        let started = try await other.recordings.start(.by(), by: party.recorder)
        #expect(started.expiresAt == started.startedAt.adding(days: days))
        let stopped = try await other.recordings.stop(
          started.id, status: .completed, summary: nil, by: party.recorder)
        #expect(stopped.expiresAt == stopped.stoppedAt?.adding(days: days))
        let session = try await other.recovery.start(
          .init(id: nil, agent: nil, user: nil), by: party.recorder)
        #expect(session.expiresAt.seconds(since: session.startedAt) == Double(days) * 86_400)
      }
      await other.close()
    }
  }

  @Test func nothingIsAppliedByAClockThatIsNotKnownToBeRight() async throws {
    try await Fixture.run { fixture in
      let ground = fixture.ground
      _ = try await ground.stopped()
      try await ground.settle(days: 30)
      try await ground.pass("8 days")
      for (clock, isRight) in [
        ("last_now = clock_timestamp() - interval '61 minutes'", false),
        ("last_now = clock_timestamp() + interval '2 minutes'", false),
        ("last_now = clock_timestamp() - interval '59 minutes'", true),
      ] {
        try await TestDatabase.current.psql("update hansard.retention_clock set \(clock)")
        if isRight {
          try await ground.apply()
        } else {
          await #expect(throws: DomainError.self, "\(clock)") { try await ground.apply() }
        }
        #expect(try await ground.days() == (isRight ? "30|\n" : "90|\n"), "\(clock)")
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// However many purge at once, each session goes once, and none too early.
@Suite(.serialized, .database)
struct PurgeRaceTests {
  private func findings(
    _ expired: Int, _ cleared: Int, _ busy: Int, mutant: () async throws -> Void = {}
  ) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      try await mutant()
      findings = try await PurgeRace(
        fixture: fixture, expired: expired, cleared: cleared, busy: busy
      ).findings()
    }
    return findings
  }

  @Test(.timeLimit(.minutes(10)))
  func fiveWorkersPurgeEachSessionOnce() async throws {
    let findings = try await findings(1500, 200, 40)
    #expect(findings == [])
  }

  /// The planted defect: nothing is held, and nothing asked again.
  @Test(.timeLimit(.minutes(10)))
  func aPurgeThatHoldsNothingIsNoticed() async throws {
    let findings = try await findings(1500, 20, 10) {
      try await Mutant.make(
        "purge_recovery_sessions",
        [
          (of: "for update skip locked", to: ""),
          (
            of: """
            and s.cleared_at is null
                  and s.expires_at <= clock_timestamp()
            """, to: ""
          ),
        ])
    }
    #expect(!findings.isEmpty)
  }

  /// The planted defect: expiry is not asked at all.
  private static func forgetExpiry() async throws {
    try await Mutant.make(
      "purge_recovery_sessions",
      [
        (of: "and s.expires_at <= moment", to: ""),
        (of: "and s.expires_at <= clock_timestamp()", to: ""),
      ])
  }

  @Test(.timeLimit(.minutes(10)))
  func aPurgeThatDoesNotAskForExpiryIsNoticed() async throws {
    let findings = try await findings(20, 10, 5) {
      try await Self.forgetExpiry()
      try await TestDatabase.current.psql(
        """
        alter table hansard.recovery_sessions
          drop constraint recovery_sessions_expiry_has_come
        """)
    }
    #expect(findings.contains { $0.hasPrefix("purged before it had expired") }, "\(findings)")
    #expect(findings.contains { $0.hasPrefix("kept") }, "\(findings)")
  }

  /// The table itself has no place for a tombstone that comes too early.
  @Test func theTableRefusesAPurgeThatComesTooEarly() async throws {
    try await Fixture.run { fixture in
      try await Self.forgetExpiry()
      try await PlantedRecoveries.plant(
        2, "s", attempts: 1, expiringIn: "1 hour", of: fixture.acme.tenant)
      try await PlantedRecoveries.plant(
        2, "e", attempts: 1, expiringIn: "-1 hour", of: fixture.acme.tenant)
      let run = await fixture.hansard.retention.run()
      #expect(run.failure != nil && run.tally == .init())
      #expect(try await PlantedRecoveries.findings(isOver: false) == [])
    }
  }
}

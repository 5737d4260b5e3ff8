// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// However many purge at once, each recording goes once, none too early, and none that is held.
@Suite(.serialized, .database)
struct RecordingRaceTests {
  private func findings(
    expired: Int, held: Int, contested: Int, mutant: () async throws -> Void = {}
  ) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      try await mutant()
      findings = try await RecordingRace(
        fixture: fixture, expired: expired, held: held, contested: contested
      ).findings()
    }
    return findings
  }

  @Test(.timeLimit(.minutes(10)))
  func fiveWorkersPurgeEachRecordingOnceBehindTenThousandThatAreHeld() async throws {
    let findings = try await findings(expired: 700, held: 10_000, contested: 200)
    #expect(findings == [])
  }

  /// The planted defect: nothing is asked again under the lock.
  @Test(.timeLimit(.minutes(10)))
  func aPurgeThatAsksForHoldsOnlyBeforeIsNoticed() async throws {
    let findings = try await findings(expired: 10, held: 10, contested: 300) {
      try await Mutant.make(
        "purge_recordings",
        [
          (of: "and r.hold_count = 0", to: ""),
          // A worker that dawdles between the two.
          (
            of: "perform hansard.require_steady_clock();",
            to: "perform hansard.require_steady_clock(); perform pg_sleep(0.05);"
          ),
        ])
    }
    #expect(findings.contains { $0.hasPrefix("purged while they were held") }, "\(findings)")
  }

  /// The planted defect: expiry is not asked at all.
  @Test(.timeLimit(.minutes(10)))
  func aPurgeThatDoesNotAskForExpiryIsNoticed() async throws {
    let findings = try await findings(expired: 20, held: 5, contested: 20) {
      for function in ["purge_recordings", "expired_recordings"] {
        try await Mutant.make(function, [(of: "r.expires_at <= clock_timestamp()", to: "true")])
      }
      try await TestDatabase.current.psql(
        """
        alter table hansard.purge_certificates
          drop constraint purge_certificates_expiry_had_come
        """)
    }
    #expect(findings.contains { $0.hasPrefix("purged before") }, "\(findings)")
    #expect(findings.contains { $0.hasPrefix("kept") }, "\(findings)")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A run of the retention worker is killed at every message between it and the database; the next one goes on.
@Suite(.serialized, .database)
struct PurgeInterruptionTests {
  private static let application = "hansard-cut"

  /// What a run that is cut leaves, and what is left when another has gone on; nil where there was no such
  /// message.
  private static func findings(
    _ cut: CuttingRelay.Cut, _ number: Int, _ fixture: Fixture
  ) async throws -> [String]? {
    let database = TestDatabase.current
    for party in [fixture.acme, fixture.globex] {
      try await PlantedRecoveries.plant(
        3, "s\(number)", attempts: 2, expiringIn: "-1 hour", of: party.tenant)
    }
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      var settings = fixture.settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      let run = await instance.retention.run()
      // What is cut afterwards, when it takes its leave, is no run's.
      let isRunCut = relay.isCut
      await instance.close()
      #expect((run.failure == nil) == !isRunCut)
      return relay.isCut
    }
    // The server may be at what it was sent for a while.
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let left = try await PlantedRecoveries.findings(isOver: false)
    let run = await fixture.hansard.retention.run()
    let failure = run.failure.map { ["failed afterwards: \($0)"] } ?? []
    let findings = left + failure + (try await PlantedRecoveries.findings())
    return wasCut ? findings : nil
  }

  @Test(.timeLimit(.minutes(15)), arguments: [false, true])
  func aRunThatIsCutAtAnyMessageIsGoneOnWith(isSent: Bool) async throws {
    try await Fixture.run { fixture in
      try await PlantedRecoveries.plant(
        3, "kept", attempts: 1, expiringIn: "1 hour", of: fixture.acme.tenant)
      var number = 1
      while let findings = try await Self.findings(
        isSent ? .after(number) : .before(number), number, fixture)
      {
        #expect(findings == [], "cut at \(number)")
        number += 1
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(number > 40)
      print("purge interruption: \(number - 1) messages, cut \(isSent ? "after" : "before") each")
      let kept = try await TestDatabase.current.psql(
        """
        select count(*) from hansard.recovery_sessions
        where session_id like 'kept-%' and cleared_at is null
        """)
      #expect(kept == "3\n")
    }
  }

  /// The planted defect: a purge that leaves keys to a later step, which need not come.
  @Test(.timeLimit(.minutes(5)))
  func aPurgeThatLeavesKeysIsNoticed() async throws {
    try await Fixture.run { fixture in
      try await Mutant.make(
        "purge_recovery_sessions",
        [(of: "and k.session_id = any (purged)", to: "and false")])
      let findings = try #require(try await Self.findings(.before(1), 1, fixture))
      #expect(findings == ["a tombstone with a key: 6"])
    }
  }
}

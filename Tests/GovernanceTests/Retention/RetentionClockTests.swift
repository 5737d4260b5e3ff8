// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A clock that jumps purges nothing. What the functions decide; `ClockJumpTests` has a clock that really does.
@Suite(.serialized, .database)
struct RetentionClockTests {
  /// What `check_retention_clock` says, and nothing of it stays.
  private func verdict(
    lastRun: String, hostIsAhead: String = "0", since: String? = nil, elapsed: String? = nil
  ) async throws -> String {
    try await TestDatabase.current.psql(
      """
      begin;
      update hansard.retention_clock set last_now = clock_timestamp() - interval '\(lastRun)';
      select coalesce(suspended_because, 'steady') from hansard.check_retention_clock(
        clock_timestamp() + interval '\(hostIsAhead)',
        \(since.map { "clock_timestamp() - interval '\($0)'" } ?? "null"),
        \(elapsed ?? "null"));
      rollback
      """
    ).split(separator: "\n").first { !["BEGIN", "UPDATE 1", "ROLLBACK"].contains($0) }.map(
      String.init) ?? ""
  }

  @Test func eachJumpIsNamed() async throws {
    // One step on each side of every bound.
    #expect(try await verdict(lastRun: "-59 seconds") == "steady")
    #expect(try await verdict(lastRun: "-61 seconds") == "backwards")
    #expect(try await verdict(lastRun: "59 minutes", hostIsAhead: "-59 minutes") == "steady")
    #expect(try await verdict(lastRun: "59 minutes", hostIsAhead: "-61 minutes") == "disagrees")
    #expect(try await verdict(lastRun: "1 minute", hostIsAhead: "61 minutes") == "disagrees")
    // An outage of the whole deployment, and a clock that was set forward.
    #expect(try await verdict(lastRun: "61 minutes", hostIsAhead: "4 minutes") == "steady")
    #expect(try await verdict(lastRun: "61 minutes", hostIsAhead: "-6 minutes") == "forwards")
    #expect(try await verdict(lastRun: "29 days") == "steady")
    #expect(try await verdict(lastRun: "31 days") == "forwards")
    #expect(try await verdict(lastRun: "10 years", hostIsAhead: "-10 years") == "forwards")
    // A process that ran before knows how long ago that was.
    #expect(
      try await verdict(lastRun: "1 minute", since: "2 hours", elapsed: "7100") == "steady")
    #expect(
      try await verdict(lastRun: "1 minute", since: "2 hours", elapsed: "3500") == "jumped")
    #expect(
      try await verdict(lastRun: "1 minute", since: "1 minute", elapsed: "3700") == "jumped")
  }

  @Test func nothingIsPurgedUntilSomebodyHasLooked() async throws {
    try await Fixture.run { fixture in
      try await PlantedRecordings(name: "e", count: 3, events: 1, expiringIn: "-1 hour")
        .plant(of: fixture.acme.tenant)
      try await PlantedRecoveries.plant(
        3, "s", attempts: 1, expiringIn: "-1 hour", of: fixture.acme.tenant)
      try await TestDatabase.current.psql(
        "update hansard.retention_clock set last_now = clock_timestamp() + interval '1 year'")
      for _ in 1...2 {
        let run = await fixture.hansard.retention.run()
        #expect(run.suspension == "backwards" && run.tally == RetentionTally())
        #expect(run.failure == nil)
      }
      #expect(try await fixture.hansard.retention.status().suspendedBecause == "backwards")
      #expect(fixture.metrics.sample("hansard_retention_suspended") == 1)
      try await fixture.hansard.retention.confirmClock(by: "operator")
      let run = await fixture.hansard.retention.run()
      #expect(run.suspension == nil && run.tally.recordings == 3)
      #expect(run.tally.recoverySessions == 3)
      #expect(fixture.metrics.sample("hansard_retention_suspended") == 0)
    }
  }

  /// A jump right behind the check: the functions themselves ask.
  @Test func thePurgeItselfRefusesAClockThatNobodyHasChecked() async throws {
    try await Fixture.run { fixture in
      try await PlantedRecordings(name: "e", count: 1, events: 1, expiringIn: "-1 hour")
        .plant(of: fixture.acme.tenant)
      try await PlantedRecoveries.plant(
        1, "s", attempts: 1, expiringIn: "-1 hour", of: fixture.acme.tenant)
      for last in ["interval '-61 minutes'", "interval '2 minutes'"] {
        try await TestDatabase.current.psql(
          "update hansard.retention_clock set last_now = clock_timestamp() + \(last)")
        for call in [
          """
          select hansard.purge_recordings(array_agg(recording_id),
            array_agg(sha256(''::bytea)), array_agg(1::bigint))
          from hansard.canvas_recordings
          """, "select hansard.purge_recovery_sessions(10)",
        ] {
          await #expect(throws: (any Error).self) {
            try await TestDatabase.current.psql(
              "set hansard.tenant_id = '\(fixture.acme.tenant)'; \(call)")
          }
        }
      }
      #expect(try await PlantedRecordings.findings(isOver: false) == [])
      #expect(try await PlantedRecoveries.findings(isOver: false) == [])
    }
  }
}

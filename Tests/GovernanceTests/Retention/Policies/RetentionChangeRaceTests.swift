// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// However many apply a changed policy, and wherever they end: every recording gets the right expiry.
@Suite(.serialized, .database)
struct RetentionChangeRaceTests {
  /// A change whose time has come, and recordings that it is for.
  private static func prepare(_ count: Int, _ fixture: Fixture) async throws {
    for party in [fixture.acme, fixture.globex] {
      let ground = RetentionGround(fixture: fixture, party: party)
      try await ground.plant(
        (0..<count).map { number in
          .init(
            stoppedHoursAgo: 1 + number % 500, retainDays: number % 5 == 0 ? 40 : nil,
            isHeld: number % 7 == 0)
        })
      try await ground.settle(days: 30)
    }
    try await fixture.ground.pass("7 days 1 hour")
  }

  private static func changes(_ hansard: Hansard, most: Int) -> RetentionChanges {
    RetentionChanges(gate: hansard.retention.gate, standardDays: 90, mostRecordings: most)
  }

  /// Five workers apply, in small pieces, while recordings start and stop.
  private func race(mutant: () async throws -> Void = {}) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      try await Self.prepare(400, fixture)
      var open: [RecordingID] = []
      for _ in 0..<40 { open.append(try await fixture.recordings.started(by: fixture.acme)) }
      try await mutant()
      let failures = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<5 { group.addTask { try await Self.work(fixture) } }
        for part in 0..<4 {
          group.addTask { [open] in
            for id in open[(part * 10)..<(part * 10 + 10)] {
              _ = try await fixture.recordings.stop(
                id, status: .completed, summary: nil, by: fixture.acme.recorder)
              _ = try await fixture.ground.stopped()
            }
            return []
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      findings = try await failures + RetentionGround.findings(days: 30)
    }
    return findings
  }

  /// Another instance, until nothing of either tenant waits.
  private static func work(_ fixture: Fixture) async throws -> [String] {
    var settings = fixture.settings
    settings.poolSize = 1
    let instance = Hansard(settings, observer: .quiet())
    let worker = changes(instance, most: 20)
    var failures: [String] = []
    while failures.isEmpty {
      let due = try await worker.due(after: nil, upTo: nil, most: 10)
      if due.isEmpty { break }
      for tenant in due.shuffled() {
        do { _ = try await worker.apply(tenant) } catch { failures.append("\(error)") }
      }
    }
    await instance.close()
    return failures
  }

  @Test(.timeLimit(.minutes(10))) func fiveWorkersApplyItOnce() async throws {
    #expect(try await race() == [])
  }

  /// The planted defect: nobody has it for themselves, so that pieces are counted twice.
  @Test(.timeLimit(.minutes(10))) func workersThatMeetAreNoticed() async throws {
    let findings = try await race {
      try await Mutant.make(
        "apply_retention_change",
        [
          (of: "if not pg_try_advisory_xact_lock(", to: "if pg_advisory_xact_lock_shared("),
          (of: "|| this_tenant, 0)) then", to: "|| this_tenant, 0)) is null then"),
          (of: "limit 1\n  for update;", to: "limit 1;"),
        ])
    }
    #expect(!findings.isEmpty)
  }

  /// A stop that has read the old period and is not committed yet is waited for.
  private func stopFindings(mutant: () async throws -> Void = {}) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      let ground = fixture.ground
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await ground.settle(days: 30)
      try await ground.pass("7 days 1 hour")
      try await mutant()
      let stopping = try await TestDatabase.current.connect(role: "postgres")
      func run(_ sql: String) async throws {
        _ = try await stopping.execute(Query(sql, prepared: false))
      }
      try await run("begin")
      try await run(
        """
        select from hansard.recording_progress where recording_id = '\(id)' for no key update
        """)
      try await run(
        """
        update hansard.canvas_recordings
        set status = 'completed', stopped_at = now(), duration_seconds = 0, summary = '',
          expires_at = now() + interval '90 days'
        where recording_id = '\(id)'
        """)
      async let applied = fixture.hansard.retention.run()
      try await eventually("that it waits, or is over") {
        try await TestDatabase.current.psql(
          """
          select exists (select from pg_stat_activity
            where query like '%apply_retention_change%' and wait_event_type = 'Lock')
            or exists (select from hansard.retention_changes where applied_at is not null)
          """) == "t\n"
      }
      try await run("commit")
      await stopping.close()
      let outcome = await applied
      #expect(outcome.failure == nil)
      findings = try await RetentionGround.findings(days: 30)
    }
    return findings
  }

  @Test(.timeLimit(.minutes(5))) func aStopInBetweenIsWaitedFor() async throws {
    #expect(try await stopFindings() == [])
  }

  /// The planted defect: the counters are not held.
  @Test(.timeLimit(.minutes(5))) func anApplicationThatWaitsForNobodyIsNoticed() async throws {
    let findings = try await stopFindings {
      try await Mutant.make("apply_retention_change", [(of: "for no key update", to: "")])
    }
    #expect(findings == ["an expiry of its own: 1"])
  }

  // MARK: - Interruption

  private static let application = "hansard-change-cut"

  /// What is left when the work that was cut at a message is gone on with; nil where there was no such message.
  private static func findings(
    _ cut: CuttingRelay.Cut, _ fixture: Fixture
  ) async throws -> [String]? {
    let database = TestDatabase.current
    try await fixture.ground.settle(days: 90)
    _ = await fixture.hansard.retention.run()
    try await fixture.ground.settle(days: 30)
    try await fixture.ground.pass("7 days 1 second")
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      var settings = fixture.settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      let worker = changes(instance, most: 2)
      var isOver = false
      do {
        while !isOver { isOver = try await !worker.apply(fixture.acme.tenant).mayHaveMore }
      } catch {
        #expect(relay.isCut)
      }
      await instance.close()
      return relay.isCut && !isOver
    }
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let run = await fixture.hansard.retention.run()
    let failure = run.failure.map { ["failed afterwards: \($0)"] } ?? []
    let findings = failure + (try await RetentionGround.findings(days: 30))
    return wasCut ? findings : nil
  }

  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func anApplicationThatIsCutAtAnyMessageIsGoneOnWith(isSent: Bool) async throws {
    try await Fixture.run { fixture in
      // None expires while time passes again and again.
      try await fixture.ground.plant(
        (0..<5).map { .init(stoppedHoursAgo: $0 + 1, retainDays: $0 == 2 ? 50 : nil, isHeld: true) }
      )
      var number = 1
      while let findings = try await Self.findings(
        isSent ? .after(number) : .before(number), fixture)
      {
        #expect(findings == [], "cut at \(number)")
        number += 1
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(number > 15)
      print("retention change: \(number - 1) messages, cut \(isSent ? "after" : "before") each")
    }
  }

  /// The planted defect: what is over is said before it is.
  @Test func aChangeThatIsSaidToBeOverIsNoticed() async throws {
    try await Fixture.run { fixture in
      try await Mutant.make(
        "apply_retention_change",
        [
          (
            of: "and r.recording_id = any (batch)", to: "and r.recording_id = any (batch[1:2])"
          )
        ])
      try await fixture.ground.plant((0..<5).map { .init(stoppedHoursAgo: $0 + 1, isHeld: true) })
      let findings = try #require(try await Self.findings(.before(1), fixture))
      #expect(findings.contains { $0.hasPrefix("an expiry of its own") }, "\(findings)")
    }
  }
}

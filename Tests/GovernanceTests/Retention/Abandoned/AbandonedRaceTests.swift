// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// However many complete what is abandoned, and wherever they end: each recording once.
@Suite(.serialized, .database)
struct AbandonedRaceTests {
  /// What does not hold after five workers have met, while recorders come back for some.
  private func race(_ count: Int, mutant: () async throws -> Void = {}) async throws -> [String] {
    var findings: [String] = []
    try await Fixture.run { fixture in
      let ids = try await AbandonedGround.abandon(count, fixture)
      try await mutant()
      let outcome = try await withThrowingTaskGroup(of: (Int64, [String]).self) { group in
        for _ in 0..<5 { group.addTask { try await Self.work(fixture) } }
        return try await group.reduce(into: (Int64(0), [String]())) {
          $0.0 += $1.0
          $0.1 += $1.1
        }
      }
      findings = try await outcome.1 + AbandonedGround.findings()
      if outcome.0 != Int64(ids.count) { findings.append("\(outcome.0) of \(ids.count) told") }
      for id in ids.prefix(10) + ids.suffix(10) { _ = try await StoredLeaves.check(id) }
    }
    return findings
  }

  /// Another instance, until nothing is due.
  private static func work(_ fixture: Fixture) async throws -> (Int64, [String]) {
    var settings = fixture.settings
    settings.poolSize = 1
    let instance = Hansard(settings, observer: .quiet())
    let worker = AbandonedRecordings(recordings: instance.recordings)
    var told: Int64 = 0
    var failures: [String] = []
    while failures.count < 10 {
      let due = try await worker.due(after: nil, upTo: nil, most: 10)
      if due.isEmpty { break }
      for tenant in due.shuffled() {
        do {
          told += try await worker.complete(tenant).tally.abandonedRecordings
        } catch {
          failures.append("\(error)")
        }
      }
    }
    await instance.close()
    return (told, failures)
  }

  @Test(.timeLimit(.minutes(10))) func fiveWorkersCompleteEachOnce() async throws {
    #expect(try await race(100) == [])
  }

  /// The planted defect: nothing is held, and nothing asked again.
  @Test(.timeLimit(.minutes(10))) func aClaimThatHoldsNothingIsNoticed() async throws {
    let findings = try await race(40) {
      try await Mutant.make(
        "claim_abandoned_recording",
        [(of: "and p.is_open\n", to: "\n"), (of: "for no key update skip locked", to: "")])
    }
    #expect(findings.contains { $0.hasPrefix("refusals of the service's own") }, "\(findings)")
  }

  private static let application = "hansard-abandoned-cut"

  /// What a run that is cut leaves, and what is left when another has gone on; nil where there was no such
  /// message.
  private static func findings(
    _ cut: CuttingRelay.Cut, _ fixture: Fixture
  ) async throws -> [String]? {
    let database = TestDatabase.current
    _ = try await AbandonedGround.abandon(1, fixture)
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      var settings = fixture.settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      let run = await instance.retention.run()
      let isRunCut = relay.isCut
      await instance.close()
      #expect((run.failure == nil) == !isRunCut)
      return isRunCut
    }
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let left = try await AbandonedGround.findings(isOver: false)
    let run = await fixture.hansard.retention.run()
    let failure = run.failure.map { ["failed afterwards: \($0)"] } ?? []
    let findings = left + failure + (try await AbandonedGround.findings())
    return wasCut ? findings : nil
  }

  @Test(.timeLimit(.minutes(20)), arguments: [false, true])
  func aRunThatIsCutAtAnyMessageIsGoneOnWith(isSent: Bool) async throws {
    try await Fixture.run { fixture in
      var number = 1
      while let findings = try await Self.findings(
        isSent ? .after(number) : .before(number), fixture)
      {
        #expect(findings == [], "cut at \(number)")
        number += 1
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(number > 20)
      print("abandoned: \(number - 1) messages, cut \(isSent ? "after" : "before") each")
    }
  }

  /// The planted defect: a last event that does not close what it ends.
  @Test func anEventThatDoesNotCloseIsNoticed() async throws {
    try await Fixture.run { fixture in
      try await Mutant.make("append_final_event", [(of: "is_open = false", to: "is_open = true")])
      let findings = try #require(try await Self.findings(.before(1), fixture))
      #expect(findings.contains { $0.hasPrefix("half completed") }, "\(findings)")
    }
  }
}

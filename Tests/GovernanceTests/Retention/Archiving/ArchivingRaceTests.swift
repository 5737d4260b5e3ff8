// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// However many archive at once, and wherever they are interrupted, nothing is lost and nothing is left over.
@Suite(.serialized, .database)
struct ArchivingRaceTests {
  private static let application = "hansard-cut-archiving"

  /// What archiving that is cut leaves, and what is left when another has gone on; nil where there was no such
  /// message.
  private static func findings(
    _ cut: CuttingRelay.Cut, _ ground: ArchivingGround
  ) async throws -> [String]? {
    let database = TestDatabase.current
    let (fixture, tenant) = (ground.fixture, ground.fixture.acme.tenant)
    let deleted = try await ground.stopped(events: 2)
    _ = try await RecordingArchiving(gate: ground.retention.gate, store: ground.store).work(tenant)
    _ = try await fixture.hansard.deletions.delete(
      deleted, because: RecordingText(verified: "asked for"), by: fixture.acme.admin)
    _ = try await ground.stopped(events: 2)
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      var settings = fixture.settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      let archiving = RecordingArchiving(gate: instance.retention.gate, store: ground.store)
      let wasDone = try await Self.isDone(archiving, tenant)
      await instance.close()
      #expect(wasDone != relay.isCut)
      return relay.isCut
    }
    // The server may be at what it was sent for a while.
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let left = try await ground.findings(isOver: false)
    try await RecordingArchivingTests.letTimePass()
    let run = await ground.retention.run()
    let failure = run.failure.map { ["failed afterwards: \($0)"] } ?? []
    let unfinished = try await database.psql(
      """
      select count(*) from hansard.recording_archives
      where archived_at is null or has_remains or is_condemned
      """)
    let findings =
      left + failure + (try await ground.findings())
      + (unfinished == "0\n" ? [] : ["unfinished: \(unfinished)"])
    return wasCut ? findings : nil
  }

  /// Whether it came to its end; that it did not is the relay's doing.
  private static func isDone(
    _ archiving: RecordingArchiving, _ tenant: TenantID
  ) async throws -> Bool {
    do {
      _ = try await archiving.work(tenant)
      return true
    } catch is DomainError {
      return false
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func aRunThatIsCutAtAnyMessageIsGoneOnWith(isSent: Bool) async throws {
    try await ArchivingGround.run { ground in
      // Not the same ones before and after.
      var number = isSent ? 1 : 1 + CutStep.value / 2
      while let findings = try await Self.findings(
        isSent ? .after(number) : .before(number), ground)
      {
        #expect(findings == [], "cut at \(number)")
        number += CutStep.value
      }
      // The harness itself: it has come to the end of a run.
      #expect(number > 200)
      let step = CutStep.value
      print("archiving: \(number - 1) messages, cut \(isSent ? "after" : "before") each \(step)th")
    }
  }

  /// Five workers, while recordings are held, expire and are deleted.
  @Test(.timeLimit(.minutes(5))) func fiveWorkersArchiveEachOnce() async throws {
    try await ArchivingGround.run { ground in
      var ids: [RecordingID] = []
      for _ in 0..<60 { ids.append(try await ground.stopped(events: 2)) }
      let all = ids
      let (fixture, acme) = (ground.fixture, ground.fixture.acme)
      try await withThrowingTaskGroup { group in
        for _ in 0..<5 { group.addTask { _ = await ground.retention.run() } }
        group.addTask {
          for id in all.prefix(20) {
            _ = try await fixture.hansard.holds.place(
              on: id, because: RecordingText(verified: "a case"), by: acme.admin)
          }
        }
        group.addTask { for id in all[20..<30] { try await StoppedRecordings.expire(id) } }
        try await group.waitForAll()
      }
      try await RecordingArchivingTests.letTimePass()
      let run = await ground.retention.run()
      #expect(run.failure == nil)
      #expect(try await ground.findings() == [])
      let twice = try await TestDatabase.current.psql(
        """
        select count(*) - count(distinct recording_id),
          count(*) >= 30
        from hansard.canvas_audit where action = 'archive_recording'
        """)
      #expect(twice == "0|t\n")
      // Whatever the race came to, each is archived, held in the database, or purged.
      for id in all.suffix(30) { #expect(try await ArchivingGround.eventsLeft(id) == "0\n") }
    }
  }
}

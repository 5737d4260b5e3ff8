// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A database that was restored to a time before erasures serves nothing, and is put right by the log.
@Suite(.serialized, .database)
struct RestorationTests {
  /// Erases everything, and takes the database back to the time before.
  private func restored(
    _ body: (ErasureGround, ErasureGround.Things) async throws -> Void
  ) async throws {
    try await ErasureGround.run { ground in
      let things = try await ground.furnish()
      try await ground.remember()
      #expect(try await ground.keys() == "6|2|2|1|6|0\n")
      try await ground.erase(things)
      _ = try await ground.log.write()
      #expect(try await ground.keys() == "0|0|1|0|0|6\n")
      try await ground.comeBack()
      #expect(try await ground.keys() == "6|2|2|1|6|0\n")
      try await body(ground, things)
    }
  }

  @Test func nothingIsServedBeforeAllIsErasedAgain() async throws {
    try await restored { ground, things in
      let party = ground.fixture.globex
      try await ground.withInstance { instance in
        #expect(await instance.health.readiness() == .notReady(["restored"]))
        let refused = try await refusal {
          try await instance.recordings.allEvents(of: things.recordings[0], by: party.admin)
        }
        #expect(refused == .sealed)
        let queue = WebhookQueue(gate: instance.recordings.gate)
        #expect(try await refusal { try await queue.due(limit: 1) } == .sealed)
        try await StoppedRecordings.expire(things.recordings[0])
        let run = await instance.retention.run()
        #expect((run.failure as? DomainError)?.code == .sealed && run.tally.recordings == 0)

        let done = try await ground.withInstance(ofOperator: true) {
          try await $0.restoration.reapply()
        }
        #expect(done.segments == 2 && done.recordings == 6 && done.recoverySessions == 2)
        #expect(done.tenantKeys == 1 && done.certificates == 6 && done.left == 0)
        #expect(try await ground.keys() == "0|0|1|0|0|6\n")
        try await eventually("a ready instance") {
          await instance.health.readiness() == .ready
        }
        let gone = try await refusal {
          try await instance.recordings.find(things.recordings[2], by: party.admin)
        }
        #expect(gone == .recordingExpired)
      }
      try await itIsTold(things, party)
      // It is in the log already.
      #expect(try await ground.log.write() == 0)
      #expect(try await ground.log.position() == 2)
    }
  }

  private func itIsTold(_ things: ErasureGround.Things, _ party: Party) async throws {
    let told = try await TestDatabase.current.psql(
      """
      select string_agg(distinct c.reason, '; '), string_agg(distinct h.lift_reason, '; '),
        (select clear_reason from hansard.recovery_sessions where tenant_id = '\(party.tenant)'),
        (select count(*) from hansard.canvas_audit where action = 'reapply_erasures')
      from hansard.purge_certificates as c
      left join hansard.legal_holds as h using (tenant_id, recording_id)
      """)
    let reason = Restoration.reason
    #expect(told == "\(reason)|\(reason)|\(reason)|3\n")
  }

  /// Cut off from the database before or after any message it is gone on with, and nothing is served meanwhile:
  /// neither events nor the files of the archive nor that there was a recording.
  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func aReapplicationThatIsCutIsGoneOnWith(isSent: Bool) async throws {
    try await restored { ground, things in
      let archive = ArchiveName(things.recordings[0], of: ground.fixture.globex.tenant)
      var (number, cuts, halves, isOver) = (1, 0, 0, false)
      while !isOver {
        try await ground.comeBack()
        try await ground.store.put(archive) { try await $0(Array("of the future".utf8)) }
        isOver = try await !cut(ground, isSent ? .after(number) : .before(number))
        let left = try await ground.keys()
        if try await ground.log.look() == .current {
          #expect(left == "0|0|1|0|0|6\n", "cut at \(number)")
        } else if left.hasPrefix("0|0|1|0|") {
          halves += 1
        }
        let done = try await ground.withInstance(ofOperator: true) {
          try await $0.restoration.reapply()
        }
        #expect(done.left == 0)
        #expect(try await ground.keys() == "0|0|1|0|0|6\n", "cut at \(number)")
        #expect(try await ground.store.byteCount(of: archive) == nil, "cut at \(number)")
        cuts += 1
        number += CutStep.value
      }
      let place = isSent ? "after" : "before"
      print("reapplication: cut \(cuts) times \(place) messages, \(halves) of them by half")
      #expect(cuts > 10 && halves > 0)
    }
  }

  /// Whether a reapplication was cut off; the server is done with it then.
  private func cut(_ ground: ErasureGround, _ place: CuttingRelay.Cut) async throws -> Bool {
    let isCut = try await CuttingRelay.with(to: TestDatabase.current, cutting: place) { relay in
      try await ground.withInstance(
        ofOperator: true, conninfo: relay.conninfo(role: "hansard_service")
      ) { _ = try? await $0.restoration.reapply() }
      return relay.isCut
    }
    try await eventually("a server that is done") {
      try await TestDatabase.current.psql(
        "select count(*) from pg_stat_activity where application_name = '\(ErasureGround.application)'"
      ) == "0\n"
    }
    return isCut
  }

  /// The log of another database, or one of which the last file is gone.
  @Test func withoutItsLogNothingIsServed() async throws {
    try await ErasureGround.run { ground in
      try await ground.erase(try await ground.furnish())
      _ = try await ground.log.write()
      try await ground.store.delete(ErasureSegment(number: 2))
      try await ground.withInstance { instance in
        #expect(await instance.health.readiness() == .notReady(["erasure_log_missing"]))
      }
      TemporaryDirectory.remove("\(ground.directory)/erasures")
      await #expect(throws: ErasureLogError(segment: 2)) {
        try await ground.withInstance(ofOperator: true) { try await $0.restoration.reapply() }
      }
    }
  }

  /// Who cannot look serves nothing; who has looked goes on.
  @Test func aLogThatIsAwayStopsWhoHasNotLooked() async throws {
    try await ErasureGround.run { ground in
      try await ground.erase(try await ground.furnish())
      let looked = ErasureGuard(ground.log, observer: .quiet(), lifetime: .zero)
      #expect(await looked.standing() == .current)
      TemporaryDirectory.remove("\(ground.directory)/erasures")
      #expect(await looked.standing() == .current)
      let other = ErasureGuard(ground.log, observer: .quiet(), lifetime: .zero)
      #expect(await other.standing() == .missing)
      await #expect(throws: DomainError.self) { try await other.requireCurrent() }
    }
  }

  /// The planted defect: a look that finds no survivors lets the past be served.
  @Test func aLookThatFindsNothingIsNoticed() async throws {
    try await restored { ground, things in
      try await Mutant.make("surviving_erasures", [(of: "ORDER BY x.place", to: "LIMIT 0")])
      try await ground.withInstance { instance in
        #expect(await instance.health.readiness() == .ready)
        let events = try await instance.recordings.allEvents(
          of: things.recordings[1], by: ground.fixture.globex.admin)
        #expect(events.count == 1)
      }
    }
  }
}

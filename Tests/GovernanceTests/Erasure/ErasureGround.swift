// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A deployment with a log of erasures, whose database can be taken back to an earlier time.
struct ErasureGround: Sendable {
  let fixture: Fixture
  let directory: String
  let store: DirectoryArchive

  var log: ErasureLog {
    ErasureLog(database: fixture.recordings.gate.database, files: ErasureFiles(store: store))
  }

  static func run(_ body: (ErasureGround) async throws -> Void) async throws {
    let directory = try TemporaryDirectory.make("erasures")
    defer { TemporaryDirectory.remove(directory) }
    let store = DirectoryArchive(directory: directory)
    let adjustment = Adjustment {
      $0.erasureLog = store
      $0.archive = store
    }
    try await Fixture.run(with: adjustment) { fixture in
      try await body(ErasureGround(fixture: fixture, directory: directory, store: store))
    }
  }

  /// Lends an instance that has just started; one of an operator is not kept from a restored database.
  func withInstance<T>(
    ofOperator: Bool = false, conninfo: String? = nil, _ body: (Hansard) async throws -> T
  ) async throws -> T {
    var settings = fixture.settings
    settings.refusesRestoredDatabase = !ofOperator
    if let conninfo { settings.database.conninfo = conninfo }
    settings.database.applicationName = Self.application
    let instance = Hansard(settings, observer: .quiet())
    do {
      let result = try await body(instance)
      await instance.close()
      return result
    } catch {
      await instance.close()
      throw error
    }
  }

  static let application = "hansard-erasures"

  /// One that was stopped, one that is open, one under a hold, and a recovery session; of one tenant. Of the
  /// other: all that shredding takes.
  struct Things: Sendable {
    var recordings: [RecordingID]
    var hold: LegalHoldID
    var session: SessionID
    var shredded: WrappedGround
  }

  func furnish() async throws -> Things {
    let (hansard, party) = (fixture.hansard, fixture.globex)
    let stopped = try await fixture.stopped(by: party)
    let open = try await fixture.recordings.started(by: party)
    try await fixture.recordings.appendOne(.of(), to: open, by: party.recorder)
    let held = try await fixture.stopped(by: party)
    let hold = try await hansard.holds.place(on: held, because: .reason("a case"), by: party.admin)
    let session = try SessionID.named("theirs")
    _ = try await hansard.recovery.log(
      [.of(files: ["a.swift"], message: "broken")], in: session, by: party.recorder)
    return Things(
      recordings: [stopped, open, held], hold: hold.id, session: session,
      shredded: try await WrappedGround.furnish(fixture))
  }

  /// Erases all of it, as each is erased.
  func erase(_ things: Things) async throws {
    let (hansard, party) = (fixture.hansard, fixture.globex)
    _ = try await hansard.holds.lift(things.hold, because: .reason("closed"), by: party.admin)
    _ = try await fixture.recordings.stop(
      things.recordings[1], status: .completed, summary: nil, by: party.recorder)
    for id in things.recordings.dropLast() {
      _ = try await hansard.deletions.delete(id, because: .reason("asked"), by: party.admin)
    }
    try await StoppedRecordings.expire(things.recordings[2])
    let run = await hansard.retention.run()
    #expect(run.failure == nil && run.tally.recordings == 1)
    _ = try await hansard.recovery.clear(
      things.session, because: .reason("asked"), by: party.admin)
    _ = try await hansard.tenantKeys.shred(
      because: .reason("left"), by: things.shredded.party.operatorCaller)
  }

  /// Keys that are there of what was erased.
  func keys() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select (select count(*) from hansard.recording_keys), (select count(*) from hansard.recovery_keys),
        (select count(*) from hansard.tenant_keys), (select count(*) from hansard.webhooks),
        (select count(*) from hansard.canvas_recordings), (select count(*) from hansard.purge_certificates)
      """)
  }

  /// Takes note of all rows, so that `comeBack` makes them what they are now.
  func remember() async throws {
    try await everywhere(
      "execute format('create table public.%I as table hansard.%I', name, name)")
  }

  /// Makes the database what it was: it was restored from a backup.
  func comeBack() async throws {
    try await everywhere(
      """
      execute format('delete from hansard.%I', name);
      execute format('insert into hansard.%I overriding system value table public.%I', name, name)
      """)
  }

  private func everywhere(_ statements: String) async throws {
    try await TestDatabase.current.psql(
      """
      do $all$
      declare
        name text;
      begin
        set local session_replication_role = replica;
        for name in
          select c.relname from pg_class as c
          where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
            and not c.relispartition
        loop
          \(statements);
        end loop;
      end
      $all$
      """)
  }
}

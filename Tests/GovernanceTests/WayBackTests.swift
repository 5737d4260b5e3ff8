// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// The way back to the release before retention, and forward again, with something of everything that has come
/// since: what the older schema can hold is kept, and what it cannot is told of and not lost by mistake.
@Suite(.serialized, .database)
struct WayBackTests {
  /// The schema of release 0.1.0.
  private static let released = 20

  private func migrating<T: Sendable>(_ body: (Migrator) async throws -> T) async throws -> T {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    do {
      let result = try await body(
        Migrator(
          connection: connection,
          set: try MigrationSet.load(directory: ProjectFiles.migrations())))
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  private struct Things {
    /// Stopped a moment ago.
    var plain: RecordingID
    /// Held when its partition was dropped.
    var held: RecordingID
    /// Read from the archive.
    var archived: RecordingID
    var deleted: RecordingID

    var kept: [RecordingID] { [plain, held] }
  }

  private func furnish(_ ground: ArchivingGround) async throws -> Things {
    let (fixture, acme) = (ground.fixture, ground.fixture.acme)
    let things = try await Things(
      plain: fixture.stopped(by: acme), held: ground.stopped(), archived: ground.stopped(),
      deleted: fixture.stopped(by: acme))
    try await EventPartitionTests.age(things.held, days: 30)
    _ = try await fixture.hansard.holds.place(
      on: things.held, because: .reason("a case"), by: acme.admin)
    _ = try await fixture.hansard.deletions.delete(
      things.deleted, because: .reason("asked"), by: acme.admin)
    let run = await ground.retention.run()
    #expect(run.failure == nil && run.tally.archivedRecordings == 1 && run.tally.partitions > 0)
    let once = try acme.admin.once("flagged")
    _ = try await fixture.recordings.flag(things.plain, reason: .reason("look"), by: once)
    _ = try await fixture.hansard.tenantKeys.rotate(
      by: WrappedGround.furnish(fixture).party.operatorCaller)
    // A shorter retention, which comes into force when its grace is over.
    var terms = TenantPolicy.Terms(retentionDays: 30, reviewSamplePercent: 0)
    terms.archiveDays = 1
    _ = try await fixture.hansard.policies.set(terms, replacing: 0, by: acme.admin)
    return things
  }

  private func rows(of recordings: [RecordingID]) async throws -> String {
    let list = recordings.map { "'\($0)'" }.joined(separator: ", ")
    return try await TestDatabase.current.psql(
      """
      select r.recording_id, r.status, r.reason, r.event_count, r.started_at, r.stopped_at,
        (
          select string_agg(encode(e.leaf_hash, 'hex'), ' ' order by e.seq)
          from hansard.recording_events as e
          where e.recording_id = r.recording_id)
      from hansard.canvas_recordings as r
      where r.recording_id in (\(list))
      order by r.recording_id
      """)
  }

  @Test func whatTheOlderSchemaCanHoldIsKept() async throws {
    try await ArchivingGround.run { ground in
      let things = try await furnish(ground)
      let acme = ground.fixture.acme
      let before = try await rows(of: things.kept)
      var texts: [[String]] = []
      for id in things.kept {
        let events = try await ground.fixture.recordings.allEvents(of: id, by: acme.ann)
        texts.append(events.map(\.text))
      }
      await #expect(throws: MigrationError.self) {
        try await migrating { try await $0.down(to: Self.released) }
      }
      #expect(try await rows(of: things.kept) == before)

      try await migrating { _ = try await $0.down(to: Self.released, allowDataLoss: true) }
      #expect(try await rows(of: things.kept) == before)
      #expect(before.split(separator: "\n").count == 2)
      let gone = try await rows(of: [things.deleted])
      #expect(gone.isEmpty)

      try await migrating { _ = try await $0.up() }
      #expect(try await rows(of: things.kept) == before)
      try await ground.fixture.withTwin { twin in
        // That it was held is lost, as was told; its events are not, and it can be held again.
        let expired = try await refusal {
          try await twin.recordings.allEvents(of: things.held, by: acme.ann)
        }
        #expect(expired == .recordingExpired)
        _ = try await twin.holds.place(on: things.held, because: .reason("a case"), by: acme.admin)
        for (id, text) in zip(things.kept, texts) {
          #expect(try await twin.recordings.allEvents(of: id, by: acme.ann).map(\.text) == text)
        }
        // Its file is there, and the older schema has forgotten which: that is told, not taken for empty.
        #expect(try await ground.store.byteCount(of: ground.name(things.archived)) != nil)
        let refused = try await refusal {
          try await twin.recordings.allEvents(of: things.archived, by: acme.ann)
        }
        #expect(refused == .integrityFailure)
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// A recording of the database, archived and read back.
@Suite(.serialized, .database)
struct ArchivedRecordingTests {
  /// The events of a recording as they lie in the database.
  private func source(of id: RecordingID, in tenant: TenantID) -> ArchiveSource {
    let database = Fixture.database()
    return ArchiveSource(
      leaves: { seq, limit in
        let query = Query(
          """
          select e.leaf_hash, e.recorded_at
          from hansard.recording_events as e
          where e.tenant_id = $1 and e.recording_id = $2 and e.seq > $3
          order by e.seq
          limit $4
          """, tenant.uuid, id.uuid, seq, Int64(limit))
        return try await database.readPage(query, of: tenant).map {
          ArchiveLeaf(hash: try $0.decode(0), recordedAt: try $0.decode(1))
        }
      },
      events: { seq, limit in
        let query = Query(
          """
          select \(ArchivedEvent.columns(of: "e"))
          from hansard.recording_events as e
          where e.tenant_id = $1 and e.recording_id = $2 and e.seq > $3
          order by e.seq
          limit $4
          """, tenant.uuid, id.uuid, seq, Int64(limit))
        return try await database.readPage(query, of: tenant).map { try ArchivedEvent($0) }
      })
  }

  private func opener(
    of id: RecordingID, in tenant: TenantID, _ fixture: Fixture
  ) async throws -> EventOpener {
    let rows = try await Fixture.database().readPage(.recordingKey(of: id, of: tenant), of: tenant)
    var column = try #require(rows.first).reader()
    let key = try WrappedRecordingKey(reading: &column)
      .dataKey(in: fixture.recordings.vault, tenant: tenant, recording: id)
    return EventOpener(tenant: tenant, recording: id, key: key, observer: .quiet())
  }

  @Test func readsBackAsItWasRecorded() async throws {
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    let store = DirectoryArchive(directory: directory)
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let secret = "ghp_" + String(repeating: "a1B2c3D4e5", count: 4).prefix(36)
      let drafts = try (0..<30).map { number in
        try EventDraft.of(
          #"{"n": \#(number), "s": "\#(secret)"}"#, at: "2026-11-21T08:30:\(10 + number * 7 % 30)Z")
      }
      _ = try await recordings.append(drafts, to: id, by: acme.recorder)
      let name = ArchiveName(id, of: acme.tenant)
      let source = source(of: id, in: acme.tenant)
      let written = try await store.put(name) { sink in
        try await source.write(id, of: acme.tenant, to: sink)
      }
      #expect(try await store.verify(name) == written)
      var tree = MerkleTree()
      for leaf in try await StoredLeaves.check(id) { try tree.append(leaf) }
      #expect(try written.header.merkleRoot == tree.root())

      let opener = try await opener(of: id, in: acme.tenant, fixture)
      let page = try await store.events(of: name, afterSeq: 0, limit: 500)
      let events = try opener.open(page.events)
      let known = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.text) == known.map(\.text))
      #expect(events.map(\.redactions) == known.map(\.redactions))
      #expect(events.map(\.recordedAt) == known.map(\.recordedAt))
      #expect(events.allSatisfy { $0.text.contains("[REDACTED:github") })
      let replay = try opener.open(try await store.replay(of: name, after: nil, limit: 500).events)
      let knownReplay = try await recordings.wholeReplay(of: id, limit: 500, by: acme.ann)
      #expect(replay.map(\.text) == knownReplay.joined().map(\.text))
    }
  }

  /// An event that somebody with the database in hand has changed is not archived as if it were whole.
  @Test func whatWasTamperedWithIsNotArchived() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.append([.of("1"), .of("2")], to: id, by: acme.recorder)
      try await TestDatabase.current.psql(
        """
        begin;
        set local session_replication_role = replica;
        update hansard.recording_events set recorded_by = 'user:mallory' where seq = 2;
        commit
        """)
      let source = source(of: id, in: acme.tenant)
      await #expect(throws: ArchiveError(.sourceMismatch, line: 3)) {
        _ = try await source.write(id, of: acme.tenant) { _ in }
      }
    }
  }
}

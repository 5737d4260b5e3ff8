// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// Tenants whose policy archives what stopped a day ago, with a directory as the archive.
struct ArchivingGround: Sendable {
  let fixture: Fixture
  let store: DirectoryArchive
  let directory: String

  var retention: Retention { fixture.hansard.retention }

  static func run(_ body: (ArchivingGround) async throws -> Void) async throws {
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    let store = DirectoryArchive(directory: directory)
    try await Fixture.run(with: Adjustment { $0.archive = store }) { fixture in
      try await TestDatabase.current.psql("update hansard.tenants set archive_days = 1")
      try await body(ArchivingGround(fixture: fixture, store: store, directory: directory))
    }
  }

  func name(_ id: RecordingID) -> ArchiveName { ArchiveName(id, of: fixture.acme.tenant) }

  /// A recording that stopped two days ago.
  func stopped(events: Int = 3) async throws -> RecordingID {
    let id = try await fixture.recordings.started(by: fixture.acme)
    let drafts = try (0..<events).map { number in
      try EventDraft.of(
        #"{"n": \#(number), "s": "mañana"}"#, at: "2026-11-21T08:30:\(10 + number * 7 % 30)Z")
    }
    if !drafts.isEmpty {
      _ = try await fixture.recordings.append(drafts, to: id, by: fixture.acme.recorder)
    }
    _ = try await fixture.recordings.stop(
      id, status: .completed, summary: nil, by: fixture.acme.recorder)
    try await Self.age(id)
    return id
  }

  static func age(_ id: RecordingID) async throws {
    try await TestDatabase.current.psql(
      """
      update hansard.canvas_recordings
      set started_at = started_at - interval '2 days', stopped_at = stopped_at - interval '2 days'
      where recording_id = '\(id)'
      """)
  }

  /// How many of its events lie in the database.
  static func eventsLeft(_ id: RecordingID) async throws -> String {
    try await TestDatabase.current.psql(
      "select count(*) from hansard.recording_events where recording_id = '\(id)'")
  }

  /// Everything that readers see of it: the events whole, page by page and in order of time.
  func content(_ id: RecordingID) async throws -> [[String]] {
    let (recordings, ann) = (fixture.recordings, fixture.acme.ann)
    var pages: [Event] = []
    var seq: Int64? = 0
    while let after = seq {
      let page = try await recordings.events(
        of: id, afterSeq: after, limit: try #require(PageLimit(7)), by: ann)
      pages += page.events
      seq = page.nextAfterSeq
    }
    let replay = try await recordings.wholeReplay(of: id, limit: 4, by: ann)
    var exported: [Event] = []
    try await recordings.export(id, afterSeq: 2, by: fixture.acme.ann)
      .forEachPage { exported += $0 }
    return [
      try await recordings.allEvents(of: id, by: ann), pages, exported, replay.flatMap { $0 },
    ].map { events in
      events.map { "\($0.seq) \($0.id) \($0.recordedAt) \($0.leafHash) \($0.text)" }
    } + [replay.map { "\($0.count)" }]
  }

  /// What is not where it should be, over all recordings: everything that was acknowledged is to be had from
  /// the database or a verified archive, and no file is there that the database does not know of.
  func findings(isOver: Bool = true) async throws -> [String] {
    let rows = try await TestDatabase.current.psql(
      """
      select r.tenant_id, r.recording_id, p.event_count, r.storage_url is not null,
        (select count(*) from hansard.recording_events as e
          where e.recording_id = r.recording_id),
        coalesce(encode(a.merkle_root, 'hex'), ''), a.recording_id is not null
      from hansard.canvas_recordings as r
      join hansard.recording_progress as p using (tenant_id, recording_id)
      left join hansard.recording_archives as a using (tenant_id, recording_id)
      """)
    var findings: [String] = []
    for row in rows.split(separator: "\n") {
      let fields = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let tenant = try #require(TenantID(fields[0]))
      let id = try #require(RecordingID(fields[1]))
      let name = ArchiveName(id, of: tenant)
      if fields[3] == "t" {
        do {
          let summary = try await store.verify(name)
          if "\(summary.header.eventCount)" != fields[2]
            || Hexadecimal.text(of: summary.header.merkleRoot) != fields[5]
          {
            findings.append("another archive: \(id)")
          }
        } catch {
          findings.append("lost: \(id): \(error)")
        }
        if isOver, fields[4] != "0" { findings.append("left in the database: \(id)") }
      } else if fields[4] != fields[2] {
        findings.append("lost from the database: \(id)")
      } else if try await store.byteCount(of: name) != nil, fields[6] == "f" {
        findings.append("a file that nobody knows of: \(id)")
      }
    }
    return findings + (isOver ? try await filesOfWhatIsPurged() : [])
  }

  private func filesOfWhatIsPurged() async throws -> [String] {
    let rows = try await TestDatabase.current.psql(
      "select tenant_id, recording_id from hansard.purge_certificates")
    var findings: [String] = []
    for row in rows.split(separator: "\n") {
      let ids = row.split(separator: "|").map(String.init)
      let name = ArchiveName(
        try #require(RecordingID(ids[1])), of: try #require(TenantID(ids[0])))
      if try await store.byteCount(of: name) != nil { findings.append("not destroyed: \(ids[1])") }
    }
    return findings
  }
}

/// An archive that takes what it is given and keeps all but the second line.
struct LosingArchive: ArchiveStore {
  let store: DirectoryArchive

  func url(of name: any StoredName) -> String { store.url(of: name) }

  func put<Result: Sendable>(
    _ name: any StoredName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result {
    let result = try await store.put(name, write)
    let lines = try await store.read(name) { bytes in
      var all: [UInt8] = []
      while let piece = try await bytes() { all += piece }
      return all.split(separator: UInt8(ascii: "\n"))
    }
    try await store.put(name) { sink in
      for (number, line) in lines.enumerated() where number != 1 {
        try await sink(line + [UInt8(ascii: "\n")])
      }
    }
    return result
  }

  func read<Result: Sendable>(
    _ name: any StoredName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result {
    try await store.read(name, body)
  }

  func byteCount(of name: any StoredName) async throws -> Int64? {
    try await store.byteCount(of: name)
  }

  func delete(_ name: any StoredName) async throws { try await store.delete(name) }
}

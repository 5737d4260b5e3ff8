// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Governance

/// Where a policy says so, events leave the database for the archive, and readers notice nothing.
@Suite(.serialized, .database)
struct RecordingArchivingTests {
  @Test func whatIsArchivedIsReadAsBefore() async throws {
    try await ArchivingGround.run { ground in
      let (fixture, acme) = (ground.fixture, ground.fixture.acme)
      let id = try await ground.stopped(events: 30)
      let empty = try await ground.stopped(events: 0)
      let open = try await fixture.recordings.started(by: acme)
      let fresh = try await fixture.stopped()
      let before = try await ground.content(id)
      try #require(before.allSatisfy { !$0.isEmpty })

      let run = await ground.retention.run()
      #expect(run.failure == nil)
      #expect(run.tally == RetentionTally(archivedRecordings: 2))
      #expect(try await ArchivingGround.eventsLeft(id) == "0\n")
      #expect(try await ground.findings() == [])
      #expect(try await ground.content(id) == before)
      #expect(try await ground.content(empty) == [[], [], [], [], ["0"]])
      let reading = try await fixture.recordings.find(id, by: acme.ann)
      #expect(reading.recording.storageURL == ground.store.url(of: ground.name(id)))
      for other in [open, fresh] {
        #expect(
          try await fixture.recordings.find(other, by: acme.ann).recording.storageURL == nil)
      }
      let entries = try await TestDatabase.current.psql(
        """
        select actor, audit_metadata ->> 'events', audit_metadata ->> 'storage_url'
        from hansard.canvas_audit
        where action = 'archive_recording' and recording_id = '\(id)'
        """)
      #expect(entries.split(separator: "\n").count == 1)
      #expect(entries.hasPrefix("system|30|file://\(ground.directory)/"))
      let status = try await ground.retention.status()
      #expect((status.archivedRecordings, status.condemnedArchives) == (2, 0))
      #expect((await ground.retention.run()).tally == RetentionTally())
    }
  }

  /// The certificate says what it would have said before, and the file is gone.
  @Test func whatIsPurgedGoesWithItsArchive() async throws {
    try await ArchivingGround.run { ground in
      let (fixture, acme) = (ground.fixture, ground.fixture.acme)
      let expired = try await ground.stopped()
      let deleted = try await ground.stopped()
      let roots = try await [expired, deleted].asyncMap { id in
        try await Self.root(of: id)
      }
      _ = await ground.retention.run()
      try await StoppedRecordings.expire(expired)
      let outcome = try await fixture.hansard.deletions.delete(
        deleted, because: RecordingText(verified: "asked for"), by: try await fixture.admin("zoe"))
      guard case .deleted(let certificate) = outcome else { throw TestSupportError("\(outcome)") }
      #expect(certificate.root == roots[1])
      #expect(certificate.storageURL == ground.store.url(of: ground.name(deleted)))
      let run = await ground.retention.run()
      #expect(run.failure == nil && run.tally.recordings == 1 && run.tally.destroyedArchives == 2)
      let page = try await fixture.hansard.certificates.find(expired, by: acme.auditor)
      #expect(page.root == roots[0])
      for id in [expired, deleted] {
        #expect(try await ground.store.byteCount(of: ground.name(id)) == nil)
        #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.gone)
        #expect(
          try await refusal { try await fixture.recordings.find(id, by: acme.ann) }
            == .recordingExpired)
      }
      #expect(
        try await TestDatabase.current.psql("select count(*) from hansard.recording_archives")
          == "0\n")
      #expect(try await ground.findings() == [])
    }
  }

  @Test func whatIsHeldStaysAndWhatIsDamagedIsTold() async throws {
    try await ArchivingGround.run { ground in
      let (fixture, acme) = (ground.fixture, ground.fixture.acme)
      let held = try await ground.stopped()
      let damaged = try await ground.stopped()
      let whole = try await ground.stopped()
      _ = try await fixture.hansard.holds.place(
        on: held, because: RecordingText(verified: "a case"), by: acme.admin)
      try await TestDatabase.current.psql(
        """
        begin;
        set local session_replication_role = replica;
        update hansard.recording_events set recorded_by = 'user:mallory'
        where recording_id = '\(damaged)' and seq = 2;
        commit
        """)
      let run = await ground.retention.run()
      #expect(run.failure == nil && run.tally.archivedRecordings == 1)
      #expect(fixture.metrics.text().contains("hansard_integrity_failures_total 1\n"))
      #expect(try await ArchivingGround.eventsLeft(held) == "3\n")
      #expect(try await ArchivingGround.eventsLeft(damaged) == "3\n")
      #expect(try await ArchivingGround.eventsLeft(whole) == "0\n")
      // Held while its file was written: it stays where it is, and so it does afterwards.
      #expect(try await ground.findings() == [])
    }
  }

  /// A store that loses what it is given loses nothing; the planted defect, which trusts it, does.
  @Test(arguments: [nil, RecordingArchiving.Defect.trustsTheStore])
  func whatTheStoreDidNotKeepStays(defect: RecordingArchiving.Defect?) async throws {
    try await ArchivingGround.run { ground in
      let id = try await ground.stopped()
      var archiving = RecordingArchiving(
        gate: ground.retention.gate, store: LosingArchive(store: ground.store))
      archiving.defect = defect
      _ = try await archiving.work(ground.fixture.acme.tenant)
      let left = try await ArchivingGround.eventsLeft(id)
      let findings = try await ground.findings(isOver: false)
      if defect == nil {
        #expect(left == "3\n" && findings == [])
      } else {
        #expect(left == "0\n" && findings.first?.hasPrefix("lost: ") == true, "\(findings)")
      }
    }
  }

  @Test func anArchiveThatIsAwayOrDamagedIsTold() async throws {
    try await ArchivingGround.run { ground in
      let (fixture, acme) = (ground.fixture, ground.fixture.acme)
      let id = try await ground.stopped()
      _ = await ground.retention.run()
      let path = "\(ground.directory)/\(ground.name(id).path)"
      let bytes = try Data(contentsOf: URL(filePath: path))
      var damaged = bytes
      damaged[bytes.count / 2] ^= 1
      try damaged.write(to: URL(filePath: path))
      let reads: [@Sendable () async throws -> Void] = [
        { _ = try await fixture.recordings.allEvents(of: id, by: acme.ann) },
        { _ = try await fixture.recordings.wholeReplay(of: id, limit: 5, by: acme.ann) },
      ]
      for read in reads { #expect(try await refusal(read) == .integrityFailure) }
      try FileManager.default.removeItem(atPath: path)
      for read in reads { #expect(try await refusal(read) == .integrityFailure) }
      // What the database names elsewhere is not followed.
      try bytes.write(to: URL(filePath: path))
      try await TestDatabase.current.psql(
        "update hansard.recording_archives set storage_url = 'file:///etc/passwd'")
      for read in reads { #expect(try await refusal(read) == .storageUnavailable) }
    }
  }

  /// A store that is away keeps nothing else from being done, and the run says so.
  @Test func aStoreThatIsAwayKeepsNothingElse() async throws {
    try await ArchivingGround.run { ground in
      let id = try await ground.stopped()
      let expired = try await ground.stopped()
      try await StoppedRecordings.expire(expired)
      // Taken for the directory of incoming files.
      try Data().write(to: URL(filePath: "\(ground.directory)/.incoming"))
      let run = await ground.retention.run()
      #expect(run.failure is ArchiveStoreError)
      #expect(run.tally.recordings == 1)
      #expect(try await ArchivingGround.eventsLeft(id) == "3\n")
      try FileManager.default.removeItem(atPath: "\(ground.directory)/.incoming")
      try await Self.letTimePass()
      #expect((await ground.retention.run()).tally.archivedRecordings == 1)
    }
  }

  @Test func aPolicyArchivesBeforeTheEndOfItsRetention() async throws {
    let terms = Self.terms(archiveDays: 7)
    try await ArchivingGround.run { ground in
      let (policies, admin) = (ground.fixture.hansard.policies, ground.fixture.acme.admin)
      let set = try await policies.set(terms, replacing: 0, by: admin)
      #expect(set.terms.archiveDays == 7)
      #expect(try await policies.find(by: admin).terms == terms)
      let days = try await TestDatabase.current.psql(
        "select archive_days from hansard.tenants where name = 'Acme'")
      #expect(days == "7\n")
      let error = try await domainError {
        try await policies.set(Self.terms(archiveDays: 30), replacing: 1, by: admin)
      }
      #expect(error.violations.map(\.pointer) == ["/archive_days"])
    }
  }

  @Test func noPolicyArchivesWhereThereIsNoArchive() async throws {
    try await Fixture.run { fixture in
      let error = try await domainError {
        try await fixture.hansard.policies.set(
          Self.terms(archiveDays: 7), replacing: 0, by: fixture.acme.admin)
      }
      #expect(error.violations.map(\.code) == ["not_allowed"])
    }
  }

  /// Thirty days of retention.
  private static func terms(archiveDays: Int) -> TenantPolicy.Terms {
    var terms = TenantPolicy.Terms(retentionDays: 30, reviewSamplePercent: 0)
    terms.archiveDays = archiveDays
    return terms
  }

  /// So that what was begun is taken for interrupted.
  static func letTimePass() async throws {
    try await TestDatabase.current.psql(
      "update hansard.recording_archives set begun_at = begun_at - interval '2 days'")
  }

  private static func root(of id: RecordingID) async throws -> [UInt8] {
    var tree = MerkleTree()
    for leaf in try await StoredLeaves.check(id) { try tree.append(leaf) }
    return try tree.root()
  }
}

extension Sequence {
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var values: [T] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}

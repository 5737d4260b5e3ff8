// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RetentionKind {
  /// Recordings whose events are to leave the database, and archives of what was purged.
  static func archives(_ gate: Gate, _ store: any ArchiveStore) -> RetentionKind {
    let archiving = RecordingArchiving(gate: gate, store: store)
    return RetentionKind(due: archiving.due, purge: archiving.work)
  }
}

/// The moving of events to the archive, where a tenant's policy says so, and the end of archives, as
/// `hansard_retention`.
/// Throws `ArchiveStoreError` where the store fails. That there is, or may be, a file is written down before it is made, so that whatever is interrupted leaves
/// nothing that is not known of. A file is read back and verified before the database says that it is read in
/// place of the events; only then are they deleted.
struct RecordingArchiving: Sendable {
  /// What the tests must notice.
  enum Defect: Sendable {
    /// What was written is not read back.
    case trustsTheStore
  }

  /// Recordings of a tenant that are archived before another has its turn.
  static let mostRecordings = 20
  /// Events that are deleted in one transaction.
  static let mostSwept = 5000
  /// Archives that are destroyed before another tenant has its turn.
  static let mostDestroyed = 100
  /// Recordings that are passed over in a run because they cannot be had.
  private static let mostPassedOver = 1000

  private static let deadline = Duration.seconds(60)

  let gate: Gate
  let store: any ArchiveStore
  var defect: Defect?

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await gate.database.tenants(
      .dueArchives(after: after, upTo: upTo, most: most), deadline: Self.deadline)
  }

  func work(_ tenant: TenantID) async throws -> RetentionPiece {
    let destroyed = try await destroyCondemned(of: tenant)
    let archived = try await archiveDue(of: tenant)
    let isCut = try await sweep(tenant)
    return RetentionPiece(
      tally: RetentionTally(archivedRecordings: archived, destroyedArchives: destroyed),
      mayHaveMore: isCut || archived >= Self.mostRecordings || destroyed >= Self.mostDestroyed)
  }

  // MARK: - Archiving

  /// Archives those that stopped first; what cannot be had does not keep the rest waiting.
  private func archiveDue(of tenant: TenantID) async throws -> Int64 {
    var archived: Int64 = 0
    var passedOver: [RecordingID] = []
    while archived < Self.mostRecordings, passedOver.count < Self.mostPassedOver {
      let found = try await candidates(of: tenant, but: passedOver)
      if found.isEmpty { break }
      // In any order, so that several instances seldom meet.
      for events in found.shuffled() {
        try Task.checkCancellation()
        if try await archive(events, of: tenant) {
          archived += 1
        } else {
          passedOver.append(events.recording)
        }
      }
    }
    return archived
  }

  private func candidates(
    of tenant: TenantID, but passedOver: [RecordingID]
  ) async throws -> [RecordedEvents] {
    try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      return try await transaction.execute(
        .archivableRecordings(but: passedOver, most: Self.mostRecordings), deadline: Self.deadline
      ).map { try RecordedEvents($0) }
    }
  }

  /// False where somebody else is at it, or it is not to be archived any more.
  func archive(_ events: RecordedEvents, of tenant: TenantID) async throws -> Bool {
    let name = ArchiveName(events.recording, of: tenant)
    guard try await begin(events, at: store.url(of: name), of: tenant) else { return false }
    do {
      let summary = try await write(events, as: name)
      return try await complete(events, as: name, summary)
    } catch let error as ArchiveError {
      try await report(error, of: events, of: tenant)
      return false
    }
  }

  private func begin(
    _ events: RecordedEvents, at url: String, of tenant: TenantID
  ) async throws -> Bool {
    try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(.beginArchive(of: events.recording, at: url))
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0)
    }
  }

  /// Writes the file, and reads it back: what is destroyed for its sake must be there.
  private func write(
    _ events: RecordedEvents, as name: ArchiveName
  ) async throws -> ArchiveSummary {
    let source = ArchiveSource(events, of: name.tenant, in: gate.database)
    let written = try await store.put(name) { sink in
      try await source.write(name.recording, of: name.tenant, to: sink)
    }
    let read = defect == .trustsTheStore ? written : try await store.verify(name)
    guard read == written, written.header.eventCount == events.count else {
      throw ArchiveError(.sourceMismatch, line: written.header.eventCount + 1)
    }
    return written
  }

  /// From here on the archive is read; false where the recording was held, or has expired, meanwhile.
  private func complete(
    _ events: RecordedEvents, as name: ArchiveName, _ summary: ArchiveSummary
  ) async throws -> Bool {
    let caller = Caller(principal: .service(of: name.tenant), request: .make())
    let url = store.url(of: name)
    do {
      try await gate.perform(
        .archiveRecording, by: caller, naming: AuditMention(recording: name.recording)
      ) { transaction, note in
        transaction.enqueue(.actAsRetention)
        let rows = try await transaction.execute(.completeArchive(at: url, summary))
        transaction.enqueue(.actAsService)
        guard let row = rows.first else { throw DomainError.unreadable }
        guard try row.decode(0, as: Bool.self) else { throw NothingToPurge() }
        note.amend {
          $0.details["storage_url"] = url
          $0.details["events"] = "\(summary.header.eventCount)"
          $0.details["merkle_root"] = Hexadecimal.text(of: summary.header.merkleRoot)
          $0.details["sha256"] = Hexadecimal.text(of: summary.sha256)
        }
      }
    } catch is NothingToPurge {
      return false
    }
    gate.database.observer.observe(
      .recordingArchived(
        tenant: name.tenant, recording: name.recording, events: events.count,
        bytes: summary.byteCount))
    return true
  }

  /// Events that are not what was acknowledged stay where they are: somebody has to look. One that was purged or
  /// moved meanwhile is another matter.
  private func report(
    _ error: ArchiveError, of events: RecordedEvents, of tenant: TenantID
  ) async throws {
    let rows = try await gate.database.read(
      .eventPlace(of: events.recording, of: tenant), of: tenant)
    guard let row = rows.first, try EventPlace(row).day == events.day else { return }
    gate.database.observer.observe(
      .integrityFailure(recording: events.recording, seq: max(0, error.line - 1)))
  }

  // MARK: - What is left over

  /// Destroys archives of what was purged; how many.
  private func destroyCondemned(of tenant: TenantID) async throws -> Int64 {
    let condemned: [RecordingID] = try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      return try await transaction.execute(
        .condemnedArchives(most: Self.mostDestroyed), deadline: Self.deadline
      ).map { row in
        var column = row.reader()
        return try column.serverID()
      }
    }
    if condemned.isEmpty { return 0 }
    for recording in condemned { try await store.delete(ArchiveName(recording, of: tenant)) }
    let forgotten: Int64 = try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(.forgetArchives(condemned))
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0)
    }
    if forgotten > 0 {
      gate.database.observer.observe(.archivesDestroyed(tenant: tenant, archives: forgotten))
    }
    return forgotten
  }

  /// Deletes events that are read from their archives; true where there may be more.
  private func sweep(_ tenant: TenantID) async throws -> Bool {
    try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .sweepArchivedEvents(most: Self.mostSwept), deadline: Self.deadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(1)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// The deletion of recordings before they expire, by admins: at once, or, where the tenant's policy wants four
/// eyes, when another admin approves it.
///
/// What is deleted leaves a certificate, in the same transaction. Whether it may be is settled by the database
/// under the recording's locks: a hold that comes first wins, and one that comes later finds a certificate.
package struct RecordingDeletions: Sendable {
  let recordings: Recordings
  var gate: Gate { recordings.gate }
  private var redactors: Redactors { recordings.redactors }

  /// Wires the operations to the gate of recordings.
  init(recordings: Recordings) {
    self.recordings = recordings
  }

  /// Deletes a recording that has stopped, or asks another admin to have it deleted.
  ///
  /// - Throws: `recordingOpen`, `recordingHeld`, `recordingRetained`; `deletionPending` where somebody has
  ///   asked for it already; `forbidden` where four eyes are wanted and the caller's key is nobody's.
  package func delete(
    _ id: RecordingID, because reason: RecordingText, by caller: Caller
  ) async throws -> DeletionOutcome {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    let outcome: DeletionOutcome = try await gate.perform(
      .deleteRecording, by: caller, naming: AuditMention(recording: id),
      load: { try await Recordings.load(id, in: $0, caller, .unlocked) },
      work: { transaction, found, note in
        note.amend { $0.details["reason"] = text }
        try found.requireDeletable()
        if try await Reviews.requireSomebody(caller, in: transaction) {
          let deletion = try await Self.request(id, because: text, by: caller, in: transaction)
          note.amend { $0.details["deletion_id"] = deletion.id.description }
          return .requested(deletion)
        }
        return .deleted(
          try await Self.destroyAtOnce(found, because: text, caller, note, in: transaction))
      })
    if case .deleted = outcome { recordings.contexts.forget(id, of: caller.tenant) }
    return outcome
  }

  /// Deletes what somebody else has asked for, if it may still be deleted.
  ///
  /// - Throws: `deletionDecided`; `forbidden` for who asked for it; and what `delete` throws.
  package func approve(
    _ id: DeletionID, by caller: Caller
  ) async throws -> PurgeCertificate {
    let certificate = try await gate.perform(
      .approveDeletion, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller) },
      work: { transaction, deletion, note in
        try deletion.requirePending()
        try deletion.requireAnother(than: caller)
        try await Reviews.requireSomebody(caller, in: transaction)
        let found = try await Recordings.load(
          deletion.recording, in: transaction, caller, .unlocked
        ).value
        try found.requireDeletable()
        let destroyed = try await Self.destroy(
          found, because: deletion.reason, askedBy: deletion.requestedBy, caller,
          in: transaction)
        // Behind the recording's locks, as a purge takes it: where that was first, it is decided.
        let decided = try await transaction.execute(
          .decide(id, .approved, of: caller.tenant, by: caller))
        guard let certificate = destroyed, !decided.isEmpty else {
          throw DomainError.deletionDecided
        }
        note.amend(of: certificate)
        return certificate
      })
    recordings.contexts.forget(certificate.recording, of: caller.tenant)
    return certificate
  }

  /// Refuses what was asked for; who asked withdraws it.
  package func refuse(
    _ id: DeletionID, because reason: RecordingText, by caller: Caller
  ) async throws -> RecordingDeletion {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    return try await gate.perform(
      .refuseDeletion, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller) },
      work: { transaction, _, note in
        note.amend { $0.details["reason"] = text }
        let rows = try await transaction.execute(
          .decide(id, .refused, because: text, of: caller.tenant, by: caller))
        guard let row = rows.first else { throw DomainError.deletionDecided }
        var column = row.reader()
        return try RecordingDeletion(reading: &column)
      })
  }

  /// One request.
  package func find(_ id: DeletionID, by caller: Caller) async throws -> RecordingDeletion {
    try await gate.perform(
      .readDeletions, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller) },
      work: { _, deletion, _ in deletion })
  }

  /// A page of requests, the latest first; of all states where none is given.
  package func list(
    _ state: RecordingDeletion.State?, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<RecordingDeletion> {
    let mention = AuditMention(details: state.map { ["state": $0.rawValue] } ?? [:])
    return try await gate.perform(.readDeletions, by: caller, naming: mention) {
      transaction, note in
      let place = try cursor.map { try DeletionPlace($0, of: caller.tenant) }
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(
        .deletions(state, after: place, limit: limit, of: caller.tenant))
      let deletions = try rows.prefix(limit.count).map { row in
        var column = row.reader()
        return try RecordingDeletion(reading: &column)
      }
      note.amend(count: deletions.count)
      let last = rows.count > limit.count ? deletions.last : nil
      return Page(
        elements: deletions, next: last.map { DeletionPlace($0).cursor(of: caller.tenant) })
    }
  }
}

extension RecordingDeletions {
  private static func mention(_ id: DeletionID) -> AuditMention {
    AuditMention(details: ["deletion_id": id.description])
  }

  private static func load(
    _ id: DeletionID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> Gate.Subject<RecordingDeletion> {
    let rows = try await transaction.execute(.deletion(id, of: caller.tenant))
    guard let row = rows.first else {
      throw DomainError(.notFound, "There is no such request for deletion.")
    }
    var column = row.reader()
    let deletion = try RecordingDeletion(reading: &column)
    var mention = mention(id)
    mention.recording = deletion.recording
    mention.agent = try column.optionalCallerID()
    mention.user = try column.optionalCallerID()
    return Gate.Subject(
      value: deletion, facts: AccessFacts(owner: mention.user, agent: mention.agent),
      mention: mention)
  }

  /// Writes a request, while nobody can purge the recording, hold it, or ask too.
  private static func request(
    _ id: RecordingID, because reason: String, by caller: Caller,
    in transaction: PostgresTransaction
  ) async throws -> RecordingDeletion {
    _ = try await Recordings.load(id, in: transaction, caller, .locked)
    // A statement of its own: the one that waited for the lock saw the recording as it was before.
    try await Recordings.load(id, in: transaction, caller, .unlocked).value.requireDeletable()
    let rows = try await transaction.execute(
      .requestDeletion(.make(), of: id, because: reason, of: caller.tenant, by: caller))
    guard let row = rows.first else {
      throw DomainError(.deletionPending, "Somebody has asked for its deletion already.")
    }
    var column = row.reader()
    return try RecordingDeletion(reading: &column)
  }

  /// Destroys a recording on the word of the caller alone, and what others have asked for is overtaken.
  static func destroyAtOnce(
    _ found: StoredRecording, because text: String, _ caller: Caller, _ note: AuditNote,
    in transaction: PostgresTransaction
  ) async throws -> PurgeCertificate {
    let (id, actor) = (found.recording.id, caller.principal.actor)
    guard
      let certificate = try await destroy(
        found, because: text, askedBy: actor, caller, in: transaction)
    else { throw try await Recordings.absence(of: id, in: transaction, caller) }
    transaction.enqueue(.overtakeDeletions(of: id, of: caller.tenant, by: actor))
    note.amend(of: certificate)
    return certificate
  }

  /// Destroys a recording and certifies it; nil where it was purged meanwhile.
  private static func destroy(
    _ found: StoredRecording, because reason: String, askedBy actor: String, _ caller: Caller,
    in transaction: PostgresTransaction
  ) async throws -> PurgeCertificate? {
    let id = found.recording.id
    transaction.enqueue(.actAsRetention)
    guard let root = try await Self.root(of: found, caller, in: transaction) else {
      transaction.enqueue(.actAsService)
      return nil
    }
    let rows = try await transaction.execute(
      .deleteRecording(
        id, root: root, events: found.counts.events, because: reason, askedBy: actor,
        by: caller.principal.actor),
      deadline: RecoveryAudit.longDeadline)
    transaction.enqueue(.actAsService)
    guard let verdict = try rows.first?.decode(0, as: String.self) else {
      throw DomainError.unreadable
    }
    switch verdict {
    case "deleted":
      return try await PurgeCertificates.load(id, in: transaction, caller)
    case "not_found": return nil
    case "changed": throw DomainError(.changedMeanwhile, "The recording has changed meanwhile.")
    default:
      // It has been opened, held or retained since it was read, and says why it may not be deleted.
      try await Recordings.load(id, in: transaction, caller, .unlocked).value.requireDeletable()
      throw DomainError(.changedMeanwhile, "The recording has changed meanwhile.")
    }
  }

  /// The root over its events, wherever they have been moved to meanwhile; nil where it was purged. The
  /// transaction acts as `hansard_retention`.
  private static func root(
    of found: StoredRecording, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> [UInt8]? {
    var (day, archivedRoot) = (found.partitionDay, [UInt8]?.none)
    while true {
      let events = RecordedEvents(
        recording: found.recording.id, day: day, count: found.counts.events,
        archivedRoot: archivedRoot)
      if let root = try await EventRoot.find([events], in: transaction).first ?? nil {
        return root
      }
      transaction.enqueue(.actAsService)
      let rows = try await transaction.execute(
        .eventPlace(of: found.recording.id, of: caller.tenant))
      guard let row = rows.first else { return nil }
      let present = try EventPlace(row)
      archivedRoot = present.archive?.root
      guard present.day != day || archivedRoot != nil else {
        throw DomainError(.integrityFailure, "Events are missing.")
      }
      day = present.day
      transaction.enqueue(.actAsRetention)
    }
  }
}

extension AuditNote {
  /// Has the entry say what was destroyed.
  fileprivate func amend(of certificate: PurgeCertificate) {
    amend {
      $0.details["reason"] = certificate.reason
      $0.details["requested_by"] = certificate.requestedBy
      $0.details["events"] = "\(certificate.eventCount)"
      $0.details["merkle_root"] = Hexadecimal.text(of: certificate.root)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Legal holds: placed and lifted by admins, each with a reason that is kept.
///
/// A hold and whatever would destroy the recording lock its counters. Whoever is second finds what the first
/// has done: a hold on something that is purged is refused, and nothing that is held is purged.
package struct LegalHolds: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// Holds a recording from now on. One that has expired and is not purged yet can be read again then.
  ///
  /// - Throws: `recordingExpired` for one that was purged.
  package func place(
    on id: RecordingID, because reason: RecordingText, by caller: Caller
  ) async throws -> LegalHold {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    let hold = LegalHoldID.make()
    return try await gate.perform(
      .placeHold, by: caller, naming: AuditMention(recording: id),
      load: { try await Recordings.load(id, in: $0, caller, .unlocked) },
      work: { transaction, _, note in
        note.amend {
          $0.details["hold_id"] = hold.description
          $0.details["reason"] = text
        }
        let actor = caller.principal.actor
        let rows = try await transaction.execute(
          .placeHold(hold, on: id, because: text, by: actor))
        var column = rows.first?.reader()
        guard let placedAt = try column?.next(Timestamp?.self) else {
          // Whoever purged it was first.
          throw try await Recordings.absence(of: id, in: transaction, caller)
        }
        return LegalHold(
          id: hold, recording: id, reason: text, placedAt: placedAt, placedBy: actor)
      })
  }

  /// Ends a hold. A recording that has expired meanwhile, and has no other hold, is due then.
  ///
  /// - Throws: `holdLifted` for one that was lifted before.
  package func lift(
    _ id: LegalHoldID, because reason: RecordingText, by caller: Caller
  ) async throws -> LegalHold {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    return try await gate.perform(
      .liftHold, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller) },
      work: { transaction, _, note in
        note.amend { $0.details["reason"] = text }
        let rows = try await transaction.execute(
          .liftHold(id, because: text, by: caller.principal.actor))
        guard try rows.first?.decode(0, as: Bool.self) ?? false else {
          throw DomainError(.holdLifted, "The hold was lifted before.")
        }
        return try await Self.load(id, in: transaction, caller).value
      })
  }

  /// One hold.
  package func find(_ id: LegalHoldID, by caller: Caller) async throws -> LegalHold {
    try await gate.perform(
      .readHolds, by: caller, naming: Self.mention(id),
      load: { try await Self.load(id, in: $0, caller) },
      work: { _, hold, _ in hold })
  }

  /// A page of holds, the latest first.
  package func list(
    _ filter: LegalHoldFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<LegalHold> {
    let details = filter.isActive.map { ["active": "\($0)"] } ?? [:]
    return try await gate.perform(
      .readHolds, by: caller, naming: AuditMention(recording: filter.recording, details: details)
    ) { transaction, note in
      let place = try cursor.map { try LegalHoldPlace($0, of: caller.tenant) }
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(
        .holds(filter, after: place, limit: limit, of: caller.tenant))
      let holds = try rows.prefix(limit.count).map { row in
        var column = row.reader()
        return try LegalHold(reading: &column)
      }
      note.amend(count: holds.count)
      let last = rows.count > limit.count ? holds.last : nil
      return Page(
        elements: holds, next: last.map { LegalHoldPlace($0).cursor(of: caller.tenant) })
    }
  }

  private static func mention(_ id: LegalHoldID) -> AuditMention {
    AuditMention(details: ["hold_id": id.description])
  }

  private static func load(
    _ id: LegalHoldID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> Gate.Subject<LegalHold> {
    let rows = try await transaction.execute(.hold(id, of: caller.tenant))
    guard let row = rows.first else { throw DomainError(.notFound, "There is no such hold.") }
    var column = row.reader()
    let hold = try LegalHold(reading: &column)
    var mention = mention(id)
    mention.recording = hold.recording
    mention.agent = try column.optionalCallerID()
    mention.user = try column.optionalCallerID()
    return Gate.Subject(
      value: hold, facts: AccessFacts(owner: mention.user, agent: mention.agent), mention: mention)
  }
}

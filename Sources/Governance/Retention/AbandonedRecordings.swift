// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RetentionKind {
  /// Recordings that nobody has stopped: those that have been open for as long as events are accepted, and, where
  /// the deployment says so, those without an event for a while.
  static func abandoned(_ recordings: Recordings) -> RetentionKind {
    let abandoned = AbandonedRecordings(recordings: recordings)
    return RetentionKind(due: abandoned.due, purge: abandoned.complete)
  }
}

/// The end of recordings whose recorder is gone: an event of the service's own says so, and they are completed as
/// failed like any other.
///
/// Any number of workers may: each recording is a transaction of its own, which asks again under the lock of its
/// counters whether it is still open and abandoned. What others hold at the moment is left to the next run.
struct AbandonedRecordings: Sendable {
  /// Recordings that are completed before another tenant has its turn.
  static let mostRecordings = 100
  private static let deadline = Duration.seconds(30)

  let recordings: Recordings

  private var gate: Gate { recordings.gate }
  private var terms: AbandonmentTerms { AbandonmentTerms(recordings.settings) }

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await gate.database.readAsRetention(
      .dueAbandonedRecordings(terms, after: after, upTo: upTo, most: most), deadline: Self.deadline
    ).map { row in
      var column = row.reader()
      return try column.serverID()
    }
  }

  /// Completes so many, the oldest first. One whose key was damaged does not keep the others from their turn.
  func complete(_ tenant: TenantID) async throws -> RetentionPiece {
    var completed = 0
    var failure: DomainError?
    var place: AbandonedPlace?
    repeat {
      let page = try await find(tenant, after: place)
      // In any order, so that several instances seldom meet.
      for candidate in page.shuffled() {
        do {
          if try await complete(candidate.recording, of: tenant) { completed += 1 }
        } catch let error as DomainError where error.code == .integrityFailure {
          failure = error
        }
      }
      place = page.count < Self.mostRecordings ? nil : page.last
    } while place != nil && completed < Self.mostRecordings
    if completed == 0, let failure { throw failure }
    return RetentionPiece(
      tally: RetentionTally(abandonedRecordings: Int64(completed)),
      mayHaveMore: completed >= Self.mostRecordings)
  }

  private func find(
    _ tenant: TenantID, after place: AbandonedPlace?
  ) async throws -> [AbandonedPlace] {
    try await gate.database.transaction(of: tenant) { [terms] transaction in
      transaction.enqueue(.actAsRetention)
      return try await transaction.execute(
        .abandonedRecordings(terms, after: place, most: Self.mostRecordings),
        deadline: Self.deadline
      ).map { try AbandonedPlace($0) }
    }
  }

  /// False where somebody else was first, or is at it.
  func complete(_ id: RecordingID, of tenant: TenantID) async throws -> Bool {
    let caller = Caller(principal: .service(of: tenant), request: .make())
    // Before the transaction: they have connections of their own.
    guard let context = try await recordings.contexts.find(id, of: tenant) else { return false }
    let redactor = try await recordings.redactors.find(tenant)
    do {
      _ = try await gate.perform(
        .completeAbandoned, by: caller, naming: AuditMention(recording: id),
        load: { [terms] transaction -> Gate.Subject<(Abandonment, StoredRecording)> in
          guard let row = try await transaction.execute(.claimAbandoned(id, terms)).first
          else { throw NotAbandoned() }
          let claim = try Abandonment(row)
          let found = try await Recordings.load(id, in: transaction, caller, .locked)
          return Gate.Subject(
            value: (claim, found.value), facts: found.facts, mention: found.mention)
        },
        work: { transaction, subject, note in
          let (claim, found) = subject
          let event = try claim.event(in: context, by: caller, redactor)
          note.amend {
            $0.details = [
              "status": Recording.Status.failed.rawValue, "reason": claim.reason.rawValue,
              "event_id": event.id.description,
            ]
          }
          var counted = found
          counted.counts.events += 1
          return try await recordings.end(
            counted, .failed, counted.counts.summary,
            closing: .appendFinalEvent(event, to: id), caller, note, transaction)
        })
    } catch is NotAbandoned {
      return false
    }
    recordings.contexts.forget(id, of: tenant)
    gate.database.observer.observe(.recordingAbandoned(tenant: tenant, recording: id))
    return true
  }

  /// No line in the audit log for that.
  private struct NotAbandoned: Error {}
}

/// When a recording is taken for abandoned.
struct AbandonmentTerms: Sendable {
  /// Without an event for so long; nil: however long.
  let idle: Duration?
  /// How long events are accepted.
  let openDays: Int

  init(_ settings: Recordings.Settings) {
    idle = settings.abandonedAfter
    openDays = settings.maximumOpenDays
  }
}

/// A recording among those that are abandoned, in the order in which they started.
struct AbandonedPlace: Sendable {
  let recording: RecordingID
  let startedAt: Timestamp
}

/// Why a recording is taken for abandoned, as it was found under the lock of its counters.
struct Abandonment: Sendable {
  enum Reason: String {
    /// It was not stopped within the time in which events are accepted.
    case openTooLong = "open_too_long"
    case noEventSince = "no_event_since"
  }

  let reason: Reason
  let lastEventAt: Timestamp?
  /// The database's clock.
  let foundAt: Timestamp

  /// The last event of the recording: `{"reason": …, "last_event_at": …}`.
  fileprivate func event(
    in context: RecordingContext, by caller: Caller, _ redactor: TenantRedactor
  ) throws -> SealedEvent {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("reason", reason.rawValue)
      writer.key("last_event_at")
      writer.string(lastEventAt?.rfc3339)
    }
    // Both are our own: neither can fail.
    guard let type = EventType(EventType.abandonedWord),
      let data = try? JSONDocument(
        parsing: writer.bytes, limits: .init(stringBytes: .max, numberBytes: 1024)
      ).root
    else { throw DomainError(.internalError, "an event that is not JSON") }
    return try SealedEvent(
      EventDraft(type: type, data: data, timestamp: foundAt, id: nil), in: context,
      by: caller.principal.actor, redactor: redactor, now: foundAt)
  }
}

extension EventType {
  /// An event of this type, recorded by `system`, says that nobody had stopped the recording.
  package static let abandonedWord = "recording_abandoned"
}

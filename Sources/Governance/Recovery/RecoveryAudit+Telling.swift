// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension RecoveryAudit {
  /// Appends an event to the timeline of each recording that an attempt was made in.
  ///
  /// It takes the recordings' counters after the session, and in the order in which the lanes of the event
  /// writer take them; nobody takes a session after a counter.
  ///
  /// - Returns: The events by the index of their attempt in the request.
  /// - Throws: `recordingNotOpen`, `recordingExpired`: the transaction is then of no use.
  func tell(
    _ plan: RecoveryPlan, _ request: RecoveryLogging, at now: Timestamp,
    in transaction: PostgresTransaction
  ) async throws -> [Int: RecoveryEvent] {
    var batches: [RecordingID: [(index: Int, event: SealedEvent)]] = [:]
    for new in plan.new {
      guard let recording = request.attempts[new.index].draft.recording,
        let context = request.contexts[recording]
      else { continue }
      let event = try request.event(of: new, in: context, at: now)
      batches[recording, default: []].append((new.index, event))
    }
    if batches.isEmpty { return [:] }
    let ordered = batches.sorted { $0.key.description < $1.key.description }
    let appends = ordered.map { recording, batch in
      AppendRequest(
        tenant: request.caller.tenant, recording: recording, key: request.caller.principal.key,
        events: batch.map(\.event))
    }
    let rows = try await append(appends, in: transaction)
    var places = ordered.flatMap { recording, batch in
      batch.map { (recording: recording, index: $0.index, event: $0.event.id) }
    }[...]
    var events: [Int: RecoveryEvent] = [:]
    for row in rows {
      guard let place = places.popFirst() else { throw DomainError.unreadable }
      if let error = try row.decode(1, as: AppendVerdict.self).error(at: place.index) {
        throw error
      }
      events[place.index] = RecoveryEvent(
        recording: place.recording, event: place.event, seq: try row.decode(2))
    }
    guard places.isEmpty else { throw DomainError.unreadable }
    return events
  }

  private func append(
    _ requests: [AppendRequest], in transaction: PostgresTransaction
  ) async throws -> QueryResult {
    do {
      return try await transaction.execute(.appendEvents(requests, mayBeKnown: false))
    } catch let error where error.constraint == "recording_events_seq_range" {
      throw DomainError(.recordingNotOpen, "The recording holds as many events as it can.")
    }
  }
}

extension EventType {
  /// An event of this type tells of a recovery attempt.
  package static let recoveryWord = "recovery_attempt"
}

extension RecoveryLogging {
  /// The event that tells of an attempt: error, strategy, changes, rollback, outcome.
  fileprivate func event(
    of new: RecoveryPlan.New, in context: RecordingContext, at now: Timestamp
  ) throws -> SealedEvent {
    let attempt = attempts[new.index]
    let bytes = story(of: attempt, number: new.number)
    guard bytes.count <= EventDraft.maximumBytes else {
      throw DomainError(.eventTooLarge, "An attempt that a recording tells of is at most 256 KiB.")
    }
    // Both are our own: neither can fail.
    guard let type = EventType(EventType.recoveryWord),
      let data = try? JSONDocument(
        parsing: bytes, limits: .init(stringBytes: .max, numberBytes: 1024)
      ).root
    else { throw DomainError(.internalError, "an event that is not JSON") }
    let draft = EventDraft(
      type: type, data: data, timestamp: attempt.draft.timestamp, id: nil)
    return try SealedEvent(
      draft, in: context, by: caller.principal.actor, redactor: redactor, now: now)
  }

  private func story(of attempt: PreparedAttempt, number: Int64) -> [UInt8] {
    let (draft, texts) = (attempt.draft, attempt.draft.texts)
    let next = draft.nextAction ?? .nextAction(afterSuccess: draft.success)
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.object { writer in
      writer.member("session_id", session.rawValue)
      writer.member("entry_id", attempt.entry.rawValue)
      writer.key("attempt_number")
      writer.int(number)
      writer.member("error_type", draft.errorType.rawValue)
      writer.member("error_message", texts.errorMessage)
      writer.member("strategy", draft.strategy.rawValue)
      writer.member("changes_made", texts.changesMade)
      writer.member("files_modified", texts.filesModified)
      writer.key("rollback_performed")
      writer.bool(draft.rollbackPerformed)
      writer.key("success")
      writer.bool(draft.success)
      writer.member("next_action", next.rawValue)
      writer.key("duration_seconds")
      writer.raw(draft.duration.text.utf8)
      writer.member("recovery_message", texts.recoveryMessage)
    }
    return writer.bytes
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Recordings {
  /// Stores events at the end of a recording: all of them or none.
  ///
  /// An event whose id is stored already answers with its first receipt if it is the same event.
  ///
  /// - Parameter events: 1 to `EventDraft.maximumBatch`.
  /// - Returns: One receipt per event, in order, once they are committed.
  /// - Throws: `eventMismatch` for an id that another event has, with pointers `/<index>/event_id`;
  ///   `recordingNotOpen`, `recordingExpired`; `eventTooLarge`; `overloaded` at once when more arrives
  ///   than can be stored;
  ///   `quotaExceeded` where the tenant's quota has no room for all of them.
  package func append(
    _ events: [EventDraft], to id: RecordingID, by caller: Caller
  ) async throws -> [EventReceipt] {
    try Self.validate(events)
    let context = try await admitted(id, caller)
    let redactor = try await redactors.find(caller.tenant)
    let now = Timestamp.now()
    let actor = caller.principal.actor
    let sealed = try events.map {
      try SealedEvent($0, in: context, by: actor, redactor: redactor, now: now)
    }
    let (unique, places) = try Self.withoutRepeats(sealed)
    let request = AppendRequest(
      tenant: caller.tenant, recording: id, key: caller.principal.key, events: unique)
    do {
      let receipts = try await withinQuota(request)
      return places.map { receipts[$0] }
    } catch let error as DomainError where error.code == .eventMismatch {
      throw error.moved(to: places)
    } catch let error as DomainError where error.isRefusal {
      if error.code == .recordingExpired { contexts.forget(id, of: caller.tenant) }
      throw await gate.refused(.appendEvents, by: caller, naming: context.mention, answer: error)
    }
  }

  private static func validate(_ events: [EventDraft]) throws(DomainError) {
    guard (1...EventDraft.maximumBatch).contains(events.count) else {
      throw .invalid(
        "", "count_out_of_range", "A batch has 1 to \(EventDraft.maximumBatch) events.")
    }
    for event in events {
      guard event.data.span.count <= EventDraft.maximumBytes else {
        throw DomainError(
          .eventTooLarge, "An event is at most \(EventDraft.maximumBytes / 1024) KiB.")
      }
    }
  }

  /// The context of the recording, once it is settled that the caller may write to it.
  private func admitted(_ id: RecordingID, _ caller: Caller) async throws -> RecordingContext {
    guard let context = try await contexts.find(id, of: caller.tenant) else {
      try await gate.refuseMissing(id, .appendEvents, by: caller)
    }
    try await gate.admit(.appendEvents, by: caller, facts: context.facts, naming: context.mention)
    return context
  }

  /// Events without those that a batch holds twice, and for each event its place among the rest.
  private static func withoutRepeats(
    _ events: [SealedEvent]
  ) throws(DomainError) -> (unique: [SealedEvent], places: [Int]) {
    var unique: [SealedEvent] = []
    var places: [Int] = []
    var known: [EventID: Int] = [:]
    for (index, event) in events.enumerated() {
      guard let place = known[event.id] else {
        known[event.id] = unique.count
        places.append(unique.count)
        unique.append(event)
        continue
      }
      guard unique[place].contentMAC == event.contentMAC else {
        throw .eventMismatch(at: index, "This id belongs to another event of the batch.")
      }
      places.append(place)
    }
    return (unique, places)
  }
}

extension DomainError {
  /// The same with pointers that count the events as they were sent.
  fileprivate func moved(to places: [Int]) -> DomainError {
    let pointers = Dictionary(grouping: places.indices, by: { "/\(places[$0])/event_id" })
    let moved = violations.flatMap { violation in
      (pointers[violation.pointer] ?? []).map { index in
        Violation(pointer: "/\(index)/event_id", code: violation.code, reason: violation.reason)
      }
    }
    return DomainError(code, message, violations: moved)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Recordings {
  /// Opens a recording for reading: the row, its flags, and its events in order of `seq`.
  ///
  /// The audit entry is committed before this returns; the events are fetched as they are asked for.
  package func find(_ id: RecordingID, by caller: Caller) async throws -> RecordingReading {
    try await opened(id, .readRecording, afterSeq: 0, caller)
  }

  /// The same to be taken away; events up to position `seq` are left out.
  package func export(
    _ id: RecordingID, afterSeq seq: Int64, by caller: Caller
  ) async throws -> RecordingReading {
    try await opened(id, .exportRecording, afterSeq: seq, caller)
  }

  private func opened(
    _ id: RecordingID, _ operation: Operation, afterSeq seq: Int64, _ caller: Caller
  ) async throws -> RecordingReading {
    try await reading(id, operation, caller) {
      [gate, archive, observer] transaction, found, opener, note in
      if seq > 0 { note.amend { $0.details["after_seq"] = "\(seq)" } }
      let rows = try await transaction.execute(.flags(of: id, of: caller.tenant))
      let pages = EventPages(
        database: gate.database, tenant: caller.tenant, recording: id, day: found.partitionDay,
        opener: opener, store: archive, seqs: seq..<max(seq, found.counts.events),
        observer: observer)
      return RecordingReading(
        recording: found.recording, flags: try rows.map(Recording.Flag.init(reading:)), pages: pages
      )
    }
  }

  /// Opens a recording to follow it: its events behind `seq`, or from its end on where that is nil,
  /// up to the last one that is there now.
  func pages(
    toFollow id: RecordingID, afterSeq seq: Int64?, by caller: Caller
  ) async throws -> EventPages {
    try await reading(id, .followRecording, caller) {
      [gate, archive, observer] _, found, opener, note in
      if let seq { note.amend { $0.details["after_seq"] = "\(seq)" } }
      let count = found.counts.events
      let start = min(seq ?? count, count)
      return EventPages(
        database: gate.database, tenant: caller.tenant, recording: id, day: found.partitionDay,
        opener: opener, store: archive, seqs: start..<count, observer: observer)
    }
  }

  /// A page of events after position `seq`; its end may come before `limit` when payloads are large.
  package func events(
    of id: RecordingID, afterSeq seq: Int64, limit: PageLimit, by caller: Caller
  ) async throws -> EventPage {
    let page: ReadPage<EventPage> = try await reading(id, .readEvents, caller) {
      transaction, found, opener, note in
      note.amend { $0.details["after_seq"] = "\(seq)" }
      let rows = try await EventPages.rows(of: found, caller, in: transaction) { day in
        .events(of: id, of: caller.tenant, on: day, afterSeq: seq, limit: limit.count)
      }
      guard let rows else { return .archived(found, opener) }
      let events = try opener.open(rows)
      note.amend(count: events.count)
      let isLast = events.last.map { $0.seq >= found.counts.events } ?? true
      return .stored(EventPage(events: events, nextAfterSeq: isLast ? nil : events.last?.seq))
    }
    switch page {
    case .stored(let page): return page
    case .archived(_, let opener):
      return try await archived(opener).page(afterSeq: seq, limit: limit.count)
    }
  }

  /// A page of the recording's events in order of time, then of position.
  package func replay(
    of id: RecordingID, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Replay {
    let page: ReadPage<Replay> = try await reading(id, .replayRecording, caller) {
      transaction, found, opener, note in
      let place = try cursor.map { try ReplayPlace($0, in: id, of: caller.tenant) }
      let rows = try await EventPages.rows(of: found, caller, in: transaction) { day in
        .replay(of: id, of: caller.tenant, on: day, after: place, limit: limit.count + 1)
      }
      guard let rows else { return .archived(found, opener) }
      let kept = rows.prefix(limit.count)
      let events = try opener.open(kept)
      note.amend(count: events.count)
      // The query stops early when payloads are large; then there is more although rows are few.
      let isLarge = try rows.last?.decode(StoredEvent.columnCount, as: Bool.self) ?? false
      let isCut = rows.count > kept.count || isLarge
      return .stored(Replay(found.recording, events, isCut: isCut, of: caller.tenant))
    }
    switch page {
    case .stored(let replay): return replay
    case .archived(let found, let opener):
      let place = try cursor.map { try ReplayPlace($0, in: id, of: caller.tenant) }
      let (events, isCut) = try await archived(opener).replay(after: place, limit: limit.count)
      return Replay(found.recording, events, isCut: isCut, of: caller.tenant)
    }
  }

  /// What a transaction has read: a page, or that it is read from the archive, which no connection waits for.
  private enum ReadPage<Page: Sendable>: Sendable {
    case stored(Page)
    case archived(StoredRecording, EventOpener)
  }

  private func archived(_ opener: EventOpener) async throws -> ArchivedRecording {
    try await ArchivedRecording.find(opener, in: archive, gate.database)
  }

  /// Finds a recording and its wrapped key in one round trip; the key is opened after the decision.
  private static func loadWithKey(
    _ id: RecordingID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> Gate.Subject<(StoredRecording, Row?)> {
    let results = try await transaction.pipeline([
      .find(id, of: caller.tenant, .unlocked), .recordingKey(of: id, of: caller.tenant),
    ])
    guard results.count == 2, let row = results[0].first else {
      throw try await absence(of: id, in: transaction, caller)
    }
    let found = try StoredRecording(row)
    return Gate.Subject(
      value: (found, results[1].first), facts: found.facts, mention: found.mention)
  }

  /// An audited read of content: finds the recording, decides, opens its key.
  private func reading<Answer: Sendable>(
    _ id: RecordingID, _ operation: Operation, _ caller: Caller,
    _ body:
      @escaping @Sendable (
        PostgresTransaction, StoredRecording, EventOpener, AuditNote
      ) async throws -> Answer
  ) async throws -> Answer {
    try await gate.perform(
      operation, by: caller, naming: AuditMention(recording: id),
      load: { transaction in try await Self.loadWithKey(id, in: transaction, caller) },
      work: { [vault, observer] transaction, subject, note in
        let (found, row) = subject
        try found.requireUnexpired()
        guard let row else {
          throw DomainError.recordingPurged
        }
        var column = row.reader()
        let key = try WrappedRecordingKey(reading: &column)
          .dataKey(in: vault, tenant: caller.tenant, recording: id)
        let opener = EventOpener(
          tenant: caller.tenant, recording: id, key: key, observer: observer)
        return try await body(transaction, found, opener, note)
      })
  }
}

extension Replay {
  fileprivate init(
    _ recording: Recording, _ events: [Event], isCut: Bool, of tenant: TenantID
  ) {
    let last = isCut ? events.last : nil
    self.init(
      recording: recording, events: events,
      next: last.map { ReplayPlace($0).cursor(in: recording.id, of: tenant) })
  }
}

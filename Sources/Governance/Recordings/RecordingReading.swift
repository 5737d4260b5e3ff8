// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A recording opened for reading; that it was is in the audit log already.
package struct RecordingReading: Sendable {
  /// The row.
  package let recording: Recording
  /// Its flags, oldest first.
  package let flags: [Recording.Flag]
  let pages: EventPages

  /// Hands over the events in order of `seq`, page by page, up to the last one that was there when
  /// the recording was opened; the next page is fetched when `body` returns.
  ///
  /// - Throws: `recordingExpired` where the recording is purged meanwhile.
  package func forEachPage(_ body: ([Event]) async throws -> Void) async throws {
    var position = pages.seqs.lowerBound
    var limit = EventPages.firstLimit
    while position < pages.seqs.upperBound {
      guard let page = try await pages.stored(after: position, limit: limit) else {
        return try await pages.archived().forEachPage(afterSeq: position, body)
      }
      guard let last = page.last else {
        throw DomainError(.integrityFailure, "Events are missing.")
      }
      try await body(page)
      position = last.seq
      limit = EventPages.limit(after: page)
    }
  }
}

/// A page of events in order of `seq`.
package struct EventPage: Sendable {
  package var events: [Event]
  /// What to ask for next; nil when nothing follows.
  package var nextAfterSeq: Int64?
}

/// Fetches and opens the events of one recording, a page at a time.
struct EventPages: Sendable {
  let database: Database
  let tenant: TenantID
  let recording: RecordingID
  /// Of its partition.
  let day: String
  let opener: EventOpener
  /// Where archives are; nil: nowhere.
  let store: (any ArchiveStore)?
  /// After the first of these positions, up to the second.
  let seqs: Range<Int64>
  let observer: Observer

  /// Small, since nothing is known yet of how large the events are.
  static let firstLimit = 16
  /// What a page should hold, in bytes.
  private static let pageBytes = 1 << 20

  /// As many events as would fill a page if they were like those of `page`.
  static func limit(after page: [Event]) -> Int {
    let bytes = page.reduce(0) { $0 + $1.data.count + 200 }
    return min(500, max(1, page.count * pageBytes / max(1, bytes)))
  }

  /// The same for a recording that goes on.
  var withoutEnd: EventPages {
    EventPages(
      database: database, tenant: tenant, recording: recording, day: day, opener: opener,
      store: store, seqs: seqs.lowerBound..<Int64.max, observer: observer)
  }

  /// A page, wherever the events are.
  func page(after seq: Int64, limit: Int) async throws -> [Event] {
    if let events = try await stored(after: seq, limit: limit) { return events }
    let page = try await archived().page(afterSeq: seq, limit: limit)
    return page.events.filter { $0.seq <= seqs.upperBound }
  }

  /// A page of the database; nil where the recording is archived.
  func stored(after seq: Int64, limit: Int) async throws -> [Event]? {
    let rows = try await Self.rows(on: day) { day in
      try await database.readPage(
        .events(of: recording, of: tenant, on: day, afterSeq: seq, limit: limit),
        then: .eventPlace(of: recording, of: tenant), of: tenant)
    }
    return try rows.map { try opener.open($0).filter { $0.seq <= seqs.upperBound } }
  }

  /// The archive of a recording that has one.
  func archived() async throws -> ArchivedRecording {
    try await ArchivedRecording.find(opener, in: store, database)
  }

  /// A page of a recording that was just read, in the transaction in which it was; nil where it is archived.
  static func rows(
    of found: StoredRecording, _ caller: Caller, in transaction: PostgresTransaction,
    query: (_ day: String) -> Query
  ) async throws -> QueryResult? {
    try await rows(on: found.partitionDay) { day in
      transaction.enqueue(.inOrderOfIndexes)
      return try await transaction.pipeline([
        query(day), .eventPlace(of: found.recording.id, of: caller.tenant),
      ])
    }
  }

  /// A page that is a page of the recording: it is asked behind it whether the recording is still there, and
  /// where. Events of one that is held may have been moved meanwhile, always to a later day, and those of another
  /// to its archive, for good.
  ///
  /// - Parameter read: Reads the page on a day, and then `Query.eventPlace`.
  private static func rows(
    on day: String, read: (_ day: String) async throws -> [QueryResult]
  ) async throws -> QueryResult? {
    var day = day
    while true {
      let results = try await read(day)
      guard results.count == 2, let row = results[1].first else {
        throw DomainError.recordingPurged
      }
      let present = try EventPlace(row)
      if present.archive != nil { return nil }
      if present.day == day { return results[0] }
      day = present.day
    }
  }
}

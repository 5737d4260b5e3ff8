// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres
import Protection

/// A session opened for reading; that it was is in the audit log already.
package struct RecoveryReading: Sendable {
  /// The row; its count is how many attempts there are to hand over.
  package let session: RecoverySession
  /// When it was opened, by the database's clock.
  package let openedAt: Timestamp
  let pages: RecoveryPages

  /// Hands over the attempts in order of time, then of arrival, page by page, up to the last one that was
  /// there when the session was opened; the next page is fetched when `body` returns.
  ///
  /// - Throws: `sessionCleared` where its attempts go meanwhile, cleared or purged.
  package func forEachPage(_ body: ([RecoveryAttempt]) async throws -> Void) async throws {
    var place = RecoveryHistoryPlace.start
    var count: Int64 = 0
    while count < session.attemptCount {
      let page = try await pages.page(after: place)
      guard let last = page.last else { throw DomainError.recoveryCleared }
      try await body(page)
      place = RecoveryHistoryPlace(last)
      count += Int64(page.count)
    }
  }
}

/// Everything that a report says but the attempts.
package struct RecoveryReport: Sendable {
  package let reading: RecoveryReading
  package let statistics: RecoveryStatistics
}

/// Fetches and opens the attempts of one session, a page at a time.
struct RecoveryPages: Sendable {
  let database: Database
  let opener: RecoveryOpener
  /// The last position that is read.
  let end: Int64

  private static let limit = 200

  func page(after place: RecoveryHistoryPlace) async throws -> [RecoveryAttempt] {
    let query = Query.attempts(
      of: opener.session, opener.tenant, after: place, until: end, limit: Self.limit)
    return try await database.readPage(query, of: opener.tenant).map { try opener.open($0) }
  }
}

extension RecoveryAudit {
  /// A page of a session's attempts in order of time, then of arrival; its end may come before `limit` when
  /// they are large.
  package func history(
    of id: SessionID, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<RecoveryAttempt> {
    try await reading(id, .readRecoveryHistory, caller) { transaction, found, opener in
      let place = try cursor.map {
        try RecoveryHistoryPlace($0, in: found.uuid, of: caller.tenant)
      }
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(
        .attempts(
          of: id, caller.tenant, after: place ?? .start, until: found.session.attemptCount,
          limit: limit.count + 1))
      let kept = rows.prefix(limit.count)
      let attempts = try kept.map { try opener.open($0) }
      // The query stops early when payloads are large; then there is more although rows are few.
      let isLarge = try rows.last?.decode(RecoveryFacts.columnCount, as: Bool.self) ?? false
      let last = rows.count > kept.count || isLarge ? attempts.last : nil
      return Page(
        elements: attempts,
        next: last.map { RecoveryHistoryPlace($0).cursor(in: found.uuid, of: caller.tenant) })
    }
  }

  /// What a session adds up to.
  package func statistics(
    of id: SessionID, by caller: Caller
  ) async throws -> (session: RecoverySession, statistics: RecoveryStatistics) {
    try await reading(id, .readRecoveryStatistics, caller) { transaction, found, opener in
      (found.session, try await Self.statistics(found, opener, in: transaction))
    }
  }

  /// Opens a session to be reported on: its statistics, and its attempts.
  package func report(on id: SessionID, by caller: Caller) async throws -> RecoveryReport {
    try await reading(id, .reportRecovery, caller) { [gate] transaction, found, opener in
      RecoveryReport(
        reading: RecoveryReading(found, opener, gate.database),
        statistics: try await Self.statistics(found, opener, in: transaction))
    }
  }

  /// Opens a session to be taken away.
  package func export(_ id: SessionID, by caller: Caller) async throws -> RecoveryReading {
    try await reading(id, .exportRecovery, caller) { [gate] _, found, opener in
      RecoveryReading(found, opener, gate.database)
    }
  }

  /// An audited read of content: finds the session, decides, opens its key.
  private func reading<Answer: Sendable>(
    _ id: SessionID, _ operation: Operation, _ caller: Caller,
    _ body:
      @escaping @Sendable (
        PostgresTransaction, StoredRecovery, RecoveryOpener
      ) async throws -> Answer
  ) async throws -> Answer {
    try await gate.perform(
      operation, by: caller, naming: AuditMention(session: id),
      load: { transaction in try await Self.load(id, in: transaction, caller) },
      work: { [vault, observer = recordings.observer] transaction, found, note in
        try found.requireThere()
        note.amend { $0.details["attempts"] = "\(found.session.attemptCount)" }
        let rows = try await transaction.execute(.recoveryKey(of: id, of: caller.tenant))
        guard let row = rows.first else {
          try await StoredRecovery.requireStill(id, of: caller.tenant, in: transaction)
          throw DomainError.unreadable
        }
        var column = row.reader()
        let keys = try WrappedRecordingKey(reading: &column)
          .recoveryKeys(in: vault, tenant: caller.tenant, session: found.uuid)
        let opener = RecoveryOpener(
          tenant: caller.tenant, session: id, uuid: found.uuid, key: keys.data,
          observer: observer)
        let answer = try await body(transaction, found, opener)
        // Attempts that went meanwhile would be missing from it.
        try await StoredRecovery.requireStill(id, of: caller.tenant, in: transaction)
        return answer
      })
  }
}

extension RecoveryReading {
  fileprivate init(_ found: StoredRecovery, _ opener: RecoveryOpener, _ database: Database) {
    session = found.session
    openedAt = found.readAt
    pages = RecoveryPages(
      database: database, opener: opener, end: found.session.attemptCount)
  }
}

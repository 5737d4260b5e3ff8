// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension RetentionKind {
  /// Recordings. Their keys and all that is said of them in clear go first, and a certificate is left; then, in
  /// steps, events whose partition is not dropped soon.
  static func recordings(_ gate: Gate) -> RetentionKind {
    let retention = RecordingRetention(gate: gate)
    return RetentionKind(due: retention.due, purge: retention.purge)
  }
}

/// The purging of recordings that have expired, as `hansard_retention`.
struct RecordingRetention: Sendable {
  /// Recordings that are purged in one transaction.
  static let mostRecordings = 100
  /// Events that they may have together, unless it is one recording: all their leaf hashes are read.
  static let mostEvents: Int64 = 200_000
  /// Events that are deleted in one transaction.
  static let mostSwept = 5000
  /// Recordings that are passed over in a run because they cannot be had.
  private static let mostPassedOver = 1000

  private static let deadline = Duration.seconds(60)

  let gate: Gate

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await gate.database.tenants(
      .dueRecordingPurges(after: after, upTo: upTo, most: most), deadline: Self.deadline)
  }

  func purge(_ tenant: TenantID) async throws -> RetentionPiece {
    let piece = try await purgeExpired(of: tenant)
    let isCut = try await sweep(tenant)
    return RetentionPiece(tally: piece.tally, mayHaveMore: piece.mayHaveMore || isCut)
  }

  /// Purges the longest expired that can be had: those that others hold do not keep the rest waiting.
  private func purgeExpired(of tenant: TenantID) async throws -> RetentionPiece {
    var passedOver: [RecordingID] = []
    while passedOver.count < Self.mostPassedOver {
      let batch = try await batch(of: tenant, but: passedOver)
      if batch.all.isEmpty { break }
      let tally = try await purge(batch, of: tenant)
      if tally.recordings > 0 {
        let isFull = batch.all.count >= Self.mostRecordings || batch.isCut
        return RetentionPiece(tally: tally, mayHaveMore: isFull)
      }
      passedOver += batch.all
    }
    return RetentionPiece(tally: RetentionTally(), mayHaveMore: false)
  }

  /// Recordings to be purged together.
  private struct Batch: Sendable {
    var all: [RecordingID] = []
    var whole: [(events: RecordedEvents, root: [UInt8])] = []
    /// Whether others had to be left for the next.
    var isCut = false
  }

  /// Finds what has expired, and reads the roots before anything is locked: nothing is appended to it any more.
  private func batch(of tenant: TenantID, but passedOver: [RecordingID]) async throws -> Batch {
    let database = gate.database
    let batch = try await database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .expiredRecordings(but: passedOver, most: Self.mostRecordings), deadline: Self.deadline)
      var batch = Batch()
      let found = try Self.bounded(rows, &batch)
      let roots = try await EventRoot.find(found, in: transaction)
      batch.all = found.map(\.recording)
      batch.whole = zip(found, roots).compactMap { events, root in root.map { (events, $0) } }
      return batch
    }
    let whole = Set(batch.whole.map(\.events.recording))
    for recording in batch.all where !whole.contains(recording) {
      // Evidence that something was taken away is not destroyed: somebody has to look.
      database.observer.observe(.integrityFailure(recording: recording, seq: 0))
    }
    return batch
  }

  private static func bounded(
    _ rows: QueryResult, _ batch: inout Batch
  ) throws -> [RecordedEvents] {
    var found: [RecordedEvents] = []
    var total: Int64 = 0
    for row in rows {
      let events = try RecordedEvents(row)
      total += events.count
      if !found.isEmpty, total > mostEvents {
        batch.isCut = true
        break
      }
      found.append(events)
    }
    return found
  }

  /// Leaves certificates, and tells the audit log how many, or does nothing.
  private func purge(_ batch: Batch, of tenant: TenantID) async throws -> RetentionTally {
    if batch.whole.isEmpty { return RetentionTally() }
    let caller = Caller(principal: .service(of: tenant), request: .make())
    do {
      let tally = try await gate.perform(.purgeRecordings, by: caller) { transaction, note in
        transaction.enqueue(.actAsRetention)
        let rows = try await transaction.execute(
          .purgeRecordings(batch.whole.map(\.events), roots: batch.whole.map(\.root)),
          deadline: Self.deadline)
        transaction.enqueue(.actAsService)
        guard let row = rows.first else { throw DomainError.unreadable }
        let tally = RetentionTally(recordings: try row.decode(0), events: try row.decode(1))
        guard tally.recordings > 0 else { throw NothingToPurge() }
        note.amend {
          $0.details["recordings"] = "\(tally.recordings)"
          $0.details["events"] = "\(tally.events)"
          $0.details["cause"] = "expired"
        }
        return tally
      }
      gate.database.observer.observe(
        .recordingsPurged(tenant: tenant, recordings: tally.recordings, events: tally.events))
      return tally
    } catch is NothingToPurge {
      return RetentionTally()
    }
  }

  /// Deletes events whose keys are destroyed; true where there may be more.
  private func sweep(_ tenant: TenantID) async throws -> Bool {
    try await gate.database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .sweepRecordingEvents(most: Self.mostSwept), deadline: Self.deadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(1)
    }
  }
}

/// Others were first, or hold what is due: no line in the audit log for that.
struct NothingToPurge: Error {}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Recordings {
  /// Ends a recording whose counters the transaction holds: no event is accepted any more, it expires from now
  /// on, it may give cause for a review, and subscribers are told.
  ///
  /// - Parameter closing: What closes it.
  func end(
    _ found: StoredRecording, _ status: Recording.Status, _ summary: String, closing: Query,
    _ caller: Caller, _ note: AuditNote, _ transaction: PostgresTransaction
  ) async throws -> Recording {
    let id = found.recording.id
    transaction.enqueue(
      .openReview(
        ofEnded: id, because: Review.Source(status: status, found.counts), on: found.partitionDay,
        by: caller))
    let rows = try await transaction.pipeline([
      closing,
      .stop(
        id, of: caller.tenant, status: status, summary: summary,
        retentionDays: settings.retentionDays),
    ])
    guard let row = rows.last?.first else { throw DomainError.recordingNotFound }
    let recording = try StoredRecording(row).recording
    note.announce(.stopped(recording))
    return recording
  }
}

extension Review.Source {
  /// What the counters of a recording that ends give cause for.
  fileprivate init(status: Recording.Status, _ counts: EventCounts) {
    if status == .failed {
      self = .failure
    } else {
      self = counts.errors > 0 ? .error : .sample
    }
  }
}

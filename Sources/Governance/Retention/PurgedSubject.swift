// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A recording, or something of it, that is asked for and was purged. What its certificate tells decides what
/// the caller is told: that it has expired, who could have had it, and everybody else that they may not.
///
/// The gate makes the refusal of it: see `Gate.perform`.
struct PurgedSubject: Error {
  let facts: AccessFacts
  let mention: AuditMention

  init(_ certificate: PurgeCertificate) {
    facts = AccessFacts(
      owner: certificate.user, agent: certificate.agent, isFlagged: certificate.wasReviewable)
    mention = AuditMention(
      recording: certificate.recording, agent: certificate.agent, user: certificate.user,
      canvas: certificate.canvas, session: certificate.session)
  }
}

extension Recordings {
  /// Why a recording is not found: it was purged, or there never was one.
  static func absence(
    of id: RecordingID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> any Error {
    let rows = try await transaction.execute(.certificate(of: id, of: caller.tenant))
    guard let row = rows.first else { return DomainError.recordingNotFound }
    return PurgedSubject(try PurgeCertificate(row))
  }
}

extension Reviews {
  /// Why a review is not found: its recording was purged, or there never was one.
  static func absence(
    of id: ReviewID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> any Error {
    let rows = try await transaction.execute(.certificate(ofReview: id, of: caller.tenant))
    guard let row = rows.first else {
      return DomainError(.notFound, "There is no such review.")
    }
    return PurgedSubject(try PurgeCertificate(row))
  }
}

extension Gate {
  /// Refuses what was asked of a recording that was not found outside of a gate's transaction.
  func refuseMissing(
    _ id: RecordingID, _ operation: Operation, by caller: Caller
  ) async throws -> Never {
    try await perform(
      operation, by: caller, naming: AuditMention(recording: id),
      load: { transaction -> Subject<Void> in
        throw try await Recordings.absence(of: id, in: transaction, caller)
      },
      work: { _, _, _ in })
    throw DomainError.recordingNotFound
  }
}

extension DomainError {
  static let recordingPurged = DomainError(
    .recordingExpired, "The content of the recording was destroyed.")
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The one error type that leaves the domain.
///
/// Everything a caller may be told is a `Code` plus a message from our own vocabulary; what a
/// database or a cipher said never travels in it. Anything thrown that is not a `DomainError` is a
/// defect, and the edge answers it as `internal` without a word more.
package struct DomainError: Error, Sendable, Equatable {
  /// A stable name for each kind of failure; the raw value is the problem's `code` on the wire.
  package enum Code: String, Sendable, CaseIterable {
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case recordingExpired = "recording_expired"
    case recordingNotOpen = "recording_not_open"
    case recordingOpen = "recording_open"
    case recordingHeld = "recording_held"
    case recordingRetained = "recording_retained"
    case holdLifted = "hold_lifted"
    case deletionPending = "deletion_pending"
    case deletionDecided = "deletion_decided"
    case keyNotLive = "key_not_live"
    case reviewTaken = "review_taken"
    case reviewNotOpen = "review_not_open"
    case reviewNotClaimed = "review_not_claimed"
    case reviewNotDecided = "review_not_decided"
    case reviewNeedsAnother = "review_needs_another"
    case changedMeanwhile = "precondition_failed"
    case alreadyExists = "already_exists"
    case sessionExists = "session_exists"
    case sessionExpired = "session_expired"
    case sessionCleared = "session_cleared"
    case validationFailed = "validation_failed"
    case eventMismatch = "idempotency_mismatch"
    case requestInProgress = "request_in_progress"
    case eventTooLarge = "event_too_large"
    case badCursor = "bad_cursor"
    case recordingDisabled = "recording_disabled"
    case rateLimited = "rate_limited"
    case quotaExceeded = "quota_exceeded"
    case overloaded
    case databaseUnavailable = "database_unavailable"
    case storageUnavailable = "storage_unavailable"
    case auditUnavailable = "audit_unavailable"
    case unsafeDatabase = "unsafe_database"
    case outcomeUnknown = "outcome_unknown"
    case sealed
    case integrityFailure = "integrity_failure"
    case internalError = "internal_error"
  }

  /// One thing wrong with a request: where (RFC 6901 pointer, or the parameter's name) and why.
  package struct Violation: Sendable, Equatable {
    /// JSON pointer into the body such as `/events/3/event_type`, or a query parameter's name.
    package var pointer: String
    /// A stable word such as `missing_field`, `too_long`, `unknown_field`.
    package var code: String
    /// A sentence for people; never repeats the value.
    package var reason: String

    /// Creates a violation.
    package init(pointer: String, code: String, reason: String) {
      self.pointer = pointer
      self.code = code
      self.reason = reason
    }
  }

  /// What kind of failure.
  package var code: Code
  /// One sentence fit for the caller.
  package var message: String
  /// The places at fault, for `validationFailed`.
  package var violations: [Violation]
  /// After what time it is worth asking again, where that is known.
  package var retryAfter: Duration?

  /// Creates an error; `violations` only accompanies `validationFailed` and its kin.
  package init(_ code: Code, _ message: String, violations: [Violation] = []) {
    self.code = code
    self.message = message
    self.violations = violations
  }

  /// A refusal of one value at one place.
  package static func invalid(_ pointer: String, _ code: String, _ reason: String) -> DomainError {
    DomainError(
      .validationFailed, "The request holds a value that is not accepted.",
      violations: [Violation(pointer: pointer, code: code, reason: reason)])
  }

  /// Whether somebody was denied what they asked for, rather than that it could not be done: it is
  /// audited.
  var isRefusal: Bool {
    switch code {
    case .forbidden, .notFound, .recordingExpired, .recordingNotOpen, .keyNotLive: true
    case .recordingOpen, .recordingHeld, .recordingRetained: true
    case .holdLifted, .deletionPending, .deletionDecided: true
    case .reviewTaken, .reviewNotOpen, .reviewNotClaimed, .reviewNotDecided: true
    case .reviewNeedsAnother, .changedMeanwhile: true
    case .sessionExists, .sessionExpired, .sessionCleared: true
    // A place in a listing that was handed out to somebody else, perhaps in another tenant.
    case .badCursor: true
    default: false
    }
  }

  /// The single answer for things that do not exist and things that are another tenant's.
  package static let recordingNotFound = DomainError(.notFound, "There is no such recording.")
}

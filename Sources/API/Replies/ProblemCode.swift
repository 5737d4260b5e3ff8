// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

/// Every `code` that a problem can have; the raw value is what stands on the wire and ends the
/// problem's `type`.
///
/// Codes of the domain have the same raw values here, and so have the words of single violations:
/// a request with one kind of fault is answered with that fault's own code.
enum ProblemCode: String, Sendable, CaseIterable {
  // The domain's.
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
  case preconditionRequired = "precondition_required"
  case upgradeRequired = "upgrade_required"
  case alreadyExists = "already_exists"
  case sessionExists = "session_exists"
  case sessionExpired = "session_expired"
  case sessionCleared = "session_cleared"
  case validationFailed = "validation_failed"
  case idempotencyMismatch = "idempotency_mismatch"
  case requestInProgress = "request_in_progress"
  case eventTooLarge = "event_too_large"
  case badCursor = "bad_cursor"
  case badIdempotencyKey = "bad_idempotency_key"
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
  // Of the connection and the head.
  case malformedRequest = "malformed_request"
  case malformedTarget = "malformed_target"
  case targetTooLong = "target_too_long"
  case headTooLarge = "head_too_large"
  case requestTimeout = "request_timeout"
  case httpVersionNotSupported = "http_version_not_supported"
  case expectationFailed = "expectation_failed"
  case methodNotAllowed = "method_not_allowed"
  case notAcceptable = "not_acceptable"
  case unsupportedMediaType = "unsupported_media_type"
  // Of the body as a whole.
  case bodyTooLarge = "body_too_large"
  case malformedJSON = "malformed_json"
  case invalidUTF8 = "invalid_utf8"
  case duplicateKey = "duplicate_key"
  case tooDeep = "too_deep"
  case loneSurrogate = "lone_surrogate"
  case stringTooLong = "string_too_long"
  case numberTooLong = "number_too_long"
  case tooManyKeys = "too_many_keys"
  case emptyBatch = "empty_batch"
  case tooManyEvents = "too_many_events"
  // Of one field or parameter.
  case missingField = "missing_field"
  case unknownField = "unknown_field"
  case wrongType = "wrong_type"
  case emptyValue = "empty_value"
  case tooLong = "too_long"
  case tooMany = "too_many"
  case nulCharacter = "nul_character"
  case badID = "bad_id"
  case secretInID = "secret_in_id"
  case badUUID = "bad_uuid"
  case badTimestamp = "bad_timestamp"
  case badEventType = "bad_event_type"
  case badValue = "bad_value"
  case badLimit = "bad_limit"
  case badEncoding = "bad_encoding"
  case emptyRange = "empty_range"
  case unknownParameter = "unknown_parameter"
  case repeatedParameter = "repeated_parameter"
  case tooManyParameters = "too_many_parameters"
  // Of readiness.
  case notReady = "not_ready"
  case schemaMismatch = "schema_mismatch"
  case stopping

  /// The code of a failure of the domain.
  init(_ code: DomainError.Code) {
    // A test holds that every code of the domain has its entry here.
    self = ProblemCode(rawValue: code.rawValue) ?? .internalError
  }

  /// The HTTP status and the title: the one table from code to status.
  var entry: (status: Int, title: String) {
    switch self {
    case .unauthenticated: (401, "Authentication is required")
    case .forbidden: (403, "This is not allowed")
    case .notFound: (404, "Not found")
    case .methodNotAllowed: (405, "Method not allowed")
    case .notAcceptable: (406, "Not acceptable")
    case .requestTimeout: (408, "The request came too slowly")
    case .recordingNotOpen: (409, "The recording is not open")
    case .recordingOpen: (409, "The recording is open")
    case .recordingRetained: (409, "The recording is kept for now")
    case .holdLifted: (409, "The hold was lifted before")
    case .deletionPending: (409, "The deletion is asked for already")
    case .deletionDecided: (409, "The request for deletion is decided")
    case .requestInProgress: (409, "The request is being handled")
    case .reviewTaken: (409, "The review is taken")
    case .reviewNotOpen: (409, "The review is not open")
    case .reviewNotClaimed: (409, "The review is not claimed")
    case .reviewNotDecided: (409, "The review is not decided")
    case .reviewNeedsAnother: (409, "Somebody else has to give a verdict")
    case .keyNotLive: (409, "The key is not live")
    case .alreadyExists: (409, "It exists already")
    case .sessionExists: (409, "The session exists already")
    case .changedMeanwhile: (412, "It has been changed meanwhile")
    case .upgradeRequired: (426, "A WebSocket is required")
    case .preconditionRequired: (428, "If-Match is required")
    case .recordingExpired: (410, "The recording has expired")
    case .sessionExpired: (410, "The session has expired")
    case .sessionCleared: (410, "The session was cleared")
    case .eventTooLarge: (413, "The event is too large")
    case .bodyTooLarge: (413, "The body is too large")
    case .targetTooLong: (414, "The request target is too long")
    case .unsupportedMediaType: (415, "The media type is not supported")
    case .expectationFailed: (417, "The expectation cannot be met")
    case .recordingHeld: (423, "The recording is held")
    case .rateLimited: (429, "Too many requests")
    case .quotaExceeded: (429, "The quota is used up")
    case .headTooLarge: (431, "The head of the request is too large")
    case .malformedRequest, .malformedTarget, .badEncoding: (400, "The request is malformed")
    case .malformedJSON: (400, "The body is not JSON")
    case .invalidUTF8: (400, "The body is not UTF-8")
    case .internalError: (500, "Something failed inside")
    case .integrityFailure: (500, "Stored content failed its integrity check")
    case .httpVersionNotSupported: (505, "The HTTP version is not supported")
    case .recordingDisabled: (503, "Recording is switched off")
    case .overloaded: (503, "There is too much to do at the moment")
    case .databaseUnavailable, .storageUnavailable: (503, "The storage is not available")
    case .auditUnavailable: (503, "The audit log is not available")
    case .unsafeDatabase: (503, "The database is not set up safely")
    case .schemaMismatch: (503, "The database has another schema")
    case .outcomeUnknown: (503, "Whether it was done is not known")
    case .sealed: (503, "The service is sealed")
    case .notReady, .stopping: (503, "The service is not ready")
    case .idempotencyMismatch: (422, "The id belongs to something else")
    case .badIdempotencyKey: (422, "The Idempotency-Key is not acceptable")
    case .badCursor: (422, "The cursor is not valid here")
    case .emptyBatch, .tooManyEvents: (422, "The batch has a wrong size")
    case .duplicateKey, .tooDeep, .loneSurrogate, .stringTooLong, .numberTooLong, .tooManyKeys:
      (422, "The JSON is not acceptable")
    case .unknownParameter, .repeatedParameter, .tooManyParameters, .badLimit, .emptyRange:
      (422, "A parameter is not acceptable")
    case .validationFailed, .missingField, .unknownField, .wrongType, .emptyValue, .tooLong,
      .tooMany, .nulCharacter, .badID, .secretInID, .badUUID, .badTimestamp, .badEventType,
      .badValue:
      (422, "A value is not acceptable")
    }
  }
}

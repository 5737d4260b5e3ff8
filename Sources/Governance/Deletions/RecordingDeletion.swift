// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// A request to delete a recording before it expires, which a second admin has to approve.
package struct RecordingDeletion: Sendable {
  /// Where it stands.
  package enum State: String, Sendable, CaseIterable {
    /// It waits for somebody else.
    case pending
    /// Approved, and done.
    case approved
    /// Refused, or withdrawn by who asked for it.
    case refused
    /// The recording was purged before anybody had decided.
    case overtaken
  }

  package var id: DeletionID
  package var recording: RecordingID
  package var reason: String
  package var state: State
  package var requestedAt: Timestamp
  /// Who asked for it: `Principal.actor`.
  package var requestedBy: String
  package var decidedAt: Timestamp?
  package var decidedBy: String?
  /// Why it was refused.
  package var refusalReason: String?
}

/// What becomes of asking for a deletion.
package enum DeletionOutcome: Sendable {
  case deleted(PurgeCertificate)
  /// The tenant wants four eyes.
  case requested(RecordingDeletion)
}

/// See `TenantKind`.
package enum DeletionKind {}
/// A request to delete a recording.
package typealias DeletionID = ServerID<DeletionKind>

extension RecordingDeletion {
  /// - Throws: `deletionDecided` where nothing waits any more.
  func requirePending() throws(DomainError) {
    guard state == .pending else { throw .deletionDecided }
  }

  /// - Throws: `forbidden` for who asked for it.
  func requireAnother(than caller: Caller) throws(DomainError) {
    guard requestedBy != caller.principal.actor else {
      throw DomainError(.forbidden, "Somebody else has to approve what you have asked for.")
    }
  }
}

extension DomainError {
  static let deletionDecided = DomainError(.deletionDecided, "The request is decided.")
}

extension StoredRecording {
  /// Whether an admin may delete it now. It is asked again, under the locks, when it is deleted.
  func requireDeletable() throws(DomainError) {
    guard recording.status != .recording else {
      throw DomainError(.recordingOpen, "The recording is open: stop it first.")
    }
    guard !recording.isHeld else {
      throw DomainError(.recordingHeld, "The recording is under a legal hold.")
    }
    if let end = recording.retainUntil, end > readAt {
      throw DomainError(.recordingRetained, "The recording is kept until \(end.rfc3339).")
    }
  }
}

/// A place in a list of requests: after this time and id, going back.
struct DeletionPlace: Sendable {
  let requestedAt: Timestamp
  let id: DeletionID

  init(_ deletion: RecordingDeletion) {
    requestedAt = deletion.requestedAt
    id = deletion.id
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .deletion, tenant, count: 24)
    requestedAt = try CursorBytes.moment(bytes[..<8])
    id = DeletionID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.deletion, tenant, [requestedAt.microseconds.bytes, id.uuid.bytes])
  }
}

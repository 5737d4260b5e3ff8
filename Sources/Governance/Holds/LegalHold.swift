// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// A legal hold: the recording that it is on stays, whatever has expired, until the hold is lifted.
package struct LegalHold: Sendable {
  /// How it ended.
  package struct Lifting: Sendable, Equatable {
    package var at: Timestamp
    package var by: String
    package var reason: String
  }

  package var id: LegalHoldID
  package var recording: RecordingID
  package var reason: String
  package var placedAt: Timestamp
  /// Who placed it: `Principal.actor`.
  package var placedBy: String
  /// nil: it is in force.
  package var lifting: Lifting?
}

/// See `TenantKind`.
package enum LegalHoldKind {}
/// A legal hold.
package typealias LegalHoldID = ServerID<LegalHoldKind>

/// Which holds to list; every condition given must hold.
package struct LegalHoldFilter: Sendable {
  package var recording: RecordingID?
  /// Whether it is in force.
  package var isActive: Bool?

  /// Creates a filter that lets every hold through.
  package init() {}
}

/// A place in a list of holds: after this time and id, going back.
struct LegalHoldPlace: Sendable {
  let placedAt: Timestamp
  let id: LegalHoldID

  init(_ hold: LegalHold) {
    placedAt = hold.placedAt
    id = hold.id
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .legalHold, tenant, count: 24)
    placedAt = try CursorBytes.moment(bytes[..<8])
    id = LegalHoldID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.legalHold, tenant, [placedAt.microseconds.bytes, id.uuid.bytes])
  }
}

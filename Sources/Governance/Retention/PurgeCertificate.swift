// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// What is known of a recording that was purged: what it was, why it went, how much there was, and the hash of
/// it. A certificate is written once and never changed.
package struct PurgeCertificate: Sendable {
  /// Why it was purged.
  package enum Cause: String, Sendable, CaseIterable {
    /// Its retention was over.
    case expired
    /// An admin had it deleted.
    case deleted
  }

  package var recording: RecordingID
  package var agent: AgentID
  package var user: UserID
  package var canvas: CanvasID?
  package var session: SessionID?
  package var status: Recording.Status
  package var startedAt: Timestamp
  package var stoppedAt: Timestamp
  package var eventCount: Int64
  /// The Merkle root (RFC 6962) over the leaf hashes of its events, 32 bytes.
  package var root: [UInt8]
  /// Whether reviewers could see it.
  package var wasReviewable: Bool
  package var review: ReviewID?
  package var verdict: Review.Verdict?
  /// When it expired, or would have.
  package var expiredAt: Timestamp
  package var retainUntil: Timestamp?
  /// The version of the tenant's policy at the time; 0: none was ever set.
  package var policyVersion: Int
  package var cause: Cause
  /// Why it was deleted, and who asked for that.
  package var reason: String?
  package var requestedBy: String?
  package var purgedAt: Timestamp
  /// Who approved the deletion, where two are needed; `system` where it expired.
  package var purgedBy: String
  /// Where its archive was.
  package var storageURL: String?
  /// The day that names the partition of its events, as `YYYY-MM-DD`.
  package var eventsOn: String
  /// Whether its events, which nobody can read any more, are still to be deleted.
  package var hasRemains: Bool
}

/// Which certificates to list; every condition given must hold.
package struct PurgeCertificateFilter: Sendable {
  package var agent: AgentID?
  package var user: UserID?
  package var cause: PurgeCertificate.Cause?
  /// At or after.
  package var startedAfter: Timestamp?
  /// Before.
  package var startedBefore: Timestamp?
  /// At or after.
  package var purgedAfter: Timestamp?
  /// Before.
  package var purgedBefore: Timestamp?

  /// Creates a filter that lets every certificate through.
  package init() {}

  /// The conditions that an audit entry has no place of their own for, by the names that they are asked by.
  var details: [String: String] {
    let conditions: [String: String?] = [
      "cause": cause?.rawValue, "started_after": startedAfter?.rfc3339,
      "started_before": startedBefore?.rfc3339, "purged_after": purgedAfter?.rfc3339,
      "purged_before": purgedBefore?.rfc3339,
    ]
    return conditions.compactMapValues { $0 }
  }

  /// By what time the latest come first: by when the recordings were started where that is asked for, and
  /// otherwise by when they were purged.
  var order: PurgeCertificatePlace.Order {
    startedAfter == nil && startedBefore == nil ? .purged : .started
  }
}

/// A place in a list of certificates: after this time and recording, going back.
struct PurgeCertificatePlace: Sendable {
  enum Order: Sendable {
    case purged, started

    fileprivate var cursor: CursorBytes.Kind {
      self == .purged ? .certificateByPurge : .certificateByStart
    }
  }

  let time: Timestamp
  let recording: RecordingID
  private let order: Order

  init(_ certificate: PurgeCertificate, _ order: Order) {
    time = order == .purged ? certificate.purgedAt : certificate.startedAt
    recording = certificate.recording
    self.order = order
  }

  init(_ cursor: Cursor, _ order: Order, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, order.cursor, tenant, count: 24)
    time = try CursorBytes.moment(bytes[..<8])
    recording = RecordingID(UUID(sixteenBytes: bytes[8...]))
    self.order = order
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(order.cursor, tenant, [time.microseconds.bytes, recording.uuid.bytes])
  }
}

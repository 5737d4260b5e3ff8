// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// A line of the audit log as it is read back.
package struct AuditRecord: Sendable {
  /// What was decided.
  package enum Outcome: String, Sendable, CaseIterable {
    case allowed
    case refused
  }

  package var id: AuditID
  package var occurredAt: Timestamp
  package var request: RequestID
  package var actor: String
  package var role: String
  package var key: KeyID?
  /// What was worked on (**seed** `component_type`).
  package var component: String
  package var action: String
  package var outcome: Outcome
  /// Why it was refused.
  package var refusal: String?
  package var recording: RecordingID?
  package var agent: AgentID?
  package var user: UserID?
  package var canvas: CanvasID?
  package var session: SessionID?
  /// Further facts, a JSON object.
  package var metadata: String
  /// (**seed**) Whether the access model let it pass.
  package var governanceCheckPassed: Bool
  /// The network that the caller's connection came from, such as `203.0.113.0/24`.
  package var peer: String?
}

/// Which lines of the audit log to read; every condition given must hold.
package struct AuditFilter: Sendable {
  package var action: Operation?
  package var outcome: AuditRecord.Outcome?
  package var actor: String?
  package var key: KeyID?
  package var recording: RecordingID?
  package var agent: AgentID?
  package var user: UserID?
  /// Only operations that showed what is in a recording: who looked.
  package var readsContent = false
  /// At or after.
  package var after: Timestamp?
  /// Before.
  package var before: Timestamp?

  /// Creates a filter that lets everything through.
  package init() {}

  /// The conditions that an audit entry has no place of their own for, by the names that they are asked by.
  var details: [String: String] {
    let conditions: [String: String?] = [
      "action": action?.rawValue, "outcome": outcome?.rawValue, "actor": actor,
      "key_id": key?.description, "reads_content": readsContent ? "true" : nil,
      "after": after?.rfc3339, "before": before?.rfc3339,
    ]
    return conditions.compactMapValues { $0 }
  }
}

/// A place in the audit log: after this time and id, going back.
struct AuditPlace: Sendable {
  let occurredAt: Timestamp
  let id: AuditID

  init(occurredAt: Timestamp, id: AuditID) {
    self.occurredAt = occurredAt
    self.id = id
  }

  init(_ record: AuditRecord) {
    occurredAt = record.occurredAt
    id = record.id
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .audit, tenant, count: 24)
    occurredAt = try CursorBytes.moment(bytes[..<8])
    id = AuditID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.audit, tenant, [occurredAt.microseconds.bytes, id.uuid.bytes])
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// A line of the audit log, taken away.
extension AuditRecord: Exportable {
  static let exportColumns = [
    "audit_id", "occurred_at", "request_id", "actor", "actor_role", "key_id", "component_type",
    "action", "outcome", "refusal", "recording_id", "agent_id", "user_id", "canvas_id",
    "session_id", "audit_metadata", "governance_check_passed", "peer",
  ]

  var exportCells: [String?] {
    [
      id.description, occurredAt.rfc3339, request.description, actor,
      role, key?.description, component, action,
      outcome.rawValue, refusal, recording?.description,
      agent?.rawValue, user?.rawValue, canvas?.rawValue,
      session?.rawValue, metadata, String(governanceCheckPassed), peer,
    ]
  }

  func writeMembers(to writer: inout JSONWriter) { writer.members(of: self) }
}

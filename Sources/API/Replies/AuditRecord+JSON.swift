// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// The members of a line of the audit log; the object around them is the caller's.
  mutating func members(of record: AuditRecord) {
    member("audit_id", record.id)
    member("occurred_at", record.occurredAt)
    member("request_id", record.request)
    member("actor", record.actor)
    member("actor_role", record.role)
    member("key_id", record.key)
    member("component_type", record.component)
    member("action", record.action)
    member("outcome", record.outcome.rawValue)
    member("refusal", record.refusal)
    member("recording_id", record.recording)
    member("agent_id", record.agent?.rawValue)
    member("user_id", record.user?.rawValue)
    member("canvas_id", record.canvas?.rawValue)
    member("session_id", record.session?.rawValue)
    key("audit_metadata")
    raw(record.metadata.utf8)
    key("governance_check_passed")
    bool(record.governanceCheckPassed)
    member("peer", record.peer)
  }
}

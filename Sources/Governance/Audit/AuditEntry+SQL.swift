// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension AuditEntry {
  /// The statement that writes this entry.
  var insertion: Query {
    let principal = caller.principal
    return Query(
      """
      insert into hansard.canvas_audit (
        tenant_id, audit_id, request_id, actor, actor_role, key_id, component_type, action,
        outcome, refusal, recording_id, agent_id, user_id, canvas_id, session_id,
        audit_metadata, governance_check_passed, peer)
      values (
        $1, $2, $3, $4, $5, $6, $7, $8,
        case when $9::text is null then 'allowed' else 'refused' end, $9,
        $10, $11, $12, $13, $14, $15, $9::text is null,
        ($16::text)::cidr)
      """,
      caller.tenant.uuid, UUID.version7(), caller.request.uuid, principal.actor,
      principal.role.rawValue, principal.key?.uuid, operation.component, operation.rawValue,
      refusal, mention.recording?.uuid, mention.agent?.rawValue, mention.user?.rawValue,
      mention.canvas?.rawValue, mention.session?.rawValue, metadata,
      caller.peer?.text
    ).labelled(Self.label)
  }

  /// By which a failure of that statement is known, whatever else travels with it.
  static let label: StaticString = "audit entry"

  /// The details as a JSON object; the recording's id is in it too (**seed**).
  private var metadata: JSONText {
    var details = mention.details
    details["recording_id"] = mention.recording?.description
    var writer = JSONWriter()
    writer.beginObject()
    for (key, value) in details.sorted(by: { $0.key < $1.key }) {
      writer.key(key)
      writer.string(value)
    }
    writer.endObject()
    return JSONText(String(decoding: writer.bytes, as: UTF8.self))
  }
}

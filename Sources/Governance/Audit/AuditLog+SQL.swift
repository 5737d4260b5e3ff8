// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// When a line was written.
  static func auditTime(of id: AuditID, of tenant: TenantID) -> Query {
    Query(
      """
      select occurred_at
      from hansard.canvas_audit
      where tenant_id = $1
        and audit_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  static func audit(
    _ filter: AuditFilter, after place: AuditPlace?, limit: PageLimit, of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("a.tenant_id = ", tenant.uuid)
    conditions.add(filter)
    if let place {
      let time = conditions.bind(place.occurredAt)
      let id = conditions.bind(place.id.uuid)
      conditions.clauses.append("(a.occurred_at, a.audit_id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select
        a.audit_id, a.occurred_at, a.request_id, a.actor, a.actor_role, a.key_id, a.component_type,
        a.action, a.outcome, a.refusal, a.recording_id, a.agent_id, a.user_id, a.canvas_id,
        a.session_id, a.audit_metadata::text, a.governance_check_passed, a.peer::text
      from hansard.canvas_audit as a
      where \(conditions.text)
      order by a.occurred_at desc, a.audit_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension Conditions {
  fileprivate mutating func add(_ filter: AuditFilter) {
    if let action = filter.action { add("a.action = ", action.rawValue) }
    if let outcome = filter.outcome { add("a.outcome = ", outcome.rawValue) }
    if let actor = filter.actor { add("a.actor = ", actor) }
    if let key = filter.key { add("a.key_id = ", key.uuid) }
    if let recording = filter.recording { add("a.recording_id = ", recording.uuid) }
    if let agent = filter.agent { add("a.agent_id = ", agent.rawValue) }
    if let user = filter.user { add("a.user_id = ", user.rawValue) }
    if filter.readsContent {
      let reads = Operation.allCases.filter(\.readsContent).map(\.rawValue)
      clauses.append("a.action = any (\(bind(reads)))")
    }
    if let after = filter.after { add("a.occurred_at >= ", after) }
    if let before = filter.before { add("a.occurred_at < ", before) }
  }
}

extension AuditRecord {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.serverID()
    occurredAt = try column.next()
    request = try column.serverID()
    actor = try column.next()
    role = try column.next()
    key = try column.next(UUID?.self).map { KeyID($0) }
    component = try column.next()
    action = try column.next()
    outcome = try column.word()
    refusal = try column.next()
    recording = try column.next(UUID?.self).map { RecordingID($0) }
    agent = try column.optionalCallerID()
    user = try column.optionalCallerID()
    canvas = try column.optionalCallerID()
    session = try column.optionalCallerID()
    metadata = try column.next()
    governanceCheckPassed = try column.next()
    peer = try column.next()
  }
}

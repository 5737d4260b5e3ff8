// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The route `/api/governance/audit`: who asked for what, and what was decided.
struct AuditRoutes: Sendable {
  static let prefix = "/api/governance/audit"

  let log: AuditLog

  /// All of them.
  var routes: [Route] {
    let filters = [
      "action", "outcome", "actor", "key_id", "recording_id", "agent_id", "user_id",
      "reads_content", "after", "before", "limit", "cursor",
    ]
    return [Route(.get, Self.prefix, .readAudit, query: filters, handler: list)]
  }

  /// A page of the log, the latest line first. With `recording_id` and `reads_content=true`: who
  /// looked at a recording.
  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let filter = AuditFilter(&query)
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await log.list(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for record in page.elements { writer.record(record) }
      }
    }
  }
}

extension AuditFilter {
  /// The filter that the query's parameters describe.
  fileprivate init(_ query: inout QueryReader) {
    self.init()
    action = query.read("action", as: .word())
    outcome = query.read("outcome", as: .word())
    actor = query.read("actor", as: .actor)
    key = query.read("key_id", as: .serverID())
    recording = query.read("recording_id", as: .serverID())
    agent = query.read("agent_id", as: .callerID())
    user = query.read("user_id", as: .callerID())
    readsContent = query.read("reads_content", as: .truth) ?? false
    after = query.read("after", as: .timestamp)
    before = query.read("before", as: .timestamp)
    if let after, let before, after > before {
      query.note("after", .emptyRange, "It must not be later than before.")
    }
  }
}

extension TextField where Value == String {
  /// An actor as entries name it: `user:…`, `key:…` or `operator`.
  fileprivate static var actor: Self {
    let fault = FieldFault(.badValue, "It must be visible ASCII.")
    return Self(maximumBytes: 300, fault) { text in
      text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }
  }
}

extension JSONWriter {
  fileprivate mutating func record(_ record: AuditRecord) {
    object { writer in
      writer.member("audit_id", record.id)
      writer.member("occurred_at", record.occurredAt)
      writer.member("request_id", record.request)
      writer.member("actor", record.actor)
      writer.member("actor_role", record.role)
      writer.member("key_id", record.key)
      writer.member("component_type", record.component)
      writer.member("action", record.action)
      writer.member("outcome", record.outcome.rawValue)
      writer.member("refusal", record.refusal)
      writer.member("recording_id", record.recording)
      writer.member("agent_id", record.agent?.rawValue)
      writer.member("user_id", record.user?.rawValue)
      writer.member("canvas_id", record.canvas?.rawValue)
      writer.member("session_id", record.session?.rawValue)
      writer.key("audit_metadata")
      writer.raw(record.metadata.utf8)
      writer.key("governance_check_passed")
      writer.bool(record.governanceCheckPassed)
    }
  }
}

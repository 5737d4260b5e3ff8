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
      "reads_content", "after", "before",
    ]
    return [
      Route(.get, Self.prefix, .readAudit, query: filters + ["limit", "cursor"], handler: list),
      Route(
        .get, "\(Self.prefix)/export", .exportAudit, query: filters + ["format", "after_id"],
        isJSON: false, handler: export),
    ]
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
        for record in page.elements {
          writer.object { $0.members(of: record) }
        }
      }
    }
  }

  /// All lines that a filter lets through, as a file, the latest first; with `after_id` it goes on behind
  /// what was taken before.
  private func export(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let format = query.read("format", as: .word()) ?? ExportFormat.json
    let filter = AuditFilter(&query)
    let after: AuditID? = query.read("after_id", as: .serverID())
    try query.finish()
    // Before anything is answered, to a HEAD too: it may be refused.
    let first = try await log.exportPage(
      filter, from: after.map { .behind($0) } ?? .latest, by: caller)
    let pages = ExportPages(first: first) { [log] cursor in
      try await log.exportPage(filter, from: .cursor(cursor), by: caller)
    }
    return format.reply(
      named: "audit", with: ListExport(pages: pages, isContinued: after != nil))
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
    (after, before) = query.between("after", "before")
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

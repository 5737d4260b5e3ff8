// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// Lines of the audit log, written page by page.
struct AuditExport: Export {
  let pages: ExportPages<AuditRecord>
  /// Whether it goes on behind what was taken before.
  let isContinued: Bool

  /// An array.
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter()
    writer.beginArray()
    try await pages.forEach { records in
      for record in records { writer.object { $0.members(of: record) } }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    try await emit(writer.takeBytes())
  }

  /// A line for each.
  @Sendable func lines(_ emit: Reply.Emit) async throws {
    try await pages.forEach { records in
      try await emit(records.flatMap { record in JSONLine.make { $0.members(of: record) } })
    }
  }

  private static let columns = [
    "audit_id", "occurred_at", "request_id", "actor", "actor_role", "key_id", "component_type",
    "action", "outcome", "refusal", "recording_id", "agent_id", "user_id", "canvas_id",
    "session_id", "audit_metadata", "governance_check_passed",
  ]

  /// A row of names, then a row for each.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    if !isContinued { csv.row(Self.columns) }
    try await pages.forEach { records in
      for record in records { csv.row(Self.cells(of: record)) }
      try await emit(csv.takeBytes())
    }
  }

  private static func cells(of record: AuditRecord) -> [String?] {
    [
      record.id.description, record.occurredAt.rfc3339, record.request.description, record.actor,
      record.role, record.key?.description, record.component, record.action,
      record.outcome.rawValue, record.refusal, record.recording?.description,
      record.agent?.rawValue, record.user?.rawValue, record.canvas?.rawValue,
      record.session?.rawValue, record.metadata, String(record.governanceCheckPassed),
    ]
  }
}

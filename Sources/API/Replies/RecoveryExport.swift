// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// A form that a recovery session is taken away in (**seed**).
enum RecoveryExportFormat: String, CaseIterable, Sendable {
  case json
  case csv

  /// An answer of this form that browsers save as a file.
  func reply(with export: RecoveryExport) -> Reply {
    let name = FileName.safe(export.reading.session.id.rawValue)
    return Reply(
      contentType: self == .json ? "application/json" : "text/csv; charset=utf-8",
      fields: [.contentDisposition: "attachment; filename=\"recovery-\(name).\(rawValue)\""],
      body: .streamed(self == .json ? export.json : export.rows))
  }
}

/// One recovery session with its entries, written page by page as they are read.
struct RecoveryExport: Sendable {
  let reading: RecoveryReading

  /// `{session_id, session_start, export_timestamp, total_entries, entries}` (**seed**).
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter(reservingCapacity: 64 * 1024)
    writer.beginObject()
    writer.member("session_id", reading.session.id.rawValue)
    writer.member("session_start", reading.session.startedAt)
    writer.member("export_timestamp", reading.openedAt)
    writer.key("total_entries")
    writer.int(reading.session.attemptCount)
    try await reading.endObject(with: "entries", in: &writer, emit)
  }

  /// The columns (**seed**, in its order).
  static let columns = [
    "entry_id", "timestamp", "session_id", "error_type", "strategy", "attempt_number", "success",
    "changes_made", "files_modified", "rollback_performed", "next_action", "duration_seconds",
    "error_message", "recovery_message",
  ]

  /// A row of names, then a row for each entry; lists are JSON.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    csv.row(Self.columns)
    try await reading.forEachPage { attempts in
      for attempt in attempts { csv.row(Self.cells(of: attempt)) }
      try await emit(csv.takeBytes())
    }
    try await emit(csv.takeBytes())
  }

  private static func cells(of attempt: RecoveryAttempt) -> [String?] {
    let content = attempt.content
    return [
      attempt.entry, attempt.timestamp.rfc3339, attempt.session.rawValue, attempt.errorType,
      attempt.strategy, String(attempt.number), String(attempt.success),
      list(content[.changesMade]), list(content[.filesModified]),
      String(attempt.rollbackPerformed), attempt.nextAction, attempt.durationSeconds,
      content.text(.errorMessage), content.text(.recoveryMessage),
    ]
  }

  private static func list(_ value: JSONValue?) -> String {
    value.map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? "[]"
  }
}

extension RecoveryReading {
  /// Ends the object that `writer` has begun with an array of all entries, a page at a time.
  func endObject(
    with name: String, in writer: inout JSONWriter, _ emit: Reply.Emit
  ) async throws {
    writer.key(name)
    writer.beginArray()
    try await forEachPage { attempts in
      for attempt in attempts { writer.object { $0.entryMembers(of: attempt) } }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    writer.endObject()
    try await emit(writer.takeBytes())
  }
}

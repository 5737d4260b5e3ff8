// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// A form that a report is read in.
enum RecoveryReportForm: Equatable {
  case json
  case text

  /// What a client that sent these Accept fields would rather have, JSON where it does not mind; nil
  /// where it takes neither.
  init?(accept: [String]) {
    let json = MediaType.weight(of: "application/json", in: accept)
    let text = MediaType.weight(of: "text/plain", in: accept)
    guard max(json, text) > 0 else { return nil }
    self = text > json ? .text : .json
  }

  func reply(with report: RecoveryReport) -> Reply {
    switch self {
    case .json:
      Reply(
        contentType: "application/json",
        body: .streamed { try await RecoveryReportJSON(report: report).write($0) })
    case .text:
      Reply(
        contentType: "text/plain; charset=utf-8",
        body: .streamed { try await RecoveryReportText(report: report).write($0) })
    }
  }
}

/// A report as JSON (**seed**).
struct RecoveryReportJSON {
  let report: RecoveryReport

  func write(_ emit: Reply.Emit) async throws {
    let (reading, statistics) = (report.reading, report.statistics)
    var writer = JSONWriter(reservingCapacity: 64 * 1024)
    writer.beginObject()
    writer.key("report_metadata")
    writer.object { writer in
      writer.member("session_id", reading.session.id.rawValue)
      writer.member("generated_at", reading.openedAt)
      writer.member("session_start", reading.session.startedAt)
      writer.member("report_type", "recovery_audit_report")
    }
    writer.key("summary")
    writer.object { writer in
      writer.key("total_attempts")
      writer.int(statistics.attempts)
      writer.member("success_rate", "\(statistics.successRate)%")
      writer.key("total_duration_seconds")
      writer.raw(statistics.totalSeconds.utf8)
      writer.key("files_modified")
      writer.int(statistics.fileCount)
    }
    writer.key("statistics")
    writer.statistics(statistics, of: reading.session)
    try await reading.endObject(with: "detailed_entries", in: &writer, emit)
  }
}

/// A report for people to read.
struct RecoveryReportText {
  let report: RecoveryReport

  func write(_ emit: Reply.Emit) async throws {
    var isFirst = true
    try await emit(Array(head.utf8))
    try await report.reading.forEachPage { attempts in
      let title = isFirst ? "\nAttempts\n" : ""
      isFirst = false
      try await emit(Array((title + attempts.map(Self.entry).joined()).utf8))
    }
  }

  private var head: String {
    let (reading, statistics) = (report.reading, report.statistics)
    var text = """
      Recovery report: \(reading.session.id)
      Generated \(reading.openedAt.rfc3339), session started \(reading.session.startedAt.rfc3339)

      Summary
        Attempts: \(statistics.attempts) (\(statistics.successes) successful, \
      \(statistics.failures) failed)
        Success rate: \(statistics.successRate)%
        Total duration: \(statistics.totalSeconds) s
        Average duration: \(statistics.averageSeconds) s
        Files modified: \(statistics.fileCount)
        Rollbacks: \(statistics.rollbacks)
        First attempt: \(statistics.firstAt?.rfc3339 ?? "none")
        Last attempt: \(statistics.lastAt?.rfc3339 ?? "none")

      """
    text += Self.list("Strategies", statistics.strategies.map { "\($0.word): \($0.count)" })
    text += Self.list("Error types", statistics.errorTypes.map { "\($0.word): \($0.count)" })
    text += Self.list("Files", statistics.files)
    return text
  }

  private static func list(_ title: String, _ lines: [String]) -> String {
    lines.isEmpty ? "" : "\n\(title)\n" + lines.map { "  \(printable($0))\n" }.joined()
  }

  private static func entry(_ attempt: RecoveryAttempt) -> String {
    let outcome = attempt.success ? "success" : "failure"
    var lines = [
      "\(attempt.timestamp.rfc3339) #\(attempt.number) \(attempt.strategy): \(outcome) after "
        + "\(attempt.durationSeconds) s, next: \(attempt.nextAction)",
      "  Error: \(attempt.errorType)"
        + (attempt.content.text(.errorMessage).map { $0.isEmpty ? "" : ": \($0)" } ?? ""),
    ]
    if let message = attempt.content.text(.recoveryMessage), !message.isEmpty {
      lines.append("  Recovery: \(message)")
    }
    lines += attempt.content.texts(.changesMade).map { "  Change: \($0)" }
    lines += attempt.content.texts(.filesModified).map { "  File: \($0)" }
    if attempt.rollbackPerformed { lines.append("  Rolled back") }
    return lines.map { "  \(printable($0))\n" }.joined()
  }

  /// On one line each, or indented behind it, and without anything that a terminal would obey.
  private static func printable(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar.value {
      case 0x0A: line += "\n      "
      case 0x09: line += " "
      case 0..<0x20, 0x7F..<0xA0: line += "\u{FFFD}"
      default: line.unicodeScalars.append(scalar)
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// A session as JSON, as CSV and as a report: the same in each of them, to the last digit.
@Suite(.serialized, .exclusive)
struct RecoveryFormsTests {
  /// What an entry is made of, in every form.
  private static let columns = [
    "entry_id", "timestamp", "session_id", "error_type", "strategy", "attempt_number", "success",
    "changes_made", "files_modified", "rollback_performed", "next_action", "duration_seconds",
    "error_message", "recovery_message",
  ]

  /// What a spreadsheet would calculate, and what it is given instead.
  private static let guarded = [
    "=E0": "'=E0", "=E1": "'=E1", "=1+1\n\u{1B}[31m": "'=1+1\n'\u{1B}[31m",
  ]

  private static let durations = ["0.1", "0.20", "1e-3", "2", "0.0005", "9.5367431640625e-07"]

  /// The first has been rolled back, and nothing but what it must say is known of the last.
  private static func attempt(_ number: Int, _ duration: String) -> String {
    let texts = """
      ,"changes_made":["a, \\"b\\"","-1"],"files_modified":["f\(number % 3)"],
       "error_message":"=1+1\\n\\u001b[31m","recovery_message":"tried, \(number)",
       "rollback_performed":\(number == 0)
      """
    return """
      {"error_type":"=E\(number % 2)","strategy":"fix","success":\(number > 1),
       "duration_seconds":\(duration),"user_id":"ann",
       "timestamp":"2026-01-01T00:00:0\(number / 2)Z"\(number < 5 ? texts : "")}
      """
  }

  private static func withAttempts(
    _ body: (_ ann: Client, _ path: String, _ json: JSONValue) async throws -> Void
  ) async throws {
    try await RecoveryFlowTests.withClients { recorder, ann, _ in
      let path = "\(RecoveryFlowTests.sessions)/s-1"
      let attempts = durations.enumerated().map { attempt($0, $1) }
      let logged = try await recorder.send(
        .post, "\(path)/attempts", json: "[\(attempts.joined(separator: ","))]")
      #expect(logged.status == 201, "\(logged.text)")
      try await body(ann, path, try await ann.send(.get, "\(path)/export?format=json").json)
    }
  }

  @Test(.enabled(if: Python.isAvailable, "python3 is not installed"))
  func everyCellIsTheMemberOfItsName() async throws {
    try await Self.withAttempts { ann, path, json in
      #expect(
        json.names == [
          "session_id", "session_start", "export_timestamp", "total_entries", "entries",
        ])
      let csv = try await ann.send(.get, "\(path)/export?format=csv")
      #expect(csv.headers["content-type"] == ["text/csv; charset=utf-8"])
      let read = try await python(
        """
        import csv, io, json, sys
        text = open(sys.argv[1], newline="", encoding="utf-8").read()
        print(json.dumps(list(csv.reader(io.StringIO(text, newline="")))))
        """, csv.body)
      let rows = try JSONDocument(parsing: Array(read.utf8)).root.elements.map { row in
        try row.elements.map { try $0.text() }
      }
      let entries = Array(try #require(json["entries"]).elements)
      #expect(entries.count == 6 && json["total_entries"]?.raw == "6")
      #expect(entries.allSatisfy { $0.names == Self.columns })
      #expect(rows.first == Self.columns)
      #expect(try Array(rows.dropFirst()) == entries.map { try Self.cells(of: $0) })
      #expect(entries[0]["changes_made"]?.raw == #"["a, \"b\"","-1"]"#)
      let told = try entries.map { try $0["recovery_message"]?.text() ?? "" }
      #expect(told == (0..<5).map { "tried, \($0)" } + [""])
    }
  }

  /// An entry's members as cells: numbers and lists as they stand in JSON, texts as such.
  private static func cells(of entry: JSONValue) throws -> [String] {
    try entry.members.map { member in
      guard member.value.kind == .string else { return member.value.raw }
      let text = try member.value.text()
      return guarded[text] ?? text
    }
  }

  @Test func theReportSaysWhatTheExportSays() async throws {
    try await Self.withAttempts { ann, path, json in
      let statistics = try await ann.send(.get, "\(path)/statistics")
      let whole = try statistics.json
      #expect(whole["total_duration_seconds"]?.raw == "2.302")
      #expect(whole["average_duration_seconds"]?.raw == "0.384")
      #expect(whole["success_rate"]?.raw == "66.67")
      #expect(whole["files_modified"]?.raw == #"["f0","f1","f2"]"#)
      #expect(whole["strategies_used"]?.raw == #"{"fix":6}"#)
      let report = try await ann.send(.get, "\(path)/report").json
      #expect(report["statistics"]?.raw == statistics.text)
      #expect(report["summary"]?["success_rate"]?.raw == #""66.67%""#)
      #expect(report["summary"]?["total_duration_seconds"]?.raw == "2.302")
      #expect(report["summary"]?["files_modified"]?.raw == "3")
      #expect(report["detailed_entries"]?.raw == json["entries"]?.raw)
    }
  }

  @Test func theReadableReportSaysTheSame() async throws {
    try await Self.withAttempts { ann, path, json in
      let report = try await ann.send(.get, "\(path)/report", headers: [("Accept", "text/plain")])
      #expect(report.headers["content-type"] == ["text/plain; charset=utf-8"])
      for line in [
        "  Success rate: 66.67%\n", "  Total duration: 2.302 s\n",
        "  Average duration: 0.384 s\n", "  Files modified: 3\n", "  Rollbacks: 1\n",
        "  =E0: 3\n",
      ] { #expect(report.text.contains(line), "\(report.text)") }
      #expect(!report.body.contains(0x1B))
      let entries = Array(try #require(json["entries"]).elements)
      let first = """

        Attempts
          2026-01-01T00:00:00.000000Z #1 fix: failure after 0.1 s, next: retry
            Error: =E0: =1+1
              \u{FFFD}[31m
            Recovery: tried, 0
            Change: a, "b"
            Change: -1
            File: f0
            Rolled back
          2026-01-01T00:00:00.000000Z #2 fix: failure after 0.20 s, next: retry

        """
      #expect(report.text.contains(first), "\(report.text)")
      let duration = try #require(entries.last?["duration_seconds"]).raw
      let last = """
            File: f1
          2026-01-01T00:00:02.000000Z #6 fix: success after \(duration) s, next: complete
            Error: =E1

        """
      #expect(report.text.hasSuffix(last), "\(report.text)")
    }
  }

  private func python(_ program: String, _ input: [UInt8]) async throws -> String {
    let directory = try TemporaryDirectory.make("recovery")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/input"
    try Data(input).write(to: URL(fileURLWithPath: file))
    return try await Python.run(program, [file])
  }

  @Test func anEmptySessionExportsAndReportsAsEmpty() async throws {
    try await RecoveryFlowTests.withClients { recorder, _, admin in
      _ = try await recorder.send(
        .post, RecoveryFlowTests.sessions, json: #"{"session_id":"e"}"#)
      let path = "\(RecoveryFlowTests.sessions)/e"
      let json = try await admin.send(.get, "\(path)/export").json
      #expect(json["total_entries"]?.raw == "0" && json["entries"]?.raw == "[]")
      let csv = try await admin.send(.get, "\(path)/export?format=csv")
      #expect(csv.text == Self.columns.joined(separator: ",") + "\r\n")
      let statistics = try await admin.send(.get, "\(path)/statistics").text
      #expect(
        statistics.hasSuffix(
          #""total_attempts":0,"successful_attempts":0,"failed_attempts":0,"success_rate":0.0,"#
            + #""strategies_used":{},"error_type_distribution":{},"total_duration_seconds":0.0,"#
            + #""average_duration_seconds":0.0,"files_modified_count":0,"files_modified":[],"#
            + #""rollback_count":0,"first_attempt_timestamp":null,"last_attempt_timestamp":null}"#))
      let report = try await admin.send(.get, "\(path)/report").json
      #expect(report["summary"]?["success_rate"]?.raw == #""0.0%""#)
      #expect(report["detailed_entries"]?.raw == "[]")
      let text = try await admin.send(.get, "\(path)/report", headers: [("Accept", "text/plain")])
      #expect(text.text.contains("Attempts: 0 (0 successful, 0 failed)"))
      let format = try await admin.send(.get, "\(path)/export?format=xml")
      #expect(format.status == 422 && format.text.contains("json, csv"))
      let image = try await admin.send(.get, "\(path)/report", headers: [("Accept", "image/png")])
      #expect(image.status == 406)
    }
  }
}

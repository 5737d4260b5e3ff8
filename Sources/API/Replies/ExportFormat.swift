// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Protection

/// A form that recordings are taken away in.
enum ExportFormat: String, CaseIterable, Sendable {
  case json
  case ndjson
  case csv

  var contentType: String {
    switch self {
    case .json: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8"
    }
  }

  /// An answer of this form that browsers save as a file of this name.
  func reply(named name: String, with export: some Export) -> Reply {
    let produce =
      switch self {
      case .json: export.json
      case .ndjson: export.lines
      case .csv: export.rows
      }
    return Reply(
      contentType: contentType,
      fields: [.contentDisposition: "attachment; filename=\"\(name).\(rawValue)\""],
      body: .streamed(produce))
  }
}

/// What can be taken away in each form; written page by page as it is read.
protocol Export: Sendable {
  /// A JSON document.
  @Sendable func json(_ emit: Reply.Emit) async throws
  /// A JSON object a line.
  @Sendable func lines(_ emit: Reply.Emit) async throws
  /// Comma-separated values.
  @Sendable func rows(_ emit: Reply.Emit) async throws
}

/// One JSON object with a line feed behind it.
enum JSONLine {
  static func make(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object(write)
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

extension HTTPField.Name {
  static let contentDisposition = Self("Content-Disposition") ?? .eTag
}

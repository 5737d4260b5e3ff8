// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
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
  func reply(named name: String, _ body: Reply.Body) -> Reply {
    Reply(
      contentType: contentType,
      fields: [.contentDisposition: "attachment; filename=\"\(name).\(rawValue)\""], body: body)
  }
}

/// One recording with its events, written page by page as they are read.
struct RecordingExport: Sendable {
  let reading: RecordingReading
  /// Whether it goes on behind what was taken before: then lines and rows of events are all there is.
  let isContinued: Bool

  /// The document of `GET /{id}`.
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter(reservingCapacity: 64 * 1024)
    writer.beginObject()
    writer.members(of: reading.recording)
    writer.member("flags", reading.flags)
    writer.key("events")
    writer.beginArray()
    try await reading.forEachPage { events in
      for event in events { writer.event(event) }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    writer.endObject()
    try await emit(writer.takeBytes())
  }

  /// A line `{"recording": …}`, then a line for each event.
  @Sendable func lines(_ emit: Reply.Emit) async throws {
    if !isContinued {
      try await emit(
        JSONLine.make { writer in
          writer.key("recording")
          writer.object { writer in
            writer.members(of: reading.recording)
            writer.member("flags", reading.flags)
          }
        })
    }
    try await reading.forEachPage { events in
      var page: [UInt8] = []
      for event in events {
        page += JSONLine.make { writer in
          writer.member("recording_id", reading.recording.id)
          writer.members(of: event)
        }
      }
      try await emit(page)
    }
    if isContinued { try await emit([]) }
  }

  private static let columns = [
    "recording_id", "seq", "event_id", "timestamp", "recorded_at", "event_type", "data",
    "redactions", "leaf_hash",
  ]

  /// A row of names, then a row for each event.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    if !isContinued { csv.row(Self.columns) }
    try await reading.forEachPage { events in
      for event in events { add(event, to: &csv) }
      try await emit(csv.takeBytes())
    }
    try await emit(csv.takeBytes())
  }

  private func add(_ event: Event, to csv: inout CSVWriter) {
    for cell in [
      reading.recording.id.description, String(event.seq), event.id.description,
      event.timestamp.rfc3339, event.recordedAt.rfc3339, event.type,
    ] { csv.write(Array(cell.utf8)) }
    csv.write(event.data)
    var counts = JSONWriter()
    counts.counts(event.redactions)
    csv.write(counts.bytes)
    csv.write(Array(Hexadecimal.text(of: event.leafHash).utf8))
    csv.endRow()
  }
}

/// A list of recordings without their events, written page by page.
struct RecordingListExport: Sendable {
  let first: Page<Recording>
  /// Whether it goes on behind what was taken before.
  let isContinued: Bool
  /// The page behind a cursor.
  let next: @Sendable (Cursor) async throws -> Page<Recording>

  /// An array.
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter()
    writer.beginArray()
    try await forEachPage { recordings in
      for recording in recordings { writer.object { $0.members(of: recording) } }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    try await emit(writer.takeBytes())
  }

  /// A line for each.
  @Sendable func lines(_ emit: Reply.Emit) async throws {
    try await forEachPage { recordings in
      try await emit(
        recordings.flatMap { recording in JSONLine.make { $0.members(of: recording) } })
    }
  }

  private static let columns = [
    "recording_id", "agent_id", "user_id", "canvas_id", "session_id", "reason", "status", "tags",
    "started_at", "stopped_at", "duration_seconds", "summary", "event_count",
    "flagged_for_review", "flag_reason", "flagged_by", "flagged_at", "expires_at",
  ]

  /// A row of names, then a row for each.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    if !isContinued { csv.row(Self.columns) }
    try await forEachPage { recordings in
      for recording in recordings { csv.row(Self.cells(of: recording)) }
      try await emit(csv.takeBytes())
    }
  }

  private static func cells(of recording: Recording) -> [String?] {
    [
      recording.id.description, recording.agent.rawValue, recording.user.rawValue,
      recording.canvas?.rawValue, recording.session?.rawValue, recording.reason,
      recording.status.rawValue, recording.tags.joined(separator: " "),
      recording.startedAt.rfc3339, recording.stoppedAt?.rfc3339,
      recording.durationSeconds?.description, recording.summary,
      String(recording.eventCount), String(recording.isFlagged), recording.flagReason,
      recording.flaggedBy, recording.flaggedAt?.rfc3339, recording.expiresAt.rfc3339,
    ]
  }

  /// At least once, so that an empty list is emitted too.
  private func forEachPage(_ body: ([Recording]) async throws -> Void) async throws {
    try await body(first.elements)
    var cursor = first.next
    while let place = cursor {
      let page = try await next(place)
      try await body(page.elements)
      cursor = page.next
    }
  }
}

/// One JSON object with a line feed behind it.
private enum JSONLine {
  static func make(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object(write)
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

extension HTTPField.Name {
  fileprivate static let contentDisposition = Self("Content-Disposition") ?? .eTag
}

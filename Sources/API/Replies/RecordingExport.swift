// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// One recording with its events, written page by page as they are read.
struct RecordingExport: Export {
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

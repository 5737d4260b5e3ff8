// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// Opens the sealed events of one recording.
struct EventOpener: Sendable {
  let tenant: TenantID
  let recording: RecordingID
  let key: DataKey
  let observer: Observer

  /// The events in `rows`, which begin with `columns`.
  ///
  /// - Throws: `integrityFailure` when a payload does not open under its key and context.
  func open(_ rows: some Sequence<Row>) throws -> [Event] {
    try rows.map { try open($0) }
  }

  /// The columns that `open` reads, of `recording_events` under a name of the query's.
  static func columns(of table: String) -> String {
    [
      "event_id", "seq", "event_type", "occurred_at", "recorded_at", "leaf_hash", "payload",
      "redacted_families", "redacted_counts",
    ]
    .map { "\(table).\($0)" }.joined(separator: ", ")
  }

  /// How many they are.
  static let columnCount = 9

  private func open(_ row: Row) throws -> Event {
    var column = row.reader()
    let id = try column.next(UUID.self)
    let seq = try column.next(Int64.self)
    let type = try column.next(String.self)
    let occurredAt = try column.next(Timestamp.self)
    let recordedAt = try column.next(Timestamp.self)
    let leafHash = try column.next([UInt8].self)
    let context = EventContext(
      tenant: tenant.uuid, recording: recording.uuid, eventID: id, type: type,
      occurredAt: occurredAt.microseconds)
    let data = try opened(try column.next(), context, seq)
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    return Event(
      id: EventID(id), seq: seq, type: type, timestamp: occurredAt, recordedAt: recordedAt,
      leafHash: leafHash, data: data,
      redactions: zip(families, counts).map { .init(family: $0, count: Int($1)) })
  }

  private func opened(
    _ payload: [UInt8], _ context: EventContext, _ seq: Int64
  ) throws(DomainError) -> [UInt8] {
    do {
      return try key.open(payload, as: context)
    } catch {
      observer.observe(.integrityFailure(recording: recording, seq: seq))
      throw DomainError(sealing: error)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// Opens the sealed events of one recording.
struct EventOpener: Sendable {
  let tenant: TenantID
  let recording: RecordingID
  let key: DataKey
  let observer: Observer

  /// The events in `rows`, which begin with `StoredEvent.columns`.
  ///
  /// - Throws: `integrityFailure` when a payload does not open under its key and context.
  func open(_ rows: some Sequence<Row>) throws -> [Event] {
    try rows.map { try open(try StoredEvent($0)) }
  }

  /// The events in clear, wherever they were kept.
  ///
  /// - Throws: `integrityFailure` when a payload does not open under its key and context.
  func open(_ events: some Sequence<StoredEvent>) throws -> [Event] {
    try events.map { try open($0) }
  }

  private func open(_ event: StoredEvent) throws(DomainError) -> Event {
    let context = EventContext(
      tenant: tenant.uuid, recording: recording.uuid, eventID: event.id.uuid, type: event.type,
      occurredAt: event.occurredAt.microseconds)
    return Event(
      id: event.id, seq: event.seq, type: event.type, timestamp: event.occurredAt,
      recordedAt: event.recordedAt, leafHash: event.leafHash,
      data: try opened(event.payload, context, event.seq), redactions: event.redactions)
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

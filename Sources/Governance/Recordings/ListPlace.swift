// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// A place in a list of recordings: after this start and id, going back in time.
struct ListPlace: Sendable {
  let startedAt: Timestamp
  let recording: RecordingID

  init(startedAt: Timestamp, recording: RecordingID) {
    self.startedAt = startedAt
    self.recording = recording
  }

  init(_ recording: Recording) {
    self.init(startedAt: recording.startedAt, recording: recording.id)
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .list, tenant, count: 24)
    startedAt = try CursorBytes.moment(bytes[..<8])
    recording = RecordingID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.list, tenant, [startedAt.microseconds.bytes, recording.uuid.bytes])
  }
}

/// A place in the replay of one recording: after this time and position.
struct ReplayPlace: Sendable {
  let occurredAt: Timestamp
  let seq: Int64

  init(_ event: Event) {
    occurredAt = event.timestamp
    seq = event.seq
  }

  init(_ event: StoredEvent) {
    occurredAt = event.occurredAt
    seq = event.seq
  }

  init(
    _ cursor: Cursor, in recording: RecordingID, of tenant: TenantID
  ) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .replay, tenant, count: 32)
    guard Array(bytes[..<16]) == recording.uuid.bytes else { throw .badCursor }
    occurredAt = try CursorBytes.moment(bytes[16..<24])
    seq = Int64(bigEndianBytes: bytes[24...])
  }

  func cursor(in recording: RecordingID, of tenant: TenantID) -> Cursor {
    CursorBytes.make(
      .replay, tenant, [recording.uuid.bytes, occurredAt.microseconds.bytes, seq.bytes])
  }
}

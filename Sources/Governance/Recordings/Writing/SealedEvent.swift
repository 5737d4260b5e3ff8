// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection

/// An event ready to be stored: sealed, and hashed as far as that is possible before the database
/// gives it its place and time.
struct SealedEvent: Sendable {
  let id: EventID
  /// Whether the client chose the id, so that the event may be stored already.
  let isChosen: Bool
  let type: EventType
  let occurredAt: Timestamp
  let recordedBy: String
  let payload: [UInt8]
  let payloadLength: Int
  let contentMAC: [UInt8]
  /// See `EventEntry.prefix`.
  let leafPrefix: [UInt8]
}

extension SealedEvent {
  /// Seals `draft` under the recording's key.
  ///
  /// - Parameter now: The time of an event that came without one.
  init(_ draft: EventDraft, in context: RecordingContext, by caller: Caller, now: Timestamp) throws
  {
    id = draft.id ?? .make()
    isChosen = draft.id != nil
    type = draft.type
    occurredAt = draft.timestamp ?? now
    recordedBy = caller.principal.actor
    payloadLength = draft.data.count
    do {
      contentMAC = try context.key.contentMAC(of: draft.identifyingParts)
      payload = try context.key.seal(
        draft.data,
        as: EventContext(
          tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
          type: type.rawValue, occurredAt: occurredAt.microseconds))
      leafPrefix = try EventEntry(
        tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
        type: type.rawValue, occurredAt: occurredAt.microseconds, recordedBy: recordedBy,
        payloadLength: payloadLength, sealedDigest: try SHA256.hash(payload),
        contentMAC: contentMAC
      ).prefix
    } catch let error as EnvelopeError {
      throw DomainError(sealing: error)
    }
  }
}

extension EventDraft {
  /// What makes an event the same when it is sent again: its type, its time where the client gave
  /// one, and its data.
  fileprivate var identifyingParts: [[UInt8]] {
    let time = timestamp.map { stamp in
      withUnsafeBytes(of: stamp.microseconds.bigEndian) { Array($0) }
    }
    return [Array(type.rawValue.utf8), time ?? [], data]
  }
}

/// The events of one request, of which all are stored or none.
struct AppendRequest: Sendable {
  let tenant: TenantID
  let recording: RecordingID
  /// The caller's key, which must still be live when the events are stored.
  let key: KeyID?
  let events: [SealedEvent]

  /// Roughly what it takes in memory and on the wire.
  var byteCount: Int { events.reduce(0) { $0 + $1.payload.count + 256 } }
}

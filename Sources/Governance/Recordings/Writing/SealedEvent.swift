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
  /// The client's word, or a marker where that was a secret.
  let type: String
  let occurredAt: Timestamp
  let recordedBy: String
  let payload: [UInt8]
  let payloadLength: Int
  let contentMAC: [UInt8]
  /// See `EventEntry.prefix`.
  let leafPrefix: [UInt8]
  /// The version of the policy that it was redacted under.
  let redactionPolicy: Int
  /// What was redacted.
  let redactions: [Redaction.Count]
}

extension SealedEvent {
  /// Redacts `draft` and seals what is left of it under the recording's key.
  ///
  /// - Parameters:
  ///   - recordedBy: The caller, as entries name it.
  ///   - now: The time of an event that came without one.
  init(
    _ draft: EventDraft, in context: RecordingContext, by recordedBy: String,
    redactor: TenantRedactor, now: Timestamp
  ) throws {
    let (type, typeCounts) = try redactor.redact(draft.type)
    let data = try redactor.redact(draft.data)
    redactionPolicy = redactor.policy
    redactions = typeCounts.isEmpty ? data.counts : data.counts.adding(typeCounts)
    self.type = type
    id = draft.id ?? .make()
    isChosen = draft.id != nil
    occurredAt = draft.timestamp ?? now
    self.recordedBy = recordedBy
    payloadLength = data.bytes.count
    do {
      contentMAC = try context.key.contentMAC(of: draft.identifyingParts(type, data.bytes))
      payload = try context.key.seal(
        data.bytes,
        as: EventContext(
          tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
          type: type, occurredAt: occurredAt.microseconds))
      leafPrefix = try EventEntry(
        tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
        type: type, occurredAt: occurredAt.microseconds, recordedBy: recordedBy,
        payloadLength: payloadLength, sealedDigest: try SHA256.hash(payload),
        contentMAC: contentMAC, redaction: .init(policy: redactionPolicy, counts: redactions)
      ).prefix
    } catch let error as EnvelopeError {
      throw DomainError(sealing: error)
    }
  }
}

extension EventDraft {
  /// What makes an event the same when it is sent again: its type, its time where the client gave
  /// one, and its data; redacted, so that no trace of a secret is kept. The fingerprints in the
  /// markers tell one secret from another.
  fileprivate func identifyingParts(_ type: String, _ data: [UInt8]) -> [[UInt8]] {
    let time = timestamp.map { stamp in
      withUnsafeBytes(of: stamp.microseconds.bigEndian) { Array($0) }
    }
    return [Array(type.utf8), time ?? [], data]
  }
}

extension [Redaction.Count] {
  /// How much was redacted altogether.
  var total: Int { reduce(0) { $0 + $1.count } }

  /// Both together, in order.
  func adding(_ more: [Redaction.Count]) -> [Redaction.Count] {
    let sums = (self + more).reduce(into: [String: Int]()) { $0[$1.family, default: 0] += $1.count }
    return sums.sorted { $0.key < $1.key }.map { .init(family: $0.key, count: $0.value) }
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

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection

@testable import Governance

/// An event as builds without redaction made it: sealed as it was sent, its entry in version 1.
struct FormerEvent {
  private let id = EventID.make()
  private let time = Timestamp.now()
  private let recordedBy: String
  private let payload: [UInt8]
  private let payloadLength: Int
  private let contentMAC: [UInt8]
  private let leafPrefix: [UInt8]

  init(_ data: String, in context: RecordingContext, by caller: Caller) throws {
    let bytes = Array(data.utf8)
    recordedBy = caller.principal.actor
    payloadLength = bytes.count
    contentMAC = try context.key.contentMAC(of: [Array("step".utf8), [], bytes])
    payload = try context.key.seal(
      bytes,
      as: EventContext(
        tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
        type: "step", occurredAt: time.microseconds))
    leafPrefix = try EventEntry(
      tenant: context.tenant.uuid, recording: context.recording.uuid, eventID: id.uuid,
      type: "step", occurredAt: time.microseconds, recordedBy: recordedBy,
      payloadLength: payloadLength, sealedDigest: try SHA256.hash(payload), contentMAC: contentMAC
    ).prefix
  }

  /// The call of `append_events` as it was in the first migration; answers with the verdict.
  func append(to recording: RecordingID, _ party: Party) -> Query {
    Query(
      """
      select verdict
      from hansard.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """,
      [recording.uuid], [party.recorder.principal.key?.uuid], [Int32(1)], [id.uuid], [false],
      ["step"], [time], [recordedBy], [payload], [Int32(clamping: payloadLength)], [contentMAC],
      [leafPrefix])
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Protection

/// Everything the ledger attests about one event, known before it is stored.
///
/// It holds digests of the sealed payload, not the payload, so a proof outlives the data key. Its
/// two numbers that the database gives, `seq` and the time of recording, are added by `leafHash`.
///
/// Shape of `prefix`, all integers big-endian:
/// ```
/// size  what
/// 1     0x01, the version of this encoding
/// 16    tenant
/// 16    recording
/// 16    event
/// 2+n   u16 n ‖ type, UTF-8
/// 8     occurred at, i64, µs since 1970-01-01T00:00:00Z
/// 2+n   u16 n ‖ recorded by, UTF-8
/// 4     u32 length of the plaintext payload in bytes
/// 32    content MAC
/// 32    SHA-256 of the sealed payload (nonce ‖ ciphertext ‖ tag)
/// ```
/// Both texts carry their length and everything else has a fixed size, so two different entries
/// never have the same bytes. Compare entries by `prefix`: Swift's `String` compares by canonical
/// equivalence, hashing by bytes.
package struct EventEntry: Sendable {
  /// The tenant whose recording it is.
  package let tenant: UUID
  /// The recording that the event is part of.
  package let recording: UUID
  /// The event's own id.
  package let eventID: UUID
  /// The event's type.
  package let type: String
  /// When it happened: microseconds since 1970-01-01T00:00:00Z.
  package let occurredAt: Int64
  /// The key or user that recorded it.
  package let recordedBy: String
  /// Bytes of the payload before it was sealed.
  package let payloadLength: Int
  /// SHA-256 of the sealed payload, 32 bytes.
  package let sealedDigest: [UInt8]
  /// `DataKey.contentMAC`, 32 bytes.
  package let contentMAC: [UInt8]

  /// Takes the fields if they can be encoded without loss.
  ///
  /// - Throws: `LedgerError.lengthRefused` for a text above 65,535 bytes of UTF-8, a payload length
  ///   outside `UInt32`, or a digest that is not 32 bytes.
  package init(
    tenant: UUID, recording: UUID, eventID: UUID, type: String, occurredAt: Int64,
    recordedBy: String, payloadLength: Int, sealedDigest: [UInt8], contentMAC: [UInt8]
  ) throws(LedgerError) {
    try Self.require(UInt16(exactly: type.utf8.count) != nil, "type")
    try Self.require(UInt16(exactly: recordedBy.utf8.count) != nil, "recordedBy")
    try Self.require(UInt32(exactly: payloadLength) != nil, "payloadLength")
    try Self.require(sealedDigest.count == SHA256.byteCount, "sealedDigest")
    try Self.require(contentMAC.count == HMACSHA256.byteCount, "contentMAC")
    self.tenant = tenant
    self.recording = recording
    self.eventID = eventID
    self.type = type
    self.occurredAt = occurredAt
    self.recordedBy = recordedBy
    self.payloadLength = payloadLength
    self.sealedDigest = sealedDigest
    self.contentMAC = contentMAC
  }

  private static func require(_ condition: Bool, _ field: String) throws(LedgerError) {
    guard condition else { throw .lengthRefused(field: field) }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Protection

/// Everything the ledger attests about one event, known before it is stored.
///
/// It holds digests of the sealed payload, not the payload, so a proof outlives the data key. Its
/// two numbers that the database gives, `seq` and the time of recording, are added by `leafHash`.
///
/// Shape of `prefix`, all integers big-endian:
/// ```
/// size  what
/// 1     the version of this encoding: 0x01 without what follows the digest, else 0x02
/// 16    tenant
/// 16    recording
/// 16    event
/// 2+n   u16 n ‖ type, UTF-8
/// 8     occurred at, i64, µs since 1970-01-01T00:00:00Z
/// 2+n   u16 n ‖ recorded by, UTF-8
/// 4     u32 length of the plaintext payload in bytes
/// 32    content MAC
/// 32    SHA-256 of the sealed payload (nonce ‖ ciphertext ‖ tag)
/// 4     u32 version of the redaction policy                                      (0x02 only)
/// 2     u16 number of redacted families, then for each, in alphabetical order    (0x02 only)
/// 2+n     u16 n ‖ name of the family, UTF-8
/// 4       u32 how often
/// ```
/// All texts carry their length, all lists their number, and everything else has a fixed size, so
/// two different entries never have the same bytes. Compare entries by `prefix`: Swift's `String`
/// compares by canonical equivalence, hashing by bytes.
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
  /// What was redacted; nil for an event that was stored before there was redaction.
  package let redaction: Redactions?

  /// What was redacted in an event, and under which policy.
  package struct Redactions: Sendable, Equatable {
    /// Version of the tenant's policy; 0: the built-in rules.
    package let policy: Int
    /// How often each family was hit, in alphabetical order of their names.
    package let counts: [Redaction.Count]

    /// Takes what was redacted.
    package init(policy: Int, counts: [Redaction.Count]) {
      self.policy = policy
      self.counts = counts
    }

    fileprivate var isEncodable: Bool {
      UInt32(exactly: policy) != nil && UInt16(exactly: counts.count) != nil
        && counts.allSatisfy {
          UInt16(exactly: $0.family.utf8.count) != nil && UInt32(exactly: $0.count) != nil
        }
    }
  }

  /// Takes the fields if they can be encoded without loss.
  ///
  /// - Throws: `LedgerError.lengthRefused` for a text above 65,535 bytes of UTF-8, a number outside
  ///   its field, or a digest that is not 32 bytes.
  package init(
    tenant: UUID, recording: UUID, eventID: UUID, type: String, occurredAt: Int64,
    recordedBy: String, payloadLength: Int, sealedDigest: [UInt8], contentMAC: [UInt8],
    redaction: Redactions? = nil
  ) throws(LedgerError) {
    try Self.require(UInt16(exactly: type.utf8.count) != nil, "type")
    try Self.require(UInt16(exactly: recordedBy.utf8.count) != nil, "recordedBy")
    try Self.require(UInt32(exactly: payloadLength) != nil, "payloadLength")
    try Self.require(sealedDigest.count == SHA256.byteCount, "sealedDigest")
    try Self.require(contentMAC.count == HMACSHA256.byteCount, "contentMAC")
    try Self.require(redaction?.isEncodable ?? true, "redaction")
    self.tenant = tenant
    self.recording = recording
    self.eventID = eventID
    self.type = type
    self.occurredAt = occurredAt
    self.recordedBy = recordedBy
    self.payloadLength = payloadLength
    self.sealedDigest = sealedDigest
    self.contentMAC = contentMAC
    self.redaction = redaction
  }

  private static func require(_ condition: Bool, _ field: String) throws(LedgerError) {
    guard condition else { throw .lengthRefused(field: field) }
  }
}

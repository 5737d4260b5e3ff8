// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

extension EventEntry {
  /// The bytes of the entry up to what the database adds; the shape is written out at the type.
  package var prefix: [UInt8] {
    var bytes: [UInt8] = [redaction == nil ? 0x01 : 0x02]
    bytes.reserveCapacity(224)
    for id in [tenant, recording, eventID] {
      withUnsafeBytes(of: id.uuid) { bytes.append(contentsOf: $0) }
    }
    // The initialiser has checked all lengths, so nothing is cut off here.
    bytes.append(bigEndian: UInt16(truncatingIfNeeded: type.utf8.count))
    bytes.append(contentsOf: type.utf8)
    bytes.append(bigEndian: occurredAt)
    bytes.append(bigEndian: UInt16(truncatingIfNeeded: recordedBy.utf8.count))
    bytes.append(contentsOf: recordedBy.utf8)
    bytes.append(bigEndian: UInt32(truncatingIfNeeded: payloadLength))
    bytes.append(contentsOf: contentMAC)
    bytes.append(contentsOf: sealedDigest)
    if let redaction { bytes.append(redaction) }
    return bytes
  }

  /// The leaf of the Merkle tree for this entry, 32 bytes (RFC 6962, section 2.1, leaf prefix 0x00):
  /// ```
  /// leaf = SHA-256(0x00 ‖ prefix ‖ i64 seq ‖ i64 recordedAt)      integers big-endian
  /// ```
  /// PostgreSQL computes the same in the statement that appends, from `prefix` and `int8send`.
  ///
  /// - Parameters:
  ///   - seq: the event's number in its recording, from 1.
  ///   - recordedAt: the database's time, microseconds since 1970-01-01T00:00:00Z.
  package func leafHash(seq: Int64, recordedAt: Int64) throws(LedgerError) -> [UInt8] {
    var leaf: [UInt8] = [0x00]
    leaf.append(contentsOf: prefix)
    leaf.append(bigEndian: seq)
    leaf.append(bigEndian: recordedAt)
    do {
      return try SHA256.hash(leaf)
    } catch {
      throw .hashing(error)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ redaction: EventEntry.Redactions) {
    append(bigEndian: UInt32(truncatingIfNeeded: redaction.policy))
    append(bigEndian: UInt16(truncatingIfNeeded: redaction.counts.count))
    for hits in redaction.counts {
      append(bigEndian: UInt16(truncatingIfNeeded: hits.family.utf8.count))
      append(contentsOf: hits.family.utf8)
      append(bigEndian: UInt32(truncatingIfNeeded: hits.count))
    }
  }

  fileprivate mutating func append(bigEndian integer: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
  }
}

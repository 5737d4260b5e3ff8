// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// A place in the order of a listing, as it travels in a cursor.
///
/// The cursor's bytes: a kind (1 byte), the tenant (16), then for each component 8 or 16 bytes,
/// big-endian. The kind and the tenant are checked when it comes back; nothing in it is secret, and
/// no authority follows from it.
struct CursorBytes {
  enum Kind: UInt8 {
    case list = 1
    case replay = 2
    case audit = 3
    case review = 4
    case notice = 5
    case recovery = 6
    case recoveryHistory = 7
    case recoveryAlert = 8
    case legalHold = 9
    case deletion = 10
    case certificateByPurge = 11
    case certificateByStart = 12
  }

  static func make(_ kind: Kind, _ tenant: TenantID, _ components: [[UInt8]]) -> Cursor {
    Cursor(text: Base64URL.encode([kind.rawValue] + tenant.uuid.bytes + components.joined()))
  }

  /// The bytes behind kind and tenant, of exactly `count`.
  static func read(
    _ cursor: Cursor, _ kind: Kind, _ tenant: TenantID, count: Int
  ) throws(DomainError) -> [UInt8] {
    guard cursor.text.utf8.count <= 128, let bytes = Base64URL.decode(cursor.text),
      bytes.count == 17 + count, bytes[0] == kind.rawValue,
      Array(bytes[1..<17]) == tenant.uuid.bytes
    else { throw .badCursor }
    return Array(bytes[17...])
  }

  /// A time that the database can take: a cursor that was tampered with may hold any bits.
  static func moment(_ bytes: ArraySlice<UInt8>) throws(DomainError) -> Timestamp {
    let moment = Timestamp(microseconds: Int64(bigEndianBytes: bytes))
    guard moment.isInFourDigitYears else { throw .badCursor }
    return moment
  }
}

extension DomainError {
  static let badCursor = DomainError(
    .badCursor, "This cursor was not handed out for this listing.")
}

extension Int64 {
  var bytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

  init(bigEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | Int64($1) }
  }
}

extension UUID {
  var bytes: [UInt8] { withUnsafeBytes(of: uuid) { Array($0) } }

  /// Reads 16 bytes; missing ones read as zero.
  init(sixteenBytes bytes: ArraySlice<UInt8>) {
    var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes.prefix(16)) }
    self.init(uuid: value)
  }
}

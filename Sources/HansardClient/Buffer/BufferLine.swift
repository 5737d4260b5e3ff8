// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

/// One entry of the buffer as it lies on the disk:
///
///     h1 <length, 8 hexadecimal digits> <CRC-32C, 8 hexadecimal digits> <payload>\n
///
/// The length counts the payload's bytes, and so does the checksum. The payload has no line feed, so
/// that whoever reads a damaged file finds the next line: at the next line feed that `h1 ` follows. The
/// line feed of a line whose checksum is right may be any byte.
enum BufferLine {
  /// What precedes a payload.
  static let headBytes = 21
  /// The longest payload.
  static let payloadLimit = 1 << 20

  private static let mark = Array("h1 ".utf8)

  static func encode(_ payload: [UInt8]) -> [UInt8] {
    var line = mark
    line.reserveCapacity(payload.count + headBytes + 1)
    line += hexadecimal(UInt32(truncatingIfNeeded: payload.count)) + [0x20]
    line += hexadecimal(CRC32C.checksum(payload)) + [0x20]
    line += payload
    line.append(0x0A)
    return line
  }

  /// What stands at an offset.
  enum Reading: Equatable {
    /// An entry, and where the next one begins.
    case entry(payload: Range<Int>, next: Int)
    /// Something else up to `next`.
    case damaged(next: Int)
    /// A beginning without an end: what a write leaves that was broken off.
    case torn
  }

  /// Reads what begins at `offset`, which is below `bytes.count`.
  static func read(_ bytes: [UInt8], at offset: Int) -> Reading {
    if let payload = payload(bytes, at: offset), payload.upperBound < bytes.count,
      CRC32C.checksum(bytes[payload]) == number(bytes, at: offset + 12)
    {
      return .entry(payload: payload, next: payload.upperBound + 1)
    }
    return lineEnd(bytes, from: offset).map { .damaged(next: $0 + 1) } ?? .torn
  }

  /// The first line feed that another line follows, else the last one.
  private static func lineEnd(_ bytes: [UInt8], from offset: Int) -> Int? {
    var last: Int?
    for index in offset..<bytes.count where bytes[index] == 0x0A {
      last = index
      if bytes[(index + 1)...].starts(with: mark) { break }
    }
    return last
  }

  private static func payload(_ bytes: [UInt8], at offset: Int) -> Range<Int>? {
    guard bytes.count - offset >= headBytes, bytes[offset...].starts(with: mark),
      let length = number(bytes, at: offset + 3), length <= payloadLimit
    else { return nil }
    let start = offset + headBytes
    return start..<start + Int(length)
  }

  /// Eight digits, which are within the bytes.
  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32? {
    var number: UInt32 = 0
    for byte in bytes[offset..<offset + 8] {
      guard let digit = Hexadecimal.value(of: byte) else { return nil }
      number = number << 4 | UInt32(digit)
    }
    return number
  }

  private static func hexadecimal(_ number: UInt32) -> [UInt8] {
    var digits: [UInt8] = []
    for shift in [24, 16, 8, 0] as [UInt32] {
      digits.append(hexadecimal: UInt8(truncatingIfNeeded: number >> shift))
    }
    return digits
  }
}

/// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4: finds every error of one or two bits.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8
    }
  }
}

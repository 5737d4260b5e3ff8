// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the WebSocket frames that a listener gets, as their bytes come: the number of each notice, and
/// the pings that want an answer. Nothing else of them is kept.
struct NoticeFrames: Sendable {
  /// What a frame holds.
  enum Frame: Sendable, Equatable {
    /// A notice that the bench caused, by its number.
    case notice(Int)
    /// The payload is to be sent back.
    case ping([UInt8])
    /// The server ends the connection, with this code.
    case close(Int)
    /// Another message, as the greeting is.
    case other
  }

  /// What stands before the number in a notice, which is the canvas that it is about.
  private static let marker = Array(#""canvas_id":"n-"#.utf8)
  /// What stands behind it.
  private static let tail = Array(#""}}"#.utf8)

  /// The canvas of the notice with this number.
  static func canvas(_ number: Int) -> String { "n-\(number)" }

  /// The bytes of a frame that is not complete.
  private var rest: [UInt8] = []

  /// Takes bytes and tells of each frame that is complete with them.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer, _ tell: (Frame) throws -> Void
  ) throws {
    guard rest.isEmpty else {
      let all = rest + bytes
      rest = []
      return try all.withUnsafeBytes { try walk($0, tell) }
    }
    try walk(bytes, tell)
  }

  private mutating func walk(
    _ bytes: UnsafeRawBufferPointer, _ tell: (Frame) throws -> Void
  ) throws {
    var offset = 0
    while let (opcode, payload) = Self.frame(in: bytes, at: offset) {
      try tell(Self.read(opcode, UnsafeRawBufferPointer(rebasing: bytes[payload])))
      offset = payload.upperBound
    }
    rest = Array(bytes[offset...])
  }

  /// The opcode and the place of the payload; nil while it is not complete. A server masks nothing.
  private static func frame(
    in bytes: UnsafeRawBufferPointer, at offset: Int
  ) -> (UInt8, Range<Int>)? {
    guard bytes.count >= offset + 2 else { return nil }
    var (start, length) = (offset + 2, Int(bytes[offset + 1]))
    let extended = length == 126 ? 2 : length == 127 ? 8 : 0
    if extended > 0 {
      guard bytes.count >= start + extended else { return nil }
      length = bytes[start..<start + extended].reduce(0) { $0 << 8 | Int($1) }
      start += extended
    }
    guard bytes.count - start >= length else { return nil }
    return (bytes[offset] & 15, start..<start + length)
  }

  private static func read(_ opcode: UInt8, _ payload: UnsafeRawBufferPointer) -> Frame {
    switch opcode {
    case 1: number(in: payload).map { .notice($0) } ?? .other
    case 8: .close(payload.prefix(2).reduce(0) { $0 << 8 | Int($1) })
    case 9: .ping(Array(payload))
    default: .other
    }
  }

  /// The canvas is what a notice ends with, so that nobody has to search for it.
  private static func number(in payload: UnsafeRawBufferPointer) -> Int? {
    guard payload.count > tail.count, payload.suffix(tail.count).elementsEqual(tail) else {
      return nil
    }
    var (number, unit) = (0, 1)
    var end = payload.count - tail.count
    while end > 0, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(payload[end - 1]) {
      end -= 1
      number &+= unit &* Int(payload[end] - UInt8(ascii: "0"))
      unit &*= 10
    }
    return payload[..<end].suffix(marker.count).elementsEqual(marker) ? number : nil
  }
}

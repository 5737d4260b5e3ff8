// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a value is.
package enum JSONKind: UInt8, Sendable, Hashable, CaseIterable {
  case object, array, string, number, bool, null
}

/// One entry of the tape: a value, or a key followed by its value.
///
/// Tokens stand in document order. `start..<end` are its bytes, quotes and brackets included;
/// `next` is the index of the first token behind it and everything inside it. 16 bytes.
struct JSONToken: Sendable {
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    /// A key of an object; the next token is its value.
    static let key = Flags(rawValue: 1)
    /// A string with at least one backslash.
    static let escaped = Flags(rawValue: 2)
    /// The literal `true`.
    static let isTrue = Flags(rawValue: 4)
  }

  var start: UInt32
  var end: UInt32
  var next: UInt32
  var kind: JSONKind
  var flags: Flags

  var span: Range<Int> { Int(start)..<Int(end) }
  /// A string without its quotes. Only for strings, which are two bytes or longer.
  var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}

/// The bytes that mean something in JSON text.
enum JSONByte {
  static var tab: UInt8 { 0x09 }
  static var lineFeed: UInt8 { 0x0A }
  static var carriageReturn: UInt8 { 0x0D }
  static var space: UInt8 { 0x20 }
  static var quote: UInt8 { 0x22 }
  static var plus: UInt8 { 0x2B }
  static var comma: UInt8 { 0x2C }
  static var minus: UInt8 { 0x2D }
  static var point: UInt8 { 0x2E }
  static var slash: UInt8 { 0x2F }
  static var zero: UInt8 { 0x30 }
  static var colon: UInt8 { 0x3A }
  static var openBracket: UInt8 { 0x5B }
  static var backslash: UInt8 { 0x5C }
  static var closeBracket: UInt8 { 0x5D }
  static var openBrace: UInt8 { 0x7B }
  static var closeBrace: UInt8 { 0x7D }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// The four hexadecimal digits at `offset` as a UTF-16 code unit, nil if they are not there.
  static func codeUnit(in input: Span<UInt8>, at offset: Int) -> UInt32? {
    guard offset <= input.count - 4 else { return nil }
    var unit: UInt32 = 0
    for index in offset..<offset + 4 {
      guard let value = Hexadecimal.value(of: input[index]) else { return nil }
      unit = unit << 4 | UInt32(value)
    }
    return unit
  }
}

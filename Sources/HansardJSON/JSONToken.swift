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
package struct JSONToken: Sendable {
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A key of an object; the next token is its value.
    package static let key = Flags(rawValue: 1)
    /// A string with at least one backslash.
    package static let escaped = Flags(rawValue: 2)
    /// The literal `true`.
    package static let isTrue = Flags(rawValue: 4)
  }

  package var start: UInt32
  package var end: UInt32
  package var next: UInt32
  package var kind: JSONKind
  package var flags: Flags

  @inlinable package var span: Range<Int> { Int(start)..<Int(end) }
  /// A string without its quotes. Only for strings, which are two bytes or longer.
  @inlinable package var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}

/// The bytes that mean something in JSON text.
package enum JSONByte {
  @inlinable package static var tab: UInt8 { 0x09 }
  @inlinable package static var lineFeed: UInt8 { 0x0A }
  @inlinable package static var carriageReturn: UInt8 { 0x0D }
  @inlinable package static var space: UInt8 { 0x20 }
  @inlinable package static var quote: UInt8 { 0x22 }
  @inlinable package static var plus: UInt8 { 0x2B }
  @inlinable package static var comma: UInt8 { 0x2C }
  @inlinable package static var minus: UInt8 { 0x2D }
  @inlinable package static var point: UInt8 { 0x2E }
  @inlinable package static var slash: UInt8 { 0x2F }
  @inlinable package static var zero: UInt8 { 0x30 }
  @inlinable package static var colon: UInt8 { 0x3A }
  @inlinable package static var openBracket: UInt8 { 0x5B }
  @inlinable package static var backslash: UInt8 { 0x5C }
  @inlinable package static var closeBracket: UInt8 { 0x5D }
  @inlinable package static var openBrace: UInt8 { 0x7B }
  @inlinable package static var closeBrace: UInt8 { 0x7D }

  @inlinable package static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// The four hexadecimal digits at `offset` as a UTF-16 code unit, nil if they are not there.
  package static func codeUnit(in input: Span<UInt8>, at offset: Int) -> UInt32? {
    guard offset <= input.count - 4 else { return nil }
    var unit: UInt32 = 0
    for index in offset..<offset + 4 {
      guard let value = Hexadecimal.value(of: input[index]) else { return nil }
      unit = unit << 4 | UInt32(value)
    }
    return unit
  }
}

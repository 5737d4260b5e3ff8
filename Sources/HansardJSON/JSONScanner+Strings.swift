// Hansard
// SPDX-License-Identifier: Apache-2.0

extension JSONScanner {
  /// The string whose opening quote is at `offset`.
  mutating func scanString(
    _ input: Span<UInt8>, flags: JSONToken.Flags
  ) throws(JSONFault) {
    let start = offset
    var flags = flags
    /// Bytes that decoding the escapes will save.
    var saved = 0
    offset += 1
    while true {
      skipPlain(input)
      guard offset < input.count else { throw JSONFault(code: .malformed, offset: offset) }
      let byte = input[offset]
      if byte == JSONByte.quote { break }
      if byte == JSONByte.backslash {
        flags.insert(.escaped)
        saved += try scanEscape(input)
      } else {
        try scanMultibyte(input)
      }
    }
    guard offset - start - 1 - saved <= limits.stringBytes else {
      throw JSONFault(code: .stringTooLong, offset: start)
    }
    offset += 1
    append(.string, flags, from: start)
  }

  /// Skips printable ASCII up to the next quote, backslash, control character, byte ≥ 0x80 or
  /// the end.
  private mutating func skipPlain(_ input: Span<UInt8>) {
    let raw = input.bytes
    while offset <= input.count - 8 {
      // Checked by `unsafeLoadUnaligned` as well; "unsafe" is the type, and any 8 bytes are a
      // UInt64.
      let word = UInt64(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let special = JSONScanner.specialBytes(in: word)
      guard special == 0 else {
        offset += special.trailingZeroBitCount / 8
        return
      }
      offset += 8
    }
    while offset < input.count {
      let byte = input[offset]
      guard byte >= 0x20, byte < 0x80, byte != JSONByte.quote, byte != JSONByte.backslash
      else { return }
      offset += 1
    }
  }

  /// The top bit of the lowest special byte of `word`, and perhaps of bytes above it.
  ///
  /// `x - 0x01…01` borrows out of a zero byte, so that its top bit turns on; a borrow can only
  /// disturb bytes above that one, which is why only the lowest bit may be believed.
  private static func specialBytes(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ ones &* UInt64(JSONByte.quote)
    let backslashes = word ^ ones &* UInt64(JSONByte.backslash)
    let control = (word &- ones &* 0x20) & ~word
    let quote = (quotes &- ones) & ~quotes
    let backslash = (backslashes &- ones) & ~backslashes
    return (control | quote | backslash | word) & (ones &* 0x80)
  }

  /// Checks the bytes ≥ 0x80 from `offset` on; a control character is refused.
  private mutating func scanMultibyte(_ input: Span<UInt8>) throws(JSONFault) {
    guard input[offset] >= 0x80 else { throw JSONFault(code: .malformed, offset: offset) }
    repeat {
      guard let length = JSONScanner.multibyteLength(input, at: offset) else {
        throw JSONFault(code: .invalidUTF8, offset: offset)
      }
      offset += length
    } while offset < input.count && input[offset] >= 0x80
  }

  /// The length of the well-formed sequence of 2 to 4 bytes at `offset`, nil if there is none.
  ///
  /// The Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  /// Requires `offset < input.count`.
  static func multibyteLength(_ input: Span<UInt8>, at offset: Int) -> Int? {
    let lead = input[offset]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return nil
    }
    guard input.count - offset >= length, second.contains(input[offset + 1]) else { return nil }
    if length > 2, input[offset + 2] & 0xC0 != 0x80 { return nil }
    if length > 3, input[offset + 3] & 0xC0 != 0x80 { return nil }
    return length
  }

  /// Checks the escape whose backslash is at `offset` and goes behind it, behind both halves of
  /// a surrogate pair. Returns by how many bytes its UTF-8 is shorter.
  private mutating func scanEscape(_ input: Span<UInt8>) throws(JSONFault) -> Int {
    guard offset < input.count - 1 else {
      throw JSONFault(code: .malformed, offset: input.count)
    }
    switch input[offset + 1] {
    case JSONByte.quote, JSONByte.backslash, JSONByte.slash, 0x62, 0x66, 0x6E, 0x72, 0x74:
      offset += 2
      return 1
    case 0x75:
      return try scanUnicodeEscape(input)
    default:
      throw JSONFault(code: .malformed, offset: offset)
    }
  }

  private mutating func scanUnicodeEscape(_ input: Span<UInt8>) throws(JSONFault) -> Int {
    guard let unit = JSONByte.codeUnit(in: input, at: offset + 2) else {
      throw JSONFault(code: .malformed, offset: offset)
    }
    guard unit & 0xF800 == 0xD800 else {
      offset += 6
      return unit < 0x80 ? 5 : unit < 0x800 ? 4 : 3
    }
    guard unit < 0xDC00, offset <= input.count - 12,
      input[offset + 6] == JSONByte.backslash, input[offset + 7] == 0x75,
      let low = JSONByte.codeUnit(in: input, at: offset + 8), low & 0xFC00 == 0xDC00
    else {
      throw JSONFault(code: .loneSurrogate, offset: offset)
    }
    offset += 12
    return 8
  }
}

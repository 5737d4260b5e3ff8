// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Decodes the content of strings that the scanner has accepted.
package enum JSONEscapes {
  /// Appends the UTF-8 of the string content `range` of `input`, escapes decoded.
  ///
  /// What the scanner would not have let through becomes U+FFFD here instead of a trap.
  package static func decode(_ input: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8])
  {
    let content = input.extracting(range)
    var offset = 0
    var runStart = 0
    while offset < content.count {
      guard content[offset] == JSONByte.backslash else {
        offset += 1
        continue
      }
      append(content, runStart..<offset, to: &output)
      offset += decodeEscape(content, at: offset, into: &output)
      runStart = offset
    }
    append(content, runStart..<min(offset, content.count), to: &output)
  }

  /// Decodes the escape at `offset` and returns its length, at least 2.
  private static func decodeEscape(
    _ content: Span<UInt8>, at offset: Int, into output: inout [UInt8]
  ) -> Int {
    guard offset + 1 < content.count else {
      append(0xFFFD, to: &output)
      return content.count - offset
    }
    switch content[offset + 1] {
    case 0x62: output.append(0x08)
    case 0x66: output.append(0x0C)
    case 0x6E: output.append(0x0A)
    case 0x72: output.append(0x0D)
    case 0x74: output.append(0x09)
    case 0x75: return decodeUnicode(content, at: offset, into: &output)
    case let plain: output.append(plain)
    }
    return 2
  }

  private static func decodeUnicode(
    _ content: Span<UInt8>, at offset: Int, into output: inout [UInt8]
  ) -> Int {
    let unit = JSONByte.codeUnit(in: content, at: offset + 2) ?? 0xFFFD
    guard unit & 0xFC00 == 0xD800,
      let low = JSONByte.codeUnit(in: content, at: offset + 8), low & 0xFC00 == 0xDC00
    else {
      append(unit, to: &output)
      return min(6, content.count - offset)
    }
    append(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF, to: &output)
    return 12
  }

  /// Appends a code point as UTF-8; a surrogate as U+FFFD.
  private static func append(_ codePoint: UInt32, to output: inout [UInt8]) {
    let scalar = Unicode.Scalar(codePoint) ?? "\u{FFFD}"
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private static func append(
    _ content: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    guard !range.isEmpty else { return }
    content.extracting(range).withUnsafeBufferPointer { output.append(contentsOf: $0) }
  }
}

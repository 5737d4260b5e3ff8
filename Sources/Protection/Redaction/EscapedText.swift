// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A text with its backslash escapes decoded.
///
/// For the content of JSON strings, and for JSON inside of strings, where an escape is a guess: what
/// is no escape of RFC 8259 is kept as it is. Where a part of it came from is found by going through
/// the escapes once more: nearly no text holds anything to be found, and remembering each escape
/// would take more memory than the text.
struct EscapedText {
  private(set) var bytes: [UInt8] = []
  /// Whether a backslash is left, and with it perhaps another level of escapes.
  private(set) var hasBackslash = false

  /// Decodes `range` of `input`, forgetting the text before.
  mutating func decode(_ input: Span<UInt8>, _ range: Range<Int>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(range.count)
    hasBackslash = false
    var offset = range.lowerBound
    while let backslash = input.backslash(in: offset..<range.upperBound) {
      append(input, offset..<backslash)
      offset = backslash + Self.decodeEscape(input, backslash..<range.upperBound, into: &bytes)
      hasBackslash = hasBackslash || bytes.last == JSONByte.backslash
    }
    append(input, offset..<range.upperBound)
  }

  /// Where in `range` of `input` the parts of the text that was decoded from it lie: whole escapes,
  /// never parts of one.
  static func origins(
    of parts: [Range<Int>], in input: Span<UInt8>, _ range: Range<Int>
  ) -> [Range<Int>] {
    var map = OriginMap(parts)
    var escape: [UInt8] = []
    var offset = range.lowerBound
    while let backslash = input.backslash(in: offset..<range.upperBound) {
      map.passText(offset..<backslash)
      escape.removeAll(keepingCapacity: true)
      offset = backslash + decodeEscape(input, backslash..<range.upperBound, into: &escape)
      map.passEscape(backslash..<offset, standingFor: escape.count)
    }
    map.passText(offset..<range.upperBound)
    return map.origins
  }

  private mutating func append(_ input: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    input.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Decodes the escape at the beginning of `range` and returns its length.
  private static func decodeEscape(
    _ input: Span<UInt8>, _ range: Range<Int>, into bytes: inout [UInt8]
  ) -> Int {
    guard range.count >= 2 else {
      bytes.append(JSONByte.backslash)
      return 1
    }
    let length = input.lengthOfEscape(at: range.lowerBound, before: range.upperBound)
    guard length > 0 else {
      bytes.append(JSONByte.backslash)
      return 1
    }
    let end = range.lowerBound + length
    JSONEscapes.decode(input, range.lowerBound..<end, into: &bytes)
    return length
  }
}

/// Carries the bounds of parts of a decoded text over to what it was decoded from, while that is gone
/// through from its beginning to its end.
private struct OriginMap {
  /// Where the parts lie in the input, once all of it has been passed.
  private(set) var origins: [Range<Int>]
  private let parts: [Range<Int>]
  /// Indices of the parts by their beginnings and by their ends, those still to come; the next one
  /// is the last.
  private var starts: [Int]
  private var ends: [Int]
  /// How much of the decoded text has been passed.
  private var decoded = 0

  init(_ parts: [Range<Int>]) {
    self.parts = parts
    origins = parts
    starts = parts.indices.sorted { parts[$0].lowerBound > parts[$1].lowerBound }
    ends = parts.indices.sorted { parts[$0].upperBound > parts[$1].upperBound }
  }

  /// Passes bytes of the input that stand for themselves.
  mutating func passText(_ text: Range<Int>) {
    let first = decoded
    decoded += text.count
    while let part = starts.last, parts[part].lowerBound < decoded {
      begin(part, at: text.lowerBound + parts[part].lowerBound - first)
    }
    while let part = ends.last, parts[part].upperBound <= decoded {
      end(part, at: text.lowerBound + parts[part].upperBound - first)
    }
  }

  /// Passes an escape that stands for so many bytes.
  mutating func passEscape(_ escape: Range<Int>, standingFor count: Int) {
    decoded += count
    while let part = starts.last, parts[part].lowerBound < decoded {
      begin(part, at: escape.lowerBound)
    }
    while let part = ends.last, parts[part].upperBound <= decoded {
      end(part, at: escape.upperBound)
    }
  }

  private mutating func begin(_ part: Int, at offset: Int) {
    starts.removeLast()
    origins[part] = offset..<offset
  }

  private mutating func end(_ part: Int, at offset: Int) {
    ends.removeLast()
    let start = origins[part].lowerBound
    origins[part] = start..<max(start, offset)
  }
}

extension Span<UInt8> {
  /// The first backslash in `range`.
  func backslash(in range: Range<Int>) -> Int? {
    let raw = bytes
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = range.lowerBound
    while offset <= range.upperBound - 8 {
      // Checked by `unsafeLoadUnaligned` as well; any 8 bytes are a UInt64. The subtraction borrows
      // out of the lowest byte that is a backslash, and only that one is believed.
      let word = UInt64(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let other = word ^ ones &* UInt64(JSONByte.backslash)
      let found = (other &- ones) & ~other & (ones &* 0x80)
      guard found == 0 else { return offset + found.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < range.upperBound, self[offset] != JSONByte.backslash { offset += 1 }
    return offset < range.upperBound ? offset : nil
  }

  /// The length of the escape whose backslash is at `offset`; 0 for what is none.
  fileprivate func lengthOfEscape(at offset: Int, before end: Int) -> Int {
    switch self[offset + 1] {
    case JSONByte.quote, JSONByte.backslash, JSONByte.slash, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
    case 0x75: break
    default: return 0
    }
    guard offset + 6 <= end, let unit = JSONByte.codeUnit(in: self, at: offset + 2) else {
      return 0
    }
    guard unit & 0xF800 == 0xD800 else { return 6 }
    guard unit < 0xDC00, offset + 12 <= end, self[offset + 6] == JSONByte.backslash,
      self[offset + 7] == 0x75, let low = JSONByte.codeUnit(in: self, at: offset + 8),
      low & 0xFC00 == 0xDC00
    else { return 0 }
    return 12
  }
}

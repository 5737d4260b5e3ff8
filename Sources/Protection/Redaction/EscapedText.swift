// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A text with its backslash escapes decoded, which remembers where each part of it came from.
///
/// For the content of JSON strings, and for JSON inside of strings, where an escape is a guess: what
/// is no escape of RFC 8259 is kept as it is.
struct EscapedText {
  private(set) var bytes: [UInt8] = []
  /// Whether a backslash is left, and with it perhaps another level of escapes.
  private(set) var hasBackslash = false
  /// The escapes, in order.
  private var escapes: [Escape] = []
  private var start = 0

  /// Escapes of one length side by side. Texts are far shorter than 4 GiB.
  private struct Escape {
    let decodedStart: UInt32
    let originStart: UInt32
    var repeats: UInt32 = 1
    let decodedCount: UInt8
    let originCount: UInt8

    init(decoded: Range<Int>, origin: Range<Int>) {
      decodedStart = UInt32(truncatingIfNeeded: decoded.lowerBound)
      originStart = UInt32(truncatingIfNeeded: origin.lowerBound)
      decodedCount = UInt8(truncatingIfNeeded: max(1, decoded.count))
      originCount = UInt8(truncatingIfNeeded: origin.count)
    }

    var decoded: Range<Int> {
      Int(decodedStart)..<Int(decodedStart) + Int(repeats) * Int(decodedCount)
    }
    var origin: Range<Int> {
      Int(originStart)..<Int(originStart) + Int(repeats) * Int(originCount)
    }

    func continues(_ other: Escape) -> Bool {
      decodedCount == other.decodedCount && originCount == other.originCount
        && origin.lowerBound == other.origin.upperBound
    }
  }

  /// Decodes `range` of `input`, forgetting the text before.
  mutating func decode(_ input: Span<UInt8>, _ range: Range<Int>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(range.count)
    escapes.removeAll(keepingCapacity: true)
    start = range.lowerBound
    hasBackslash = false
    var offset = range.lowerBound
    while let backslash = input.backslash(in: offset..<range.upperBound) {
      append(input, offset..<backslash)
      let (origin, decoded) = (backslash, bytes.count)
      offset = backslash + decodeEscape(input, backslash..<range.upperBound)
      hasBackslash = hasBackslash || bytes.last == JSONByte.backslash
      append(Escape(decoded: decoded..<bytes.count, origin: origin..<offset))
    }
    append(input, offset..<range.upperBound)
  }

  /// Where in the input a hit lies: whole escapes, never parts of one.
  func origin(of range: Range<Int>) -> Range<Int> {
    origin(of: range.lowerBound, isEnd: false)..<origin(of: range.upperBound, isEnd: true)
  }

  private func origin(of offset: Int, isEnd: Bool) -> Int {
    // The last escapes that begin before the offset, or at it.
    var (low, high) = (0, escapes.count)
    while low < high {
      let middle = (low + high) / 2
      let first = escapes[middle].decoded.lowerBound
      if isEnd ? first < offset : first <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return start + offset }
    let escape = escapes[low - 1]
    let behind = offset - escape.decoded.upperBound
    if behind >= 0 { return escape.origin.upperBound + behind }
    let inside = offset - escape.decoded.lowerBound
    let size = Int(escape.decodedCount)
    let whole = isEnd ? (inside + size - 1) / size : inside / size
    return escape.origin.lowerBound + whole * Int(escape.originCount)
  }

  private mutating func append(_ escape: Escape) {
    if let last = escapes.last, escape.continues(last) {
      escapes[escapes.count - 1].repeats += 1
    } else {
      escapes.append(escape)
    }
  }

  private mutating func append(_ input: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    input.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Decodes the escape at the beginning of `range` and returns its length.
  private mutating func decodeEscape(_ input: Span<UInt8>, _ range: Range<Int>) -> Int {
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

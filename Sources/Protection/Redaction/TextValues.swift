// Hansard
// SPDX-License-Identifier: Apache-2.0

// What may stand where a value is expected.

extension Span<UInt8> {
  /// The text between the quotation mark at `start`, behind prefixes such as `f` and backslashes, and
  /// the next one like it; up to the end of the line where there is none.
  ///
  /// Marks with more backslashes before them are part of the text, those with fewer end it.
  func quoted(from start: Int) -> (range: Range<Int>, isClosed: Bool)? {
    var offset = start
    while offset < count, offset < start + 2, "fFrRbBuU@$".utf8.contains(self[offset]) {
      offset += 1
    }
    guard let (mark, depth) = skipQuote(&offset) else { return nil }
    let body = offset
    let limit = Swift.min(count, body + Assignment.longestValue)
    var backslashes = 0
    while offset < limit {
      let byte = self[offset]
      if byte == JSONByte.backslash {
        backslashes += 1
      } else {
        if byte == mark, backslashes <= depth { return (body..<offset - backslashes, true) }
        let endsLine = byte == 0x0A || byte == 0x1B
        let isEscape = (byte == 0x6E || byte == 0x72) && backslashes > 0
        // Inside of a plain string of JSON an escaped line's end is part of the string.
        if endsLine || isEscape && (depth > 0 ? backslashes <= depth : mark != JSONByte.quote) {
          return (body..<offset - backslashes, false)
        }
        backslashes = 0
      }
      offset += 1
    }
    return (body..<endOfLongValue(from: offset - backslashes), false)
  }

  /// The first offset from `start` on whose byte `isEnd` says yes to, or where an escape begins.
  func end(from start: Int, _ isEnd: (UInt8) -> Bool) -> Int {
    let limit = Swift.min(count, start + Assignment.longestValue)
    var offset = start
    while offset < limit, !isEnd(self[offset]) {
      if self[offset] == JSONByte.backslash, isEscape(at: offset) { return offset }
      offset += 1
    }
    return offset < limit ? offset : endOfLongValue(from: offset)
  }

  /// Where a value ends that is longer than is looked at: with its run of visible bytes.
  private func endOfLongValue(from start: Int) -> Int {
    var offset = start
    while offset < count, ByteClass.visible.contains(self[offset]) { offset += 1 }
    return offset
  }

  /// What stands in `range` before white space.
  func firstWord(of range: Range<Int>) -> Range<Int> {
    var end = range.lowerBound
    while end < range.upperBound, self[end] > 0x20 { end += 1 }
    return range.lowerBound..<end
  }

  /// `range` without what ends a sentence or a list behind it.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, ";,).*:".utf8.contains(self[end - 1]) || self[end - 1] == 0x5C {
      end -= 1
    }
    return range.lowerBound..<end
  }

  /// `$NAME`, `${NAME}`, `<name>`, `{{ name }}`, `%NAME%`, `%s`, `!tag`, `#fff`, `/^re/`, a URL:
  /// where
  /// a secret will be, or none.
  func isReference(_ range: Range<Int>) -> Bool {
    guard let first = range.first, let last = range.last else { return true }
    let next = range.count > 1 ? self[first + 1] : 0
    switch self[first] {
    case UInt8(ascii: "$"): return isNameStart(next) || "{(".utf8.contains(next)
    case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): return true
    case UInt8(ascii: "%"):
      return self[last] == UInt8(ascii: "%") || "(srd".utf8.contains(next)
    case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), JSONByte.backslash:
      return range.dropFirst().allSatisfy { ByteClass.word.contains(self[$0]) }
    case UInt8(ascii: "#"): return isColor(range)
    case UInt8(ascii: "/"): return "^[(".utf8.contains(next)
    case UInt8(ascii: ":"): return isNameStart(next)
    case UInt8(ascii: "."): return range.count <= 3
    default: return isURL(range)
    }
  }

  /// `#d8dee9`, as style sheets have it.
  private func isColor(_ range: Range<Int>) -> Bool {
    [4, 7, 9].contains(range.count)
      && range.dropFirst().allSatisfy { ByteClass.hex.contains(self[$0]) }
  }

  func isNameStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || ByteClass.alnum.contains(byte) && !ByteClass.digit.contains(byte)
  }

  /// A URL has rules of its own.
  private func isURL(_ range: Range<Int>) -> Bool {
    guard range.count > 5 else { return false }
    for offset in range.prefix(12) where self[offset] == UInt8(ascii: ":") {
      return offset > range.lowerBound && hasBytes("://", at: offset)
    }
    return false
  }

  /// Whether a word is an option, `-x` or `--name`, and no password that begins with a dash.
  func isOption(_ range: Range<Int>) -> Bool {
    guard hasByte(UInt8(ascii: "-"), at: range.lowerBound) else { return false }
    let words = Wording(self, range)
    return range.count < 3 || words.isLabel || words.digits == 0
  }
}

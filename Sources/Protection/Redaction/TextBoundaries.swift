// Hansard
// SPDX-License-Identifier: Apache-2.0

// Where words begin and end in a text that may be encoded once more than it looks.

extension Span<UInt8> {
  /// Whether a token may begin at `offset`: not in the middle of a word.
  func isBeginning(_ offset: Int) -> Bool {
    guard offset > 0, ByteClass.alnum.contains(self[offset - 1]) else { return true }
    return isFresh(offset)
  }

  /// Whether what ends before `offset` is no part of the word that begins there although it ends in
  /// a letter or a digit, or looks like part of it: an escape, a percent-encoded byte, a terminal's
  /// escape sequence, the plus of a patch.
  func isFresh(_ offset: Int) -> Bool {
    isBehindEscape(offset) || isBehindPercentEncoding(offset) || isBehindTerminalSequence(offset)
      || isBehindPlus(offset)
  }

  /// The mark of a line that a patch adds.
  private func isBehindPlus(_ offset: Int) -> Bool {
    guard offset > 0, self[offset - 1] == UInt8(ascii: "+") else { return false }
    return offset == 1 || self[offset - 2] == 0x0A || offset > 2 && isEscapedLineEnd(at: offset - 3)
  }

  /// Whether the backslash at `offset` begins an escape, should the text be decoded once more.
  func isEscape(at offset: Int) -> Bool {
    guard offset + 1 < count, self[offset] == JSONByte.backslash else { return false }
    switch self[offset + 1] {
    case 0x22, 0x27, 0x2F, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74: return true
    case 0x75: return JSONByte.codeUnit(in: self, at: offset + 2) != nil
    default: return false
    }
  }

  /// `\n` and `\r`, behind however many backslashes: a line's end in a text that is encoded again.
  func isEscapedLineEnd(at offset: Int) -> Bool {
    offset + 1 < count && self[offset] == JSONByte.backslash
      && (self[offset + 1] == 0x6E || self[offset + 1] == 0x72)
  }

  private func isBehindEscape(_ offset: Int) -> Bool {
    guard offset >= 2 else { return false }
    if self[offset - 2] == JSONByte.backslash { return "bfnrt".utf8.contains(self[offset - 1]) }
    return offset >= 6 && self[offset - 6] == JSONByte.backslash && self[offset - 5] == 0x75
      && JSONByte.codeUnit(in: self, at: offset - 4) != nil
  }

  /// Only bytes that end a word when decoded: `%2F`, `%3D`, but not `%2B`, which is part of addresses.
  private func isBehindPercentEncoding(_ offset: Int) -> Bool {
    guard offset >= 3, self[offset - 3] == UInt8(ascii: "%"),
      let high = Hexadecimal.value(of: self[offset - 2]),
      let low = Hexadecimal.value(of: self[offset - 1])
    else { return false }
    let byte = high << 4 | low
    return !ByteClass.unreserved.contains(byte) && byte != UInt8(ascii: "+")
  }

  /// `ESC [ parameters letter` (ECMA-48), or the colours of it with the escape spelled out or lost.
  private func isBehindTerminalSequence(_ offset: Int) -> Bool {
    guard offset >= 2, ByteClass.alnum.contains(self[offset - 1]) else { return false }
    var start = offset - 2
    while start > 0, offset - start < 16,
      ByteClass.digit.contains(self[start]) || self[start] == UInt8(ascii: ";")
    {
      start -= 1
    }
    guard self[start] == UInt8(ascii: "[") else { return false }
    if start > 0, self[start - 1] == 0x1B { return true }
    return self[offset - 1] == UInt8(ascii: "m") && start < offset - 2
  }

  /// Where the escape begins that `offset` would cut in two; `offset` itself where it cuts none.
  func clearOfEscapes(_ offset: Int) -> Int {
    var end = offset
    while end > 0, end < count, self[end - 1] == JSONByte.backslash { end -= 1 }
    for back in 2...5 where end - back >= 0 && end < count {
      if self[end - back] == JSONByte.backslash, isEscape(at: end - back),
        self[end - back + 1] == 0x75
      {
        return end - back
      }
    }
    return end
  }
}

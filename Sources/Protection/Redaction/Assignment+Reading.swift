// Hansard
// SPDX-License-Identifier: Apache-2.0

// Looking around a name; every look is bounded.

extension Span<UInt8> {
  func hasByte(_ byte: UInt8, at offset: Int) -> Bool { offset < count && self[offset] == byte }

  /// Whether `word` stands at `offset`, in small letters.
  func hasBytes(_ word: StaticString, at offset: Int) -> Bool {
    word.withUTF8Buffer { word in
      guard offset >= 0, word.count <= count - offset else { return false }
      return word.indices.allSatisfy { AnchorAutomaton.folded(self[offset + $0]) == word[$0] }
    }
  }

  /// Skips a quotation mark with the backslashes before it, and returns them.
  func skipQuote(_ offset: inout Int) -> (mark: UInt8, depth: Int)? {
    var next = offset
    while next < count, next < offset + 16, self[next] == JSONByte.backslash { next += 1 }
    guard next < count, isQuote(self[next]) else { return nil }
    let depth = next - offset
    offset = next + 1
    return (self[next], depth)
  }

  func skipSpaces(_ offset: inout Int) {
    let limit = Swift.min(count, offset + 64)
    while offset < limit, self[offset] == 0x20 || self[offset] == 0x09 { offset += 1 }
  }

  @discardableResult
  func skipByte(_ byte: UInt8, _ offset: inout Int) -> Bool {
    guard hasByte(byte, at: offset) else { return false }
    offset += 1
    return true
  }

  /// Skips white space, `word` with or without quotation marks, and white space.
  func skipWord(_ word: StaticString, _ offset: inout Int) -> Bool {
    var next = offset
    let limit = Swift.min(count, offset + 64)
    while next < limit, self[next] <= 0x20 { next += 1 }
    let isQuoted = skipQuote(&next) != nil
    guard hasBytes(word, at: next) else { return false }
    next += word.utf8CodeUnitCount
    guard (skipQuote(&next) != nil) == isQuoted else { return false }
    skipSpaces(&next)
    offset = next
    return true
  }

  /// Whether `name` stands behind `<`.
  func isTag(_ name: Range<Int>) -> Bool {
    name.lowerBound > 0 && self[name.lowerBound - 1] == UInt8(ascii: "<")
  }

  /// Whether `name` is the key or the name that an element of XML gives: `<entry key="…">`.
  func isAttribute(_ name: Range<Int>) -> Bool {
    let start = startOfQuote(before: name.lowerBound)
    return hasBytes("key=", at: start - 4) || hasBytes("name=", at: start - 5)
  }

  /// Whether `name` in quotation marks is the first of what stands in brackets, or an option.
  func opensArguments(_ name: Range<Int>) -> Bool {
    let start = startOfQuote(before: name.lowerBound)
    guard start < name.lowerBound, start > 0 else { return false }
    if self[name.lowerBound] == UInt8(ascii: "-"),
      hasByte(UInt8(ascii: "-"), at: name.lowerBound + 1)
    {
      return true
    }
    return self[start - 1] == UInt8(ascii: "(") || self[start - 1] == UInt8(ascii: "[")
  }

  /// Where the quotation mark begins, backslashes included, that ends before `offset`; `offset` where
  /// there is none.
  private func startOfQuote(before offset: Int) -> Int {
    guard offset > 0, isQuote(self[offset - 1]) else { return offset }
    var start = offset - 1
    while start > 0, offset - start < 16, self[start - 1] == JSONByte.backslash { start -= 1 }
    return start
  }

  /// `ALTER ROLE app WITH PASSWORD '…'`.
  func isClause(_ name: Range<Int>) -> Bool {
    if name.allSatisfy({ ByteClass.upper.contains(self[$0]) }) { return true }
    let before = word(before: name.lowerBound)
    return ["with", "encrypted", "unencrypted", "set", "login", "superuser"].contains {
      (word: StaticString) in
      before.count == word.utf8CodeUnitCount && hasBytes(word, at: before.lowerBound)
    }
  }

  /// `login alice password …` (`.netrc`).
  func isBehindLogin(_ name: Range<Int>) -> Bool {
    let user = word(before: name.lowerBound)
    let login = word(before: user.lowerBound)
    return !user.isEmpty
      && (login.count == 5 && hasBytes("login", at: login.lowerBound)
        || login.count == 4 && hasBytes("user", at: login.lowerBound) && name.count == 8)
  }

  /// `ENV NAME …` (Dockerfile), `setx NAME …` (Windows).
  func isBehindDirective(_ name: Range<Int>) -> Bool {
    let before = word(before: name.lowerBound)
    return before.count == 3 && hasBytes("env", at: before.lowerBound)
      || before.count == 4 && hasBytes("setx", at: before.lowerBound)
  }

  /// The word before the white space before `offset`, at most 64 bytes long; white space is also a
  /// line's end that is escaped.
  private func word(before offset: Int) -> Range<Int> {
    var end = offset
    while end > 0, offset - end < 16 {
      if self[end - 1] <= 0x20 {
        end -= 1
      } else if end > 1, isEscapedLineEnd(at: end - 2) {
        end -= 2
      } else {
        break
      }
    }
    var start = end
    while start > 0, end - start < 64, self[start - 1] > 0x20, !isFresh(start) { start -= 1 }
    return start..<end
  }
}

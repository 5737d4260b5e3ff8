// Hansard
// SPDX-License-Identifier: Apache-2.0

// Telling code from a value that is written out.

extension Span<UInt8> {
  /// Whether a value is code that gives one: `get_token()`, `data['x']`, `line[a:b]`, `Dict[str, …`,
  /// `String?`, `a || b`, or the grammar of one, `1*char`. `end` is where the value was broken off.
  func isExpression(_ range: Range<Int>, endingAt end: Int) -> Bool {
    guard let first = range.first, let last = range.last else { return false }
    if end < count, isQuote(self[end]), end > first {
      if "([{+,".utf8.contains(self[end - 1]) { return true }
      // `label="…"`.
      if self[end - 1] == UInt8(ascii: "="), Wording(self, first..<end - 1).isLabel { return true }
    }
    if self[first] == UInt8(ascii: "!") || self[first] == UInt8(ascii: "-"), range.count > 1,
      isNameStart(self[first + 1]), isCall(range.dropFirst(), endingAt: end)
    {
      return true
    }
    if self[last] == UInt8(ascii: "?") {
      return range.dropLast().allSatisfy { ByteClass.word.contains(self[$0]) }
    }
    return isCall(range, endingAt: end) || hasOperator(range)
  }

  /// A name, perhaps of several parts, and behind it a bracket or another part.
  private func isCall(_ range: Range<Int>, endingAt end: Int) -> Bool {
    guard isNameStart(self[range.lowerBound]) else { return false }
    var (offset, parts) = (range.lowerBound, 1)
    while offset < range.upperBound {
      if ByteClass.word.contains(self[offset]) {
        offset += 1
      } else if self[offset] == UInt8(ascii: "."), offset + 1 < range.upperBound,
        isNameStart(self[offset + 1])
      {
        offset += 1
        parts += 1
      } else {
        break
      }
    }
    let next = offset < count ? self[offset] : 0
    if next == UInt8(ascii: "(") || next == UInt8(ascii: "[") { return true }
    if next == UInt8(ascii: "<") { return offset + 1 < count && isNameStart(self[offset + 1]) }
    return "?!-:".utf8.contains(next) && offset + 1 < count
      && (self[offset + 1] == UInt8(ascii: ".") || self[offset + 1] == UInt8(ascii: ">")
        || next == UInt8(ascii: ":") && self[offset + 1] == next)
  }

  /// Whether a value is the first word of an explanation: `key: Base64-encoded key of the object`.
  func isExplained(_ range: Range<Int>) -> Bool {
    guard range.count > 1, ByteClass.upper.contains(self[range.lowerBound]),
      ByteClass.lower.contains(self[range.lowerBound + 1])
    else { return false }
    return hasByte(0x20, at: range.upperBound) && range.upperBound + 1 < count
      && ByteClass.lower.contains(self[range.upperBound + 1])
  }

  /// Whether the quotation mark behind an assignment ends the text that its name begins:
  /// `"Password: "`, `'token='`. One that a value follows at once only begins that value, in the text
  /// of a string whose escapes are decoded: `"api_key = "…""`.
  func endsLabel(_ assignment: Assignment) -> Bool {
    let start = assignment.name.lowerBound
    guard assignment.nameQuote == nil, start > 0, isQuote(self[start - 1]) else { return false }
    var offset = assignment.start
    guard skipQuote(&offset)?.mark == self[start - 1] else { return false }
    return offset >= count || !ByteClass.alnum.contains(self[offset])
  }

  private func hasOperator(_ range: Range<Int>) -> Bool {
    for offset in range.prefix(64).dropLast() {
      switch (self[offset], self[offset + 1]) {
      case (0x3D, 0x3D), (0x3D, 0x3E), (0x7C, 0x7C), (0x26, 0x26):
        // The padding of base64 stands at the end.
        if offset + 2 < range.upperBound { return true }
      case (0x30...0x39, 0x2A) where offset == range.lowerBound: return true
      default: break
      }
    }
    return false
  }

  /// `DB_PASSWORD` at the beginning of a line, or behind white space: `export `, `-e ` and the like.
  func isVariable(_ name: Range<Int>) -> Bool {
    guard
      name.allSatisfy({ ByteClass.upperAlnum.contains(self[$0]) || self[$0] == UInt8(ascii: "_") })
    else { return false }
    guard name.lowerBound > 0 else { return true }
    let before = self[name.lowerBound - 1]
    return before <= 0x20 || isQuote(before) || before == UInt8(ascii: "+")
      || isFresh(name.lowerBound)
  }

  func isInQuery(_ name: Range<Int>) -> Bool {
    name.lowerBound > 0 && "?&".utf8.contains(self[name.lowerBound - 1])
  }

  /// Whether nothing but white space, a dash or a quotation mark stands before `name` on its line.
  func beginsLine(_ name: Range<Int>) -> Bool {
    var offset = name.lowerBound
    while offset > 0, name.lowerBound - offset < 64 {
      let byte = self[offset - 1]
      if byte == 0x0A || offset > 1 && isEscapedLineEnd(at: offset - 2) { return true }
      guard byte == 0x20 || byte == 0x09 || byte == 0x2D || byte == 0x2B || isQuote(byte) else {
        return false
      }
      offset -= 1
    }
    return offset == 0
  }

  /// Whether a value like `hunter2` is written out although a variable could be called so: at the end
  /// of its line.
  func isWritten(
    _ range: Range<Int>, _ notation: Assignment.Notation, _ name: Range<Int>
  ) -> Bool {
    if hasByte(UInt8(ascii: ","), at: range.upperBound) {
      return notation == .colon && !isBehindBracket(name)
    }
    guard endsCommand(range.upperBound) || hasByte(UInt8(ascii: "."), at: range.upperBound) else {
      return false
    }
    return notation == .colon || notation == .equals && beginsLine(name)
  }

  /// Whether a bracket of code stands before `name` on its line.
  private func isBehindBracket(_ name: Range<Int>) -> Bool {
    for offset in (Swift.max(0, name.lowerBound - 80)..<name.lowerBound).reversed() {
      if self[offset] == 0x0A { return beginsLine(name) }
      if "{([".utf8.contains(self[offset]) { return true }
    }
    return false
  }

  /// Whether a command ends at `offset`, or goes on with another option.
  func endsCommand(_ offset: Int) -> Bool {
    guard offset < count else { return true }
    if self[offset] == 0x20 { return hasBytes(" -", at: offset) || hasBytes(" |", at: offset) }
    return self[offset] < 0x20 || self[offset] == UInt8(ascii: ";") || isQuote(self[offset])
      || isEscapedLineEnd(at: offset)
  }

  /// Whether settings of a connection stand close by: `host=… user=… password=…`.
  func isAmongSettings(_ name: Range<Int>) -> Bool {
    var found = false
    for offset in Swift.max(0, name.lowerBound - 160)..<name.lowerBound {
      if self[offset] == UInt8(ascii: "(") { return false }
      guard !found, self[offset] == UInt8(ascii: "=") else { continue }
      found = Self.settings.contains { hasBytes($0, at: offset - $0.utf8CodeUnitCount) }
    }
    return found
  }

  private static var settings: [StaticString] {
    ["host", "user", "server", "uid", "dbname", "database", "port", "user id"]
  }

  /// Whether `name` in its quotation mark follows an opening parenthesis.
  func opensCall(_ name: Range<Int>) -> Bool {
    var start = name.lowerBound - 1
    while start > 0, self[start - 1] == JSONByte.backslash { start -= 1 }
    return start > 0 && self[start - 1] == UInt8(ascii: "(")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Assignment {
  /// The value, if it is written out and may be a secret: not a reference to one, not a type, not a
  /// word about it.
  func value(in text: Span<UInt8>, _ runs: inout RunCache) -> Range<Int>? {
    var start = start
    if let typed = typedValue(in: text) { start = typed }
    if let quoted = text.quoted(from: start) {
      return text.isLiteral(quoted, for: notation) ? quoted : nil
    }
    guard notation != .argument else { return nil }
    if notation == .element {
      let end = text.end(from: start) { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "\n") }
      return text.isLiteral(start..<end, for: notation) ? start..<end : nil
    }
    return bare(in: text, from: start)
  }

  /// The rest of the line that begins here, up to the quotation mark that encloses it, if any.
  func line(in text: Span<UInt8>) -> Range<Int>? {
    if let quoted = text.quoted(from: start) { return quoted }
    guard notation == .colon || notation == .equals else { return nil }
    var end = text.end(from: start) {
      $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") || text.isQuote($0)
    }
    while end > start, text[end - 1] == 0x20 || text[end - 1] == JSONByte.backslash { end -= 1 }
    return start..<end
  }

  /// Behind a type: `password: str = "…"`.
  private func typedValue(in text: Span<UInt8>) -> Int? {
    guard notation == .colon else { return nil }
    var offset = start
    while offset < text.count, offset < start + 32,
      ByteClass.word.contains(text[offset]) || "[]<>?".utf8.contains(text[offset])
    {
      offset += 1
    }
    guard offset > start, offset + 3 < text.count, text[offset] == 0x20,
      text[offset + 1] == UInt8(ascii: "="), text[offset + 2] == 0x20
    else { return nil }
    return offset + 3
  }

  /// A value without quotation marks.
  private func bare(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
    let isEnvironment = notation == .equals && text.isEnvironmentName(name)
    let end = text.end(from: start) { byte in
      if byte <= 0x20 || byte == 0x7F || text.isQuote(byte) { return true }
      return !isEnvironment && "&;,)]}<>|".utf8.contains(byte)
    }
    var range = start..<end
    while let last = range.last, ";,)".utf8.contains(text[last]) || text[last] == 0x5C {
      range = range.lowerBound..<last
    }
    let words = Wording(text, range)
    guard !range.isEmpty, !text.isReference(range), !text.isPlaceholder(range), !words.isKnown else {
      return nil
    }
    if isEnvironment { return words.isPath ? nil : range }
    guard !words.isCode, !words.isPath else { return nil }
    if notation == .flag { return range }
    if words.hasDigitOrSymbol {
      return words.isNumber && (notation == .colon || range.count < 4) ? nil : range
    }
    return isLetters(range, meant: text) ? range : nil
  }

  /// Whether a value of letters alone is one, and no variable: in a list of settings, or all that its
  /// line says.
  private func isLetters(_ range: Range<Int>, meant text: Span<UInt8>) -> Bool {
    let next = range.upperBound < text.count ? text[range.upperBound] : UInt8(ascii: "\n")
    switch notation {
    case .equals:
      return next == UInt8(ascii: "&") || next == UInt8(ascii: ";")
        || text.isAmongSettings(name)
    case .colon:
      let isCapital = ByteClass.upper.contains(text[range.lowerBound])
      return next == UInt8(ascii: "\n") && !isCapital && text.beginsLine(name)
    default: return false
    }
  }
}

extension Span<UInt8> {
  /// The text between the quotation mark at `start`, behind prefixes such as `f` and backslashes, and
  /// the next one like it; up to the end of the line where there is none.
  fileprivate func quoted(from start: Int) -> Range<Int>? {
    var offset = start
    while offset < count, offset < start + 2, "fFrRbBuU@$".utf8.contains(self[offset]) { offset += 1 }
    while offset < count, offset < start + 6, self[offset] == JSONByte.backslash { offset += 1 }
    guard offset < count, isQuote(self[offset]) else { return nil }
    let mark = self[offset]
    let body = offset + 1
    var end = end(from: body) { $0 == mark || $0 == UInt8(ascii: "\n") }
    while end > body, self[end - 1] == JSONByte.backslash { end -= 1 }
    return body..<end
  }

  /// The first offset from `start` on whose byte `isEnd` says yes to, at most a value's length away.
  fileprivate func end(from start: Int, _ isEnd: (UInt8) -> Bool) -> Int {
    let limit = Swift.min(count, start + Assignment.longestValue)
    var offset = start
    while offset < limit, !isEnd(self[offset]) { offset += 1 }
    return offset
  }

  /// Whether what stands between quotation marks is a secret and no label, type or template.
  fileprivate func isLiteral(_ range: Range<Int>, for notation: Assignment.Notation) -> Bool {
    let words = Wording(self, range)
    guard !range.isEmpty, !isReference(range), !isPlaceholder(range), !words.isKnown else {
      return false
    }
    if words.isProse || words.isPath { return false }
    return notation != .argument || words.hasDigitOrSymbol
  }

  /// `$NAME`, `${NAME}`, `<name>`, `{{ name }}`, `%NAME%`, `f"{name}"`: where a secret will be.
  func isReference(_ range: Range<Int>) -> Bool {
    guard let first = range.first, let last = range.last else { return true }
    switch self[first] {
    case UInt8(ascii: "$"):
      return range.count > 1
        && (ByteClass.word.contains(self[first + 1]) && !ByteClass.digit.contains(self[first + 1])
          || "{(".utf8.contains(self[first + 1]))
    case UInt8(ascii: "<"): return true
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("): return true
    case UInt8(ascii: "%"): return self[last] == UInt8(ascii: "%")
    case UInt8(ascii: "&"), UInt8(ascii: "*"): return notSecret(range)
    default: return self[first] == UInt8(ascii: ".") && range.count <= 3
    }
  }

  private func notSecret(_ range: Range<Int>) -> Bool {
    range.dropFirst().allSatisfy { ByteClass.word.contains(self[$0]) }
  }

  /// `DB_PASSWORD` at the beginning of a line, or behind `export `, `set `, `-e ` and the like.
  fileprivate func isEnvironmentName(_ name: Range<Int>) -> Bool {
    name.allSatisfy { ByteClass.upperAlnum.contains(self[$0]) || self[$0] == UInt8(ascii: "_") }
  }

  /// Whether nothing but white space, a dash or a quotation mark stands before `name` on its line.
  fileprivate func beginsLine(_ name: Range<Int>) -> Bool {
    var offset = name.lowerBound
    while offset > 0, name.lowerBound - offset < 64 {
      let byte = self[offset - 1]
      if byte == UInt8(ascii: "\n") { return true }
      guard byte == 0x20 || byte == 0x09 || byte == 0x2D || byte == 0x2B || isQuote(byte) else {
        return false
      }
      offset -= 1
    }
    return offset == 0
  }

  /// Whether settings of a connection stand close by: `host=… user=… password=…`.
  fileprivate func isAmongSettings(_ name: Range<Int>) -> Bool {
    let start = Swift.max(0, name.lowerBound - 160)
    let before = extracting(start..<name.lowerBound).withUnsafeBufferPointer {
      String(decoding: $0, as: UTF8.self).lowercased()
    }
    return ["host=", "user=", "server=", "uid=", "dbname=", "database=", "port=", "user id="]
      .contains { before.contains($0) } && !before.contains("(")
  }
}

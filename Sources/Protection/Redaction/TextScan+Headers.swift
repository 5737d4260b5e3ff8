// Hansard
// SPDX-License-Identifier: Apache-2.0

// `Authorization` and `Cookie`, in dumps of headers, in code and on command lines.

extension TextScan {
  /// The rest of a header's line, or of the quoted text that it ends with; the scheme before the
  /// credentials stays.
  mutating func header(
    _ text: Span<UInt8>, _ assignment: Assignment, _ kind: SensitiveName.Kind
  ) {
    guard !text.endsLabel(assignment), let (line, isQuoted) = text.line(of: assignment, &headerLine)
    else {
      return
    }
    let isMember = isQuoted && assignment.nameQuote != nil && assignment.notation == .colon
    let range: Range<Int>
    if kind == .authorization {
      guard let found = text.credentials(in: line, isMember: isMember) else { return }
      range = found
    } else {
      let hasPair = hasPair(line, text)
      guard hasPair ? line.count >= 6 : isMember && !Wording(text, line).isLabel,
        isQuoted || !text.isExpression(line, endingAt: line.upperBound)
      else { return }
      range = line
    }
    guard !text.isReference(range), !text.isPlaceholder(range) else { return }
    hit(range, in: text, kind.rawValue, .credential)
    covered = range.upperBound
  }

  /// Whether there is an equals sign, as between a cookie and its value.
  private mutating func hasPair(_ line: Range<Int>, _ text: Span<UInt8>) -> Bool {
    let start = max(line.lowerBound, pairless)
    guard start < line.upperBound else { return false }
    if text.firstIndex(of: UInt8(ascii: "="), in: start..<line.upperBound) != nil { return true }
    pairless = line.upperBound
    return false
  }

  /// What stands behind `Bearer `, wherever that is.
  mutating func bearer(_ text: Span<UInt8>, from start: Int) {
    guard rules.isOn(SensitiveName.Kind.authorization.rawValue), start >= covered else { return }
    let run = runs.end(of: .token68, in: text, from: start)
    let end = text.withoutStops(start..<run)
    guard end - start >= 16, text.isAcceptable(start..<end, .digitAndLetter) else { return }
    hit(start..<end, in: text, SensitiveName.Kind.authorization.rawValue, .credential)
  }

  /// What stands behind `Basic `: base64 with padding, or of a name, a colon and a password.
  mutating func basic(_ text: Span<UInt8>, from start: Int) {
    guard rules.isOn(SensitiveName.Kind.authorization.rawValue), start >= covered else { return }
    let run = runs.end(of: .base64, in: text, from: start)
    let end = text.padding(from: run)
    guard (16...1024).contains(end - start), (end - start) % 4 == 0,
      text.isAcceptable(start..<end, .mixed), end > run || text.holdsUser(start..<end)
    else { return }
    hit(start..<end, in: text, SensitiveName.Kind.authorization.rawValue, .credential)
  }
}

extension Span<UInt8> {
  /// The rest of the line that an assignment begins, up to the quotation mark that encloses it, if
  /// any: parameters, `realm="…"`, have marks of their own.
  fileprivate func line(
    of assignment: Assignment, _ walked: inout Range<Int>
  ) -> (range: Range<Int>, isQuoted: Bool)? {
    if let quoted = quoted(from: assignment.start) {
      guard assignment.notation != .argument || quoted.isClosed else { return nil }
      return (quoted.range, true)
    }
    guard assignment.notation == .colon || assignment.notation == .equals else { return nil }
    if walked.contains(assignment.start) { return (assignment.start..<walked.upperBound, false) }
    var offset = assignment.start
    let limit = Swift.min(count, offset + 4 * Assignment.longestValue)
    while offset < limit, self[offset] >= 0x20, !isEscapedLineEnd(at: offset) {
      if isQuote(self[offset]) || self[offset] == JSONByte.backslash && isEscape(at: offset) {
        guard let end = endOfParameter(at: offset) else { break }
        offset = end
      } else {
        offset += 1
      }
    }
    while offset > assignment.start, self[offset - 1] <= 0x20 { offset -= 1 }
    walked = assignment.start..<offset
    return (assignment.start..<offset, false)
  }

  /// The end of a quoted text whose quotation mark begins at `start`, behind a parameter's name and an
  /// equals sign: base64 ends in one, too.
  private func endOfParameter(at start: Int) -> Int? {
    guard start > 1, self[start - 1] == UInt8(ascii: "=") else { return nil }
    var name = start - 1
    while name > 0, start - name < 26, isNameStart(self[name - 1]) { name -= 1 }
    guard name > 0, name < start - 1, self[name - 1] == 0x20 || self[name - 1] == UInt8(ascii: ","),
      let quoted = quoted(from: start), quoted.isClosed
    else { return nil }
    var end = quoted.range.upperBound
    return skipQuote(&end).map { _ in end }
  }

  /// What follows the scheme of an `Authorization` header, all of it where there is no scheme; nil
  /// for words.
  fileprivate func credentials(in line: Range<Int>, isMember: Bool) -> Range<Int>? {
    guard
      let space = firstIndex(
        of: 0x20, in: line.lowerBound..<Swift.min(line.upperBound, line.lowerBound + 24)),
      (line.lowerBound..<space).allSatisfy({
        ByteClass.base64URL.contains(self[$0]) && !ByteClass.digit.contains(self[$0])
          || self[$0] == UInt8(ascii: "4") || self[$0] == UInt8(ascii: "2") || self[$0] == 0x35
          || self[$0] == 0x36
      })
    else {
      let word = isMember ? line : firstPart(of: line)
      return isCredential(word, isMember: isMember) ? word : nil
    }
    var start = space
    while start < line.upperBound, self[start] == 0x20 { start += 1 }
    let rest = start..<line.upperBound
    // One word, or a list of parameters.
    guard let end = firstIndex(of: 0x20, in: rest) else {
      let word = isMember ? rest : trimmed(rest)
      let words = Wording(self, word)
      return word.count >= 6 && !isCode(word) && !words.isSnake && !words.isKnown ? word : nil
    }
    if firstIndex(of: UInt8(ascii: "="), in: start..<end) != nil,
      firstIndex(of: UInt8(ascii: ","), in: rest.prefix(512)) != nil
    {
      return rest
    }
    let word = trimmed(start..<end)
    return isCredential(word, isMember: false) ? word : nil
  }

  /// What stands before the first comma, semicolon or space.
  private func firstPart(of range: Range<Int>) -> Range<Int> {
    var end = range.lowerBound
    while end < range.upperBound, self[end] > 0x20, !",;)".utf8.contains(self[end]) { end += 1 }
    return trimmed(range.lowerBound..<end)
  }

  private func isCode(_ range: Range<Int>) -> Bool {
    isExpression(range, endingAt: range.upperBound)
  }

  /// Whether a value without a scheme is a secret.
  private func isCredential(_ range: Range<Int>, isMember: Bool) -> Bool {
    let words = Wording(self, range)
    if isMember { return range.count >= 4 && !words.isProse && !words.isLabel }
    return range.count >= 8 && words.digits > 0 && !words.isProse && !words.isName
      && firstIndex(of: 0x20, in: range) == nil && !isCode(range)
  }

  /// Whether base64 stands for `user:password`.
  fileprivate func holdsUser(_ range: Range<Int>) -> Bool {
    var (bits, count, colons) = (UInt32(0), 0, 0)
    for offset in range where self[offset] != 0x3D {
      bits = bits << 6 | Self.sextet(self[offset])
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let byte = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      guard byte >= 0x20, byte != 0x7F else { return false }
      colons += byte == UInt8(ascii: ":") ? 1 : 0
    }
    return colons > 0
  }

  private static func sextet(_ byte: UInt8) -> UInt32 {
    switch byte {
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x61...0x7A: UInt32(byte - 0x61 + 26)
    case 0x30...0x39: UInt32(byte - 0x30 + 52)
    case UInt8(ascii: "+"): 62
    default: 63
    }
  }

  /// The first place of `byte` in `range`.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    for offset in range where self[offset] == byte { return offset }
    return nil
  }
}

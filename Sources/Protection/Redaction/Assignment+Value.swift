// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Assignment {
  /// A value that is written out and may be a secret.
  struct Value {
    let range: Range<Int>
    let isQuoted: Bool
  }

  /// The value, unless it is a reference to one, a type, an expression, or words about it.
  func value(in text: Span<UInt8>, _ kind: SensitiveName.Kind) -> Value? {
    if notation == .element { return element(in: text, kind) }
    guard !text.endsLabel(self) else { return nil }
    let start = typedValue(in: text) ?? start
    if let quoted = text.quoted(from: start) {
      let range = quoted.isClosed ? quoted.range : text.firstWord(of: quoted.range)
      guard isLiteral(range, in: text, kind),
        !isArgument || quoted.isClosed && fits(range, in: text)
      else { return nil }
      return Value(range: range, isQuoted: true)
    }
    guard !isArgument, notation != .statement else { return nil }
    return bare(in: text, from: start, kind).map { Value(range: $0, isQuoted: false) }
  }

  /// Up to the tag that closes the element; without one, `<token>` is a placeholder.
  private func element(in text: Span<UInt8>, _ kind: SensitiveName.Kind) -> Value? {
    let end = text.end(from: start) {
      $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 <= 0x1F
    }
    guard text.hasBytes("</", at: end), isLiteral(start..<end, in: text, kind) else { return nil }
    return Value(range: start..<end, isQuoted: true)
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
    guard offset > start, text.hasBytes(" = ", at: offset) else { return nil }
    return offset + 3
  }

  /// Whether what stands between quotation marks is a secret and no label, type or template.
  private func isLiteral(
    _ range: Range<Int>, in text: Span<UInt8>, _ kind: SensitiveName.Kind
  ) -> Bool {
    let own = text.withoutMarkers(range)
    let words = Wording(text, own)
    guard own.count >= kind.shortest, !text.isReference(own), !text.isPlaceholder(own),
      !words.isKnown, !words.isPath
    else { return false }
    // The mark ended a text and began none.
    if " );,]}".utf8.contains(text[range.lowerBound]), notation != .element { return false }
    if words.isPhrase { return true }
    if words.isProse || notation == .prose && words.digits == 0 { return false }
    if isArgument && words.isSnake { return false }
    if words.isLabel, words.hasSeams, KnownWords.nameSecret(text, own) { return false }
    return kind == .password && !isArgument ? true : !words.isLabel
  }

  private var isArgument: Bool { notation == .argument || notation == .call }

  /// Whether the value ends its list, or is one of a call's.
  private func fits(_ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    if text[name.lowerBound] == UInt8(ascii: "-") { return !text.isOption(range) }
    var offset = range.upperBound
    _ = text.skipQuote(&offset)
    text.skipSpaces(&offset)
    guard offset < text.count else { return false }
    if notation == .call { return text[offset] == UInt8(ascii: ")") }
    return text[offset] == UInt8(ascii: ")") || text[offset] == UInt8(ascii: "]")
      || text[offset] == UInt8(ascii: ",") && text.opensCall(name)
  }

  /// A value without quotation marks.
  private func bare(
    in text: Span<UInt8>, from start: Int, _ kind: SensitiveName.Kind
  ) -> Range<Int>? {
    let isVariable = notation == .equals && !isSpaced && text.isVariable(name)
    let isQuery = text.isInQuery(name)
    let end = text.endBesideMarkers(from: start) { byte in
      // What is not of the alphabets that passwords are typed in ends a value: `。`, `…`.
      if byte <= 0x20 || byte == 0x7F || byte >= 0xE0 { return true }
      if text.isQuote(byte) || isQuery && byte == UInt8(ascii: "#") { return true }
      return !isVariable && "&;,)]}<>|".utf8.contains(byte)
    }
    let range = text.trimmed(start..<end)
    let own = text.withoutMarkers(range)
    let words = Wording(text, own)
    guard own.count >= kind.shortest, !text.isReference(own), !text.isPlaceholder(own),
      !words.isKnown, !words.isPath, !text.isExpression(own, endingAt: end)
    else { return nil }
    if isVariable { return words.isLabel && kind != .password && range.count < 12 ? nil : range }
    if words.isNumber { return isNumber(range, in: text, kind) ? range : nil }
    guard !words.isName else { return nil }
    switch notation {
    case .prose, .login: return words.digits > 0 ? range : nil
    case .flag:
      if text.isOption(range) { return nil }
      return !words.isLabel || text.endsCommand(end) ? range : nil
    default:
      if words.isLabel { return isWord(range, in: text, kind) ? range : nil }
      let isCode = isSpaced || end < text.count && ",)".utf8.contains(text[end])
      if isCode, words.isIdentifier || words.isSnake {
        return kind == .password && words.digits > 0 && text.isWritten(range, notation, name)
          ? range : nil
      }
      return isSpaced && text.isExplained(range) ? nil : range
    }
  }

  /// Whether a number is a password and no count.
  private func isNumber(
    _ range: Range<Int>, in text: Span<UInt8>, _ kind: SensitiveName.Kind
  ) -> Bool {
    if name.count == 4, text.hasBytes("pass", at: name.lowerBound) { return false }
    if name.count == 3, range.count >= 3, kind == .secret { return true }
    return range.count >= (kind == .password ? 4 : 6) && (kind == .password || notation == .equals)
  }

  /// Whether a value of letters alone is one, and no variable: in a list of settings, or all that its
  /// line says.
  private func isWord(
    _ range: Range<Int>, in text: Span<UInt8>, _ kind: SensitiveName.Kind
  ) -> Bool {
    let next = range.upperBound < text.count ? text[range.upperBound] : 0x0A
    let endsLine = next == 0x0A || next == 0x0D || text.isEscapedLineEnd(at: range.upperBound)
    switch notation {
    case .equals:
      return next == UInt8(ascii: "&") || next == UInt8(ascii: ";")
        || next != UInt8(ascii: ",") && text.isAmongSettings(name)
        || kind == .password && !isSpaced && endsLine && text.beginsLine(name)
    case .colon:
      let isCapital = ByteClass.upper.contains(text[range.lowerBound])
      return kind == .password && endsLine && !isCapital && text.beginsLine(name)
    default: return false
    }
  }
}

extension SensitiveName.Kind {
  /// The fewest bytes that a text's value of this kind has; anything shorter is no secret.
  fileprivate var shortest: Int {
    switch self {
    case .password: 2
    case .secret: 3
    default: 6
    }
  }
}

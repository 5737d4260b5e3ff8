// Hansard
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
  /// A name that may be one of a secret, and what is assigned to it: `password=…`, `"api_key": "…"`,
  /// `--token …`, `<secret>…</secret>`, `Authorization: …`.
  mutating func name(_ text: Span<UInt8>, triggeredBy trigger: Range<Int>) {
    guard trigger.lowerBound >= nameEnd, trigger.lowerBound >= covered else { return }
    let name = text.name(around: trigger, behind: lastEnd)
    nameEnd = name.upperBound
    // The user information of a URL is looked at as such.
    guard name.lowerBound > userInfoEnd, let assignment = Assignment(in: text, to: name),
      let kind = text.kind(of: name, assignment), rules.isOn(kind.rawValue)
    else { return }
    switch kind {
    case .authorization, .cookie: header(text, assignment, kind)
    default: value(text, assignment, kind)
    }
  }

  private mutating func value(
    _ text: Span<UInt8>, _ assignment: Assignment, _ kind: SensitiveName.Kind
  ) {
    if let value = assignment.value(in: text, kind) {
      named(value, assignment, text, kind)
    } else if assignment.notation == .colon || assignment.notation == .equals {
      list(text, assignment, kind)
    }
  }

  /// A list of strings: each of them.
  private mutating func list(
    _ text: Span<UInt8>, _ assignment: Assignment, _ kind: SensitiveName.Kind
  ) {
    var offset = assignment.start
    guard text.skipByte(UInt8(ascii: "["), &offset) else { return }
    for _ in 0..<16 {
      text.skipSpaces(&offset)
      let item = Assignment(assignment, start: offset)
      guard let value = item.value(in: text, kind), value.isQuoted else { return }
      named(value, item, text, kind)
      offset = value.range.upperBound
      _ = text.skipQuote(&offset)
      text.skipSpaces(&offset)
      guard text.skipByte(UInt8(ascii: ","), &offset) else { return }
    }
  }

  private mutating func named(
    _ value: Assignment.Value, _ assignment: Assignment, _ text: Span<UInt8>,
    _ kind: SensitiveName.Kind
  ) {
    hit(value.range, in: text, kind.rawValue, .named)
    covered = value.range.upperBound
    guard !value.isQuoted, assignment.notation == .colon,
      let quote = assignment.nameQuote, quote.mark == JSONByte.quote
    else { return }
    // A number of JSON: a marker needs quotation marks in its place.
    hits[hits.count - 1].quotes = quote.depth
  }
}

extension Span<UInt8> {
  /// The whole name around `trigger`: letters, digits, `_`, `-` and `.`, at most 64 bytes on each
  /// side. A trigger may end behind it.
  fileprivate func name(around trigger: Range<Int>, behind floor: Int) -> Range<Int> {
    var (start, end) = (trigger.lowerBound, trigger.upperBound)
    while start > 0, start != floor, trigger.lowerBound - start < 64, isNamePart(self[start - 1]),
      !isFresh(start)
    {
      start -= 1
    }
    if isNamePart(self[end - 1]) {
      while end < count, end - trigger.upperBound < 64, isNamePart(self[end]) { end += 1 }
    }
    while end > start + 1, !isNamePart(self[end - 1]) || ".-".utf8.contains(self[end - 1]) {
      end -= 1
    }
    return start..<end
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    ByteClass.base64URL.contains(byte) || byte == UInt8(ascii: ".")
  }

  /// The kind of a name in a text. Some names say less in a text than as keys of JSON.
  fileprivate func kind(of name: Range<Int>, _ assignment: Assignment) -> SensitiveName.Kind? {
    // `-Dname=value` of Java.
    let isProperty = hasByte(0x2D, at: name.lowerBound) && hasByte(0x44, at: name.lowerBound + 1)
    let bytes = extracting(name.dropFirst(isProperty ? 2 : 0)).withUnsafeBufferPointer { Array($0) }
    if bytes.count == 4, bytes.elementsEqual("auth".utf8) {
      return isEncoded(at: assignment) ? .credential : nil
    }
    if bytes.count == 4, hasBytes("pass", at: name.lowerBound) {
      return isPassword(assignment) ? .password : nil
    }
    let isFunction = assignment.notation == .call
    if let kind = SensitiveName.kind(of: bytes, isFunction: isFunction) { return kind }
    guard name.lowerBound > 0, "?&;".utf8.contains(self[name.lowerBound - 1]) else { return nil }
    let folded = String(decoding: bytes.map(AnchorAutomaton.folded), as: UTF8.self)
    return ["sig", "signature", "x-amz-signature", "x-goog-signature"].contains(folded)
      ? .token : nil
  }

  /// `"auth": "dXNlcjpwYXNzd29yZA=="`, as Docker keeps it.
  private func isEncoded(at assignment: Assignment) -> Bool {
    guard assignment.nameQuote != nil, let value = quoted(from: assignment.start) else {
      return false
    }
    return isBase64(value.range)
  }

  /// `pass='…'`, `"pass": "…"`, `user=a&pass=…`; but not `pass: 12 tests`.
  private func isPassword(_ assignment: Assignment) -> Bool {
    switch assignment.notation {
    case .colon, .argument: quoted(from: assignment.start) != nil
    case .equals: true
    default: false
    }
  }

  /// Whether `range` is base64 that is too mixed to be a word.
  func isBase64(_ range: Range<Int>) -> Bool {
    guard range.count >= 16, range.count % 4 == 0 else { return false }
    let end = range.lowerBound + range.count - 2
    guard (range.lowerBound..<end).allSatisfy({ ByteClass.base64.contains(self[$0]) }),
      (end..<range.upperBound).allSatisfy({
        ByteClass.base64.contains(self[$0]) || self[$0] == 0x3D
      })
    else { return false }
    return isAcceptable(range, .mixed)
  }
}

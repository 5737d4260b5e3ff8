// Hansard
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
  /// A name that may be one of a secret, and what is assigned to it: `password=…`, `"api_key": "…"`,
  /// `--token …`, `<secret>…</secret>`, `Authorization: …`.
  mutating func name(_ text: Span<UInt8>, triggeredBy trigger: Range<Int>) {
    guard trigger.lowerBound >= nameEnd else { return }
    let name = text.name(around: trigger)
    nameEnd = name.upperBound
    guard let kind = text.kind(of: name), rules.isOn(kind.rawValue),
      let assignment = Assignment(in: text, to: name)
    else { return }
    switch kind {
    case .authorization, .cookie: header(text, assignment, kind)
    default: value(text, assignment, kind)
    }
  }

  private mutating func value(
    _ text: Span<UInt8>, _ assignment: Assignment, _ kind: SensitiveName.Kind
  ) {
    guard let range = assignment.value(in: text, &runs) else { return }
    hit(range, in: text, kind.rawValue, .named)
  }

  /// The rest of a header's line, or of the quoted text that it ends with; the scheme before the
  /// credentials stays.
  private mutating func header(
    _ text: Span<UInt8>, _ assignment: Assignment, _ kind: SensitiveName.Kind
  ) {
    guard var range = assignment.line(in: text) else { return }
    if kind == .authorization {
      range = text.credentials(in: range)
      guard range.count >= 6, !text.isReference(range) else { return }
    } else {
      guard range.count >= 6, text.firstIndex(of: UInt8(ascii: "="), in: range) != nil else {
        return
      }
    }
    guard !text.isPlaceholder(range) else { return }
    hit(range, in: text, kind.rawValue, .credential)
  }
}

extension Span<UInt8> {
  /// The whole name around `trigger`: letters, digits, `_`, `-` and `.`, at most 64 bytes on each
  /// side.
  fileprivate func name(around trigger: Range<Int>) -> Range<Int> {
    var (start, end) = (trigger.lowerBound, trigger.upperBound)
    while start > 0, trigger.lowerBound - start < 64, isNamePart(self[start - 1]) { start -= 1 }
    while end < count, end - trigger.upperBound < 64, isNamePart(self[end]) { end += 1 }
    while end > trigger.upperBound, self[end - 1] == UInt8(ascii: ".") || self[end - 1] == 0x2D {
      end -= 1
    }
    if self[end - 1] == UInt8(ascii: "=") { end -= 1 }
    return start..<end
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    ByteClass.base64URL.contains(byte) || byte == UInt8(ascii: ".")
  }

  /// The kind of a name in a text. `sig` and `signature` are credentials in a query only.
  fileprivate func kind(of name: Range<Int>) -> SensitiveName.Kind? {
    let bytes = extracting(name).withUnsafeBufferPointer { Array($0) }
    if let kind = SensitiveName.kind(of: bytes) { return kind }
    guard name.lowerBound > 0, "?&".utf8.contains(self[name.lowerBound - 1]) else { return nil }
    let folded = String(decoding: bytes.map(AnchorAutomaton.folded), as: UTF8.self)
    return ["sig", "signature", "x-amz-signature", "x-goog-signature"].contains(folded)
      ? .token : nil
  }

  /// What follows the scheme of an `Authorization` header, all of it where there is no scheme.
  fileprivate func credentials(in range: Range<Int>) -> Range<Int> {
    guard let space = firstIndex(of: UInt8(ascii: " "), in: range),
      space - range.lowerBound <= 20,
      (range.lowerBound..<space).allSatisfy({
        ByteClass.base64URL.contains(self[$0]) && !ByteClass.digit.contains(self[$0])
          || self[$0] == UInt8(ascii: "4")
      })
    else { return range }
    var start = space
    while start < range.upperBound, self[start] == UInt8(ascii: " ") { start += 1 }
    return start..<range.upperBound
  }

  /// The first place of `byte` in `range`.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    for offset in range where self[offset] == byte { return offset }
    return nil
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
  /// A token whose anchor was found.
  mutating func token(_ rule: RedactionRules.Rule, _ text: Span<UInt8>, anchor: Range<Int>) {
    let shape = rule.rule.shape
    guard rule.rule.foldsCase || text.hasBytes(shape.anchor, at: anchor.lowerBound) else { return }
    if case .within(let distance) = rule.rule.place {
      guard text.isWordStart(anchor.lowerBound) else { return }
      return announced(rule, text, from: anchor.upperBound, distance)
    }
    guard let start = shape.start(in: text, anchoredAt: anchor.lowerBound),
      text.isBeginning(start) || start == lastEnd,
      shape.anchor.count > 3 || shape.lead != nil || shape.tail.count > 1
        || !text.isInsideHash(start),
      let end = shape.end(of: text, from: anchor.upperBound, &runs),
      text.isAcceptable(shape.lead == nil ? anchor.upperBound..<end : start..<end, rule.rule.check)
    else { return }
    let isInside = shape.keepsAnchor
    hit((isInside ? anchor.upperBound : start)..<end, in: text, rule.family, .token)
  }

  /// A token that only the words before it tell from other texts: the first whole run of its class
  /// and length behind them, on the same line.
  private mutating func announced(
    _ rule: RedactionRules.Rule, _ text: Span<UInt8>, from start: Int, _ distance: Int
  ) {
    guard case .run(let kind, let count)? = rule.rule.shape.tail.first else { return }
    let limit = min(text.count, start + distance)
    var offset = start
    if offset > 0, kind.contains(text[offset - 1]) {
      offset = runs.end(of: kind, in: text, from: offset)
    }
    while offset < limit, text[offset] != UInt8(ascii: "\n"), text.endOfMarker(from: offset) == nil
    {
      guard kind.contains(text[offset]) else {
        offset += 1
        continue
      }
      let end = runs.end(of: kind, in: text, from: offset)
      if count.contains(end - offset), text.isAcceptable(offset..<end, rule.rule.check) {
        let end = kind == .base64 ? text.padding(from: end) : end
        return hit(offset..<end, in: text, rule.family, .token)
      }
      offset = end
    }
  }
}

extension Span<UInt8> {
  /// Whether a word begins at `offset`, also by a capital behind a small letter.
  fileprivate func isWordStart(_ offset: Int) -> Bool {
    isBeginning(offset)
      || ByteClass.upper.contains(self[offset]) && ByteClass.lower.contains(self[offset - 1])
  }

  /// Whether URL-safe base64 goes on before `offset`: three letters of a prefix come about by chance.
  fileprivate func isInsideHash(_ offset: Int) -> Bool {
    guard offset > 0, self[offset - 1] == 0x2D || self[offset - 1] == 0x5F else { return false }
    var start = offset
    while start > 0, offset - start < 48, ByteClass.base64URL.contains(self[start - 1]),
      !isFresh(start)
    {
      start -= 1
    }
    let kinds = Composition(self, start..<offset)
    return kinds.digits > 0 && kinds.upper > 0 && kinds.lower > 0
  }

  /// Whether what fills a shape may be a secret.
  func isAcceptable(_ body: Range<Int>, _ check: SecretRule.Check) -> Bool {
    let kinds = Composition(self, body)
    let fits =
      switch check {
      case .none: true
      case .digitAndLetter: kinds.digits > 0 && kinds.upper + kinds.lower > 0
      case .mixed: kinds.digits > 0 && kinds.upper > 0 && kinds.lower > 0
      case .notHex: !kinds.isHex
      }
    return fits && !isPlaceholder(body, kinds)
  }

  /// `xxxxxxxx`, `********`, `your-token-here`: what people write where a secret belongs.
  func isPlaceholder(_ body: Range<Int>) -> Bool {
    isPlaceholder(body, Composition(self, body))
  }

  private func isPlaceholder(_ body: Range<Int>, _ kinds: Composition) -> Bool {
    guard body.count > 0 else { return true }
    if kinds.filler * 10 >= kinds.looked * 6 { return true }
    let head = body.lowerBound..<min(body.upperBound, body.lowerBound + 128)
    return Self.placeholders.contains { contains($0, in: head) }
      || body.count <= 24 && contains("redacted", in: head)
  }

  private static var placeholders: [StaticString] {
    [
      "your", "xxxx", "****", "....", "placeholder", "-here", "_here", "dummy", "<", "${",
      "{{",
    ]
  }

  /// Whether `word` occurs in `range`: in small letters as it is given, in capitals, or with one
  /// before small letters. Other mixtures come about by chance.
  private func contains(_ word: StaticString, in range: Range<Int>) -> Bool {
    word.withUTF8Buffer { word in
      guard let first = word.first, range.count >= word.count else { return false }
      for start in range.lowerBound...(range.upperBound - word.count) {
        guard AnchorAutomaton.folded(self[start]) == first else { continue }
        let found = start..<start + word.count
        guard word.indices.allSatisfy({ AnchorAutomaton.folded(self[start + $0]) == word[$0] })
        else {
          continue
        }
        let capitals = found.count { ByteClass.upper.contains(self[$0]) }
        if capitals == 0 || capitals > word.count - 2 { return true }
        if capitals == 1, ByteClass.upper.contains(self[start]) { return true }
      }
      return false
    }
  }
}

/// What the first bytes of a body are made of.
struct Composition {
  private(set) var digits = 0
  private(set) var upper = 0
  private(set) var lower = 0
  private(set) var isHex = true
  /// Bytes that people fill a gap with.
  private(set) var filler = 0
  /// Bytes that were looked at: as many as tell, so that a long body costs no more than a short one.
  let looked: Int

  init(_ text: Span<UInt8>, _ body: Range<Int>) {
    looked = min(body.count, 128)
    for offset in body.lowerBound..<body.lowerBound + looked {
      let byte = text[offset]
      digits += ByteClass.digit.contains(byte) ? 1 : 0
      upper += ByteClass.upper.contains(byte) ? 1 : 0
      lower += ByteClass.lower.contains(byte) ? 1 : 0
      isHex = isHex && ByteClass.hex.contains(byte)
      filler += "xX*.0-_#".utf8.contains(byte) ? 1 : 0
    }
  }
}

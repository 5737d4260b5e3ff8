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
    while offset < limit, text[offset] != UInt8(ascii: "\n") {
      guard kind.contains(text[offset]) else {
        // What stands in a marker was found already.
        if text.endOfMarker(from: offset) != nil { return }
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
}

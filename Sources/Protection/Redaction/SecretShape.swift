// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How the tokens of one kind are written, in a small language without backtracking:
/// ```
/// ghp_{alnum:36}              a literal, then exactly 36 letters or digits and no 37th
/// sk-ant-{b64url:80+}         at least 80
/// LTAI{alnum:12-30}           12 to 30
/// eyJ{b64url:9+}[.{b64url:0+}]   what is in brackets may be missing
/// {alnum:14}.atlasv1.{b64:60+}   a run may stand before the literal
/// AccountKey=|{b64:86}        the literal before the bar only announces the token and is kept
/// ```
/// A run takes as much as it can and gives nothing back. The first literal is the *anchor*, which
/// the automaton looks for; at most one run of a bounded length may stand before it.
package struct SecretShape: Sendable {
  indirect enum Part: Sendable, Equatable {
    case literal([UInt8])
    case run(ByteClass, ClosedRange<Int>)
    case optional([Part])
  }

  /// The run before the anchor, read backwards.
  let lead: (kind: ByteClass, count: ClosedRange<Int>)?
  /// Not empty.
  let anchor: [UInt8]
  let tail: [Part]
  /// Whether the anchor is no part of the token.
  let keepsAnchor: Bool

  /// Reads the language above; nil for what is not of it.
  package init?(_ text: String) {
    let pieces = text.utf8.split(separator: UInt8(ascii: "|"), maxSplits: 1)
    keepsAnchor = pieces.count == 2
    var reader = ShapeReader(Array(pieces.joined()))
    guard var parts = reader.parts(), reader.isAtEnd else { return nil }
    if case .run(let kind, let count)? = parts.first {
      guard count.upperBound <= Self.longestLead else { return nil }
      lead = (kind, count)
      parts.removeFirst()
    } else {
      lead = nil
    }
    guard case .literal(let anchor)? = parts.first, !anchor.isEmpty,
      !keepsAnchor || lead == nil && anchor.count == pieces[0].count
    else { return nil }
    self.anchor = anchor
    tail = Array(parts.dropFirst())
  }

  /// A literal followed by a run.
  init(prefix: [UInt8], _ kind: ByteClass, _ count: ClosedRange<Int>) {
    lead = nil
    anchor = prefix
    tail = [.run(kind, count)]
    keepsAnchor = false
  }

  /// The longest run before an anchor.
  static let longestLead = 96
}

extension SecretShape {
  /// Where the tail ends that begins at `offset`, behind the anchor; nil where it does not fit.
  func end(of text: Span<UInt8>, from offset: Int, _ runs: inout RunCache) -> Int? {
    Self.end(of: tail, in: text, from: offset, &runs)
  }

  /// Where a token begins whose anchor begins at `offset`; nil where its lead does not fit.
  func start(in text: Span<UInt8>, anchoredAt offset: Int) -> Int? {
    guard let lead else { return offset }
    var start = offset
    while start > 0, offset - start <= lead.count.upperBound, lead.kind.contains(text[start - 1]),
      !text.isFresh(start)
    {
      start -= 1
    }
    return lead.count.contains(offset - start) ? start : nil
  }

  private static func end(
    of parts: [Part], in text: Span<UInt8>, from offset: Int, _ runs: inout RunCache
  ) -> Int? {
    var offset = offset
    for part in parts {
      switch part {
      case .literal(let bytes):
        guard text.hasBytes(bytes, at: offset) else { return nil }
        offset += bytes.count
      case .run(let kind, let count):
        let end = runs.end(of: kind, in: text, from: offset)
        let trimmed = kind.endsSentences ? text.withoutStops(offset..<end) : end
        guard count.contains(trimmed - offset) || count.contains(end - offset) else { return nil }
        let isWhole = !count.contains(trimmed - offset)
        offset = kind == .base64 ? text.padding(from: end) : isWhole ? end : trimmed
      case .optional(let parts):
        offset = end(of: parts, in: text, from: offset, &runs) ?? offset
      }
    }
    return offset
  }
}

extension Span<UInt8> {
  /// The end of the base64 padding at `offset`, at most two bytes.
  func padding(from offset: Int) -> Int {
    var end = offset
    while end < count, end < offset + 2, self[end] == 0x3D { end += 1 }
    return end
  }

  /// The end of `range` before the full stops that end it.
  func withoutStops(_ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound, self[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return end
  }

  /// Whether `bytes` stand at `offset`.
  func hasBytes(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, bytes.count <= count - offset else { return false }
    for index in bytes.indices where self[offset + index] != bytes[index] { return false }
    return true
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How the tokens of one kind are written, in a small language without backtracking:
/// ```
/// ghp_{alnum:36}              a literal, then exactly 36 letters or digits and no 37th
/// sk-ant-{b64url:80+}         at least 80
/// AccountKey={b64:86-88}      86 to 88
/// eyJ{b64url:9+}[.{b64url:0+}]   what is in brackets may be missing
/// {alnum:14}.atlasv1.{b64:60+}   a run may stand before the literal
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

  /// Reads the language above; nil for what is not of it.
  package init?(_ text: String) {
    var reader = ShapeReader(Array(text.utf8))
    guard var parts = reader.parts(), reader.isAtEnd else { return nil }
    if case .run(let kind, let count)? = parts.first {
      guard count.upperBound <= Self.longestLead else { return nil }
      lead = (kind, count)
      parts.removeFirst()
    } else {
      lead = nil
    }
    guard case .literal(let anchor)? = parts.first, !anchor.isEmpty else { return nil }
    self.anchor = anchor
    tail = Array(parts.dropFirst())
  }

  /// A literal followed by a run.
  init(prefix: [UInt8], _ kind: ByteClass, _ count: ClosedRange<Int>) {
    lead = nil
    anchor = prefix
    tail = [.run(kind, count)]
  }

  /// The longest run before an anchor.
  static let longestLead = 64
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
    while start > 0, offset - start <= lead.count.upperBound, lead.kind.contains(text[start - 1]) {
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
        guard count.contains(end - offset) else { return nil }
        offset = kind == .base64 ? text.padding(from: end) : end
      case .optional(let parts):
        offset = end(of: parts, in: text, from: offset, &runs) ?? offset
      }
    }
    return offset
  }
}

/// Reads a shape from its text.
private struct ShapeReader {
  private let text: [UInt8]
  private var offset = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  var isAtEnd: Bool { offset == text.count }

  /// The parts up to the end, or up to the bracket that closes an optional group.
  mutating func parts() -> [SecretShape.Part]? {
    var parts: [SecretShape.Part] = []
    var literal: [UInt8] = []
    func flushed() -> [SecretShape.Part] { literal.isEmpty ? parts : parts + [.literal(literal)] }
    while offset < text.count, text[offset] != UInt8(ascii: "]") {
      let byte = text[offset]
      offset += 1
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else {
        literal.append(byte)
        continue
      }
      parts = flushed()
      literal = []
      guard let part = byte == UInt8(ascii: "{") ? run() : group() else { return nil }
      parts.append(part)
    }
    return flushed()
  }

  private mutating func group() -> SecretShape.Part? {
    guard let parts = parts(), offset < text.count, !parts.isEmpty else { return nil }
    offset += 1
    return .optional(parts)
  }

  /// `class:n}`, `class:n-m}` or `class:n+}`.
  private mutating func run() -> SecretShape.Part? {
    guard let close = text[offset...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let words = String(decoding: text[offset..<close], as: UTF8.self)
      .split(separator: ":", omittingEmptySubsequences: false)
    offset = close + 1
    guard words.count == 2, let kind = ByteClass(rawValue: String(words[0])),
      let count = Self.count(words[1])
    else { return nil }
    return .run(kind, count)
  }

  private static func count(_ text: Substring) -> ClosedRange<Int>? {
    if text.utf8.last == UInt8(ascii: "+") {
      return Int(text.dropLast()).flatMap { $0 >= 0 ? $0...Int(Int32.max) : nil }
    }
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard let low = bounds[0], bounds.count <= 2, let high = bounds.last ?? nil, 0 <= low,
      low <= high
    else { return nil }
    return low...high
  }
}

extension Span<UInt8> {
  /// The end of the base64 padding at `offset`, at most two bytes.
  func padding(from offset: Int) -> Int {
    var end = offset
    while end < count, end < offset + 2, self[end] == 0x3D { end += 1 }
    return end
  }

  /// Whether `bytes` stand at `offset`.
  func hasBytes(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, bytes.count <= count - offset else { return false }
    for index in bytes.indices where self[offset + index] != bytes[index] { return false }
    return true
  }
}

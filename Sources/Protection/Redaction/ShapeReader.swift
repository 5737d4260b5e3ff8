// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Reads a shape from its text.
struct ShapeReader {
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

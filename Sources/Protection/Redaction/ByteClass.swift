// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A named set of ASCII bytes, of which the bodies of tokens are made.
package enum ByteClass: String, Sendable, Hashable, CaseIterable {
  case digit
  case upper
  case lower
  /// `0-9a-f`.
  case lowerHex = "lowerhex"
  /// `0-9a-fA-F`.
  case hex
  /// `0-9a-fA-F-`: UUIDs.
  case uuid
  /// `0-9A-Za-z`, also called base62.
  case alnum
  case upperAlnum = "upperalnum"
  case lowerAlnum = "loweralnum"
  /// `0-9A-Za-z_`.
  case word
  /// The URL-safe alphabet of RFC 4648 section 5, without padding: `0-9A-Za-z_-`.
  case base64URL = "b64url"
  /// The alphabet of RFC 4648 section 4: `0-9A-Za-z+/`. Padding behind a run belongs to it but is
  /// not counted.
  case base64 = "b64"
  /// The unreserved characters of RFC 3986: `0-9A-Za-z-._~`. Full stops behind a run end a sentence
  /// rather than a token.
  case unreserved
  /// The same, and percent signs.
  case percent
  /// `token68` of RFC 9110, section 11.2: `0-9A-Za-z-._~+/=`.
  case token68
  /// Visible ASCII but quotes, brackets, comma, semicolon and the backslash.
  case plain
  /// Visible ASCII but quotes and the backslash.
  case visible

  /// Whether `byte` is one of the set.
  func contains(_ byte: UInt8) -> Bool {
    Self.masks[Int(byte)] & bit != 0
  }

  /// Whether full stops behind a run of it more likely end the sentence.
  var endsSentences: Bool { self == .unreserved || self == .percent || self == .token68 }

  /// This class's bit in `masks`.
  var bit: UInt32 { 1 << UInt32(position) }

  /// Where the class stands among all: small and dense.
  var position: Int {
    switch self {
    case .digit: 0
    case .upper: 1
    case .lower: 2
    case .lowerHex: 3
    case .hex: 4
    case .uuid: 5
    case .alnum: 6
    case .upperAlnum: 7
    case .lowerAlnum: 8
    case .word: 9
    case .base64URL: 10
    case .base64: 11
    case .token68: 12
    case .plain: 13
    case .visible: 14
    case .unreserved: 15
    case .percent: 16
    }
  }

  /// For each byte the classes that hold it, as bits.
  static let masks: [UInt32] = (0...UInt8.max).map { byte in
    allCases.reduce(0) { $0 | ($1.holds(byte) ? $1.bit : 0) }
  }

  private func holds(_ byte: UInt8) -> Bool {
    let isDigit = byte >= 0x30 && byte <= 0x39
    let isUpper = byte >= 0x41 && byte <= 0x5A
    let isLower = byte >= 0x61 && byte <= 0x7A
    let isAlnum = isDigit || isUpper || isLower
    switch self {
    case .digit: return isDigit
    case .upper: return isUpper
    case .lower: return isLower
    case .lowerHex: return isDigit || (isLower && byte <= 0x66)
    case .hex: return isDigit || (isLower && byte <= 0x66) || (isUpper && byte <= 0x46)
    case .uuid: return Self.hex.holds(byte) || byte == 0x2D
    case .alnum: return isAlnum
    case .upperAlnum: return isDigit || isUpper
    case .lowerAlnum: return isDigit || isLower
    case .word: return isAlnum || byte == 0x5F
    case .base64URL: return isAlnum || byte == 0x5F || byte == 0x2D
    case .base64: return isAlnum || byte == 0x2B || byte == 0x2F
    case .unreserved: return isAlnum || "-._~".utf8.contains(byte)
    case .percent: return isAlnum || "-._~%".utf8.contains(byte)
    case .token68: return isAlnum || "-._~+/=".utf8.contains(byte)
    case .plain: return Self.visible.holds(byte) && !"()[]{}<>,;".utf8.contains(byte)
    case .visible: return byte > 0x20 && byte < 0x7F && !"\"'`\\".utf8.contains(byte)
    }
  }
}

/// The end of the run of one class that was looked for last, so that a long run is walked once
/// however many places inside it are asked about: what keeps matching linear.
struct RunCache {
  /// By a class's position; made at the first question, since most texts ask none.
  private var runs: [Range<Int>] = []
  private var isUsed = false

  /// Forgets everything: for another text.
  mutating func reset() {
    guard isUsed else { return }
    isUsed = false
    for index in runs.indices { runs[index] = 0..<0 }
  }

  /// The first offset from `offset` on that does not hold a byte of `kind`; at most `text.count`.
  mutating func end(of kind: ByteClass, in text: Span<UInt8>, from offset: Int) -> Int {
    if runs.isEmpty { runs = [Range<Int>](repeating: 0..<0, count: ByteClass.allCases.count) }
    let position = kind.position
    if runs[position].contains(offset) { return runs[position].upperBound }
    var end = offset
    let bit = kind.bit
    let masks = ByteClass.masks
    while end < text.count, masks[Int(text[end])] & bit != 0 { end += 1 }
    runs[position] = offset..<end
    isUsed = true
    return end
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
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
    return head.contains {
      beginsPlaceholder($0, before: head.upperBound, isShort: body.count <= 24)
    }
  }

  /// Whether something that stands for a secret begins at `offset`.
  private func beginsPlaceholder(_ offset: Int, before end: Int, isShort: Bool) -> Bool {
    switch AnchorAutomaton.folded(self[offset]) {
    case UInt8(ascii: "y"): has("your", offset, end)
    case UInt8(ascii: "x"): has("xxxx", offset, end)
    case UInt8(ascii: "*"): has("****", offset, end)
    case UInt8(ascii: "."): has("....", offset, end)
    case UInt8(ascii: "p"): has("placeholder", offset, end)
    case UInt8(ascii: "d"): has("dummy", offset, end)
    case UInt8(ascii: "-"): has("-here", offset, end)
    case UInt8(ascii: "_"): has("_here", offset, end)
    case UInt8(ascii: "$"): has("${", offset, end)
    case UInt8(ascii: "{"): has("{{", offset, end)
    case UInt8(ascii: "r"): isShort && has("redacted", offset, end)
    case UInt8(ascii: "<"): isAngled(offset, before: end)
    default: false
    }
  }

  /// `<session-id>`.
  private func isAngled(_ start: Int, before end: Int) -> Bool {
    var offset = start + 1
    while offset < end, ByteClass.base64URL.contains(self[offset]) || self[offset] == 0x20 {
      offset += 1
    }
    return offset > start + 2 && offset < end && self[offset] == UInt8(ascii: ">")
  }

  /// Whether `word` stands at `start`: in small letters as it is given, in capitals, or with one
  /// before small letters. Other mixtures come about by chance.
  private func has(_ word: StaticString, _ start: Int, _ end: Int) -> Bool {
    guard start + word.utf8CodeUnitCount <= end, hasBytes(word, at: start) else { return false }
    let capitals = (start..<start + word.utf8CodeUnitCount)
      .count { ByteClass.upper.contains(self[$0]) }
    return capitals == 0 || capitals > word.utf8CodeUnitCount - 2
      || capitals == 1 && ByteClass.upper.contains(self[start])
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
      switch text[offset] {
      case 0x30: (digits, filler) = (digits + 1, filler + 1)
      case 0x31...0x39: digits += 1
      case 0x41...0x46: upper += 1
      case 0x61...0x66: lower += 1
      case 0x58: (upper, filler, isHex) = (upper + 1, filler + 1, false)
      case 0x78: (lower, filler, isHex) = (lower + 1, filler + 1, false)
      case 0x47...0x5A: (upper, isHex) = (upper + 1, false)
      case 0x67...0x7A: (lower, isHex) = (lower + 1, false)
      // `*`, `.`, `-`, `_`, `#`.
      case 0x2A, 0x2E, 0x2D, 0x5F, 0x23: (filler, isHex) = (filler + 1, false)
      default: isHex = false
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Private keys between `-----BEGIN … PRIVATE KEY…-----` and the line that ends them (RFC 7468,
/// RFC 9580).
enum PrivateKeyBlock {
  static let families = ["private_key", "openssh_private_key", "pgp_private_key"]

  /// Where the next end line is, as far as it has been looked for.
  struct Search {
    /// From here on there is none before `found`.
    var from = 0
    /// The offset of an end line's first byte; nil: there is none from `from` on.
    var found: Int? = -1
  }

  /// The longest label of a block, in bytes.
  static let longestLabel = 48
  static let end = Array("-----END ".utf8)
  static let dashes = Array("-----".utf8)

  /// The family of a block by its label; nil for what is no private key.
  static func family(_ label: Span<UInt8>) -> String? {
    let text = label.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    guard text.contains("PRIVATE KEY") else { return nil }
    if text.hasPrefix("OPENSSH") { return "openssh_private_key" }
    return text.hasPrefix("PGP") ? "pgp_private_key" : "private_key"
  }
}

extension TextScan {
  /// A block whose beginning was found. One without an end, cut off perhaps, goes as far as its text
  /// looks like base64.
  mutating func privateKey(_ text: Span<UInt8>, anchor: Range<Int>) {
    guard text.hasBytes(PrivateKeyBlock.dashes, at: anchor.lowerBound),
      let labelEnd = dashes(text, from: anchor.upperBound),
      let family = PrivateKeyBlock.family(text.extracting(anchor.upperBound..<labelEnd)),
      rules.isOn(family)
    else { return }
    let body = labelEnd + PrivateKeyBlock.dashes.count
    let bodyEnd = endOfArmor(text, from: body)
    guard bodyEnd - body >= 32 else { return }
    var end = bodyEnd
    if let close = nextEnd(text, from: body), close <= bodyEnd + 2,
      let label = dashes(text, from: close + PrivateKeyBlock.end.count)
    {
      end = label + PrivateKeyBlock.dashes.count
    }
    hit(anchor.lowerBound..<end, in: text, family, .token)
  }

  /// Where the five dashes behind a label begin.
  private func dashes(_ text: Span<UInt8>, from start: Int) -> Int? {
    for offset in start..<min(text.count, start + PrivateKeyBlock.longestLabel)
    where text[offset] == UInt8(ascii: "-") {
      return text.hasBytes(PrivateKeyBlock.dashes, at: offset) ? offset : nil
    }
    return nil
  }

  /// The end of what may stand in a block: base64, white space in any spelling, headers.
  private mutating func endOfArmor(_ text: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    while offset < text.count, isArmor(text[offset]) {
      if text[offset] == UInt8(ascii: "-"), text.hasBytes(PrivateKeyBlock.dashes, at: offset) {
        break
      }
      offset += 1
    }
    return offset
  }

  private func isArmor(_ byte: UInt8) -> Bool {
    ByteClass.base64.contains(byte) || " \t\r\n\\=:,.-()\"'+".utf8.contains(byte)
  }

  /// The next end line from `start` on.
  private mutating func nextEnd(_ text: Span<UInt8>, from start: Int) -> Int? {
    let known = privateKeyEnd
    if known.from <= start, known.found.map({ $0 >= start }) ?? true { return known.found }
    var offset = start
    while offset < text.count {
      if text[offset] == UInt8(ascii: "-"), text.hasBytes(PrivateKeyBlock.end, at: offset) {
        privateKeyEnd = .init(from: start, found: offset)
        return offset
      }
      offset += 1
    }
    privateKeyEnd = .init(from: start, found: nil)
    return nil
  }
}

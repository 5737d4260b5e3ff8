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
  /// A block whose beginning was found. One without an end, cut off perhaps, goes as far as its lines
  /// are those of a key.
  mutating func privateKey(_ text: Span<UInt8>, anchor: Range<Int>) {
    guard text.hasBytes(PrivateKeyBlock.dashes, at: anchor.lowerBound),
      let labelEnd = dashes(text, from: anchor.upperBound),
      let family = PrivateKeyBlock.family(text.extracting(anchor.upperBound..<labelEnd)),
      rules.isOn(family)
    else { return }
    let body = labelEnd + PrivateKeyBlock.dashes.count
    let bodyEnd = endOfArmor(text, from: body)
    var end = text.endOfKeyLines(from: body)
    if let close = nextEnd(text, from: body), close <= bodyEnd + 2,
      let label = dashes(text, from: close + PrivateKeyBlock.end.count),
      text.holdsKeyLine(body..<close)
    {
      end = label + PrivateKeyBlock.dashes.count
    }
    guard end - body >= 32 else { return }
    hit(anchor.lowerBound..<end, in: text, family, .token)
    covered = end
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
    while offset < text.count, isArmor(text[offset]) || text.isQuotationBar(offset) {
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

extension Span<UInt8> {
  /// `>` at the beginning of a line, as mails and Markdown quote.
  fileprivate func isQuotationBar(_ offset: Int) -> Bool {
    guard offset > 0, self[offset] == UInt8(ascii: ">") || self[offset] == UInt8(ascii: "|") else {
      return false
    }
    return " \t\n>|".utf8.contains(self[offset - 1]) || isFresh(offset)
  }

  /// Whether there is a line of base64 between two markers; in prose about them there is none.
  fileprivate func holdsKeyLine(_ body: Range<Int>) -> Bool {
    var length = 0
    for offset in body {
      length = ByteClass.base64.contains(self[offset]) ? length + 1 : 0
      if length == 24 { return true }
    }
    return false
  }

  /// The end of lines of base64, and of headers before them, from `start` on.
  fileprivate func endOfKeyLines(from start: Int) -> Int {
    var (offset, end, headers) = (start, start, 0)
    while true {
      offset = endOfLineBreak(from: offset)
      var run = offset
      while run < count, ByteClass.base64.contains(self[run]) { run += 1 }
      if isHeader(offset..<run), headers < 8 {
        headers += 1
        let limit = Swift.min(count, run + 200)
        while run < limit, self[run] >= 0x20, self[run] != JSONByte.backslash { run += 1 }
      } else if run - offset < 16 {
        let padded = padding(from: run)
        return padded > run ? padded : end
      }
      offset = padding(from: run)
      end = offset
    }
  }

  /// `Proc-Type: 4,ENCRYPTED`: whether `name` is the first word of a header.
  private func isHeader(_ name: Range<Int>) -> Bool {
    guard (3..<16).contains(name.count), name.upperBound + 1 < count else { return false }
    return self[name.upperBound] == UInt8(ascii: ":") && self[name.upperBound + 1] == 0x20
      || self[name.upperBound] == UInt8(ascii: "-")
        && ByteClass.upper.contains(self[name.upperBound + 1])
  }

  /// Behind white space, escaped or not, and what quotes a line.
  private func endOfLineBreak(from start: Int) -> Int {
    var offset = start
    while offset < count {
      if self[offset] <= 0x20 || isQuotationBar(offset) {
        offset += 1
      } else if isEscapedLineEnd(at: offset) {
        offset += 2
      } else if self[offset] == JSONByte.backslash, hasByte(JSONByte.backslash, at: offset + 1) {
        offset += 1
      } else {
        break
      }
    }
    return offset
  }
}

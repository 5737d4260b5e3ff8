// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where a text assigns something to a name, and in what notation.
struct Assignment {
  enum Notation {
    /// `name=value`.
    case equals
    /// `name: value`, `name := value`, `name => value`.
    case colon
    /// `--name value`.
    case flag
    /// `<name>value</name>`.
    case element
    /// `("name", "value")`.
    case argument
    /// `name is value`.
    case prose
  }

  let notation: Notation
  let name: Range<Int>
  /// The first byte behind the separator and the white space that follows it.
  let start: Int

  /// The longest value that is looked at, in bytes.
  static let longestValue = 4096

  /// Nil where nothing is assigned.
  init?(in text: Span<UInt8>, to name: Range<Int>) {
    var offset = name.upperBound
    let isQuoted = text.skipQuote(&offset)
    if offset < text.count, text[offset] == UInt8(ascii: "]") { offset += 1 }
    let spaced = text.skipSpaces(&offset)
    guard offset < text.count else { return nil }
    switch text[offset] {
    case UInt8(ascii: "="):
      offset += 1
      guard offset < text.count, text[offset] != UInt8(ascii: "="), text[offset] != 0x7E else {
        return nil
      }
      notation = text[offset] == UInt8(ascii: ">") ? .colon : .equals
      if notation == .colon { offset += 1 }
    case UInt8(ascii: ":"):
      offset += 1
      guard offset < text.count, text[offset] != UInt8(ascii: ":") else { return nil }
      if text[offset] == UInt8(ascii: "=") { offset += 1 }
      notation = .colon
    case UInt8(ascii: ",") where isQuoted:
      offset += 1
      notation = .argument
    case UInt8(ascii: ">") where text.isTag(name):
      offset += 1
      notation = .element
    case UInt8(ascii: "i") where spaced && text.hasBytes(Array("is ".utf8), at: offset):
      offset += 3
      notation = .prose
    default:
      guard spaced, text.isFlag(name) else { return nil }
      notation = .flag
    }
    _ = text.skipSpaces(&offset)
    self.name = name
    start = offset
  }
}

extension Span<UInt8> {
  /// Skips a quotation mark with the backslashes before it; says whether there was one.
  fileprivate func skipQuote(_ offset: inout Int) -> Bool {
    var next = offset
    while next < count, next < offset + 4, self[next] == JSONByte.backslash { next += 1 }
    guard next < count, isQuote(self[next]) else { return false }
    offset = next + 1
    return true
  }

  fileprivate func skipSpaces(_ offset: inout Int) -> Bool {
    let start = offset
    while offset < count, offset < start + 64, self[offset] == 0x20 || self[offset] == 0x09 {
      offset += 1
    }
    return offset > start
  }

  /// Whether `name` stands behind `<`.
  fileprivate func isTag(_ name: Range<Int>) -> Bool {
    name.lowerBound > 0 && self[name.lowerBound - 1] == UInt8(ascii: "<")
  }

  /// Whether `name` begins with a dash.
  fileprivate func isFlag(_ name: Range<Int>) -> Bool {
    self[name.lowerBound] == UInt8(ascii: "-")
  }

  func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
  }
}

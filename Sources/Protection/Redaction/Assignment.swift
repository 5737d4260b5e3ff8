// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where a text assigns something to a name, and in what notation.
struct Assignment {
  enum Notation {
    /// `name=value`, and `name="…" value="…"` of XML.
    case equals
    /// `name: value`, `name := value`, `name => value`, `"name", "value": …`.
    case colon
    /// `--name value`.
    case flag
    /// `<name>value</name>`.
    case element
    /// `("name", "value")`, `["--name", "value"]`.
    case argument
    /// `setName("value")`.
    case call
    /// `name is value`.
    case prose
    /// `with name 'value'` of SQL.
    case statement
    /// `login … name value` of `.netrc`, `ENV name value` of Dockerfiles.
    case login
  }

  let notation: Notation
  let name: Range<Int>
  /// The quotation mark behind the name and the number of backslashes before it.
  let nameQuote: (mark: UInt8, depth: Int)?
  /// Whether white space stands behind the separator.
  let isSpaced: Bool
  /// The first byte behind the separator and the white space that follows it.
  let start: Int

  /// The longest value that is looked at before it is known to be one, in bytes.
  static let longestValue = 4096

  /// Nil where nothing is assigned.
  init?(in text: Span<UInt8>, to name: Range<Int>) {
    var offset = name.upperBound
    nameQuote = text.skipQuote(&offset)
    let isQuoted = nameQuote != nil
    if offset < text.count, text[offset] == UInt8(ascii: "]") { offset += 1 }
    let end = offset
    text.skipSpaces(&offset)
    guard offset < text.count,
      let notation = Self.notation(
        text, &offset, name, isQuoted: isQuoted, isSpaced: offset > end)
    else { return nil }
    let separated = offset
    text.skipSpaces(&offset)
    self.notation = notation
    self.name = name
    isSpaced = offset > separated
    start = offset
  }

  /// The same with another value: one of a list's.
  init(_ other: Assignment, start: Int) {
    (notation, name, nameQuote) = (other.notation, other.name, other.nameQuote)
    (isSpaced, self.start) = (other.isSpaced, start)
  }

  /// The notation whose separator is at `offset`, which is moved behind it.
  private static func notation(
    _ text: Span<UInt8>, _ offset: inout Int, _ name: Range<Int>, isQuoted: Bool, isSpaced: Bool
  ) -> Notation? {
    switch text[offset] {
    case UInt8(ascii: "="): return text.equals(&offset)
    case UInt8(ascii: ":"): return text.colon(&offset, name, isQuoted: isQuoted)
    case UInt8(ascii: "?") where text.hasByte(UInt8(ascii: ":"), at: offset + 1):
      offset += 2
      return .colon
    case UInt8(ascii: ",") where isQuoted:
      offset += 1
      if text.skipWord("value", &offset), text.skipByte(UInt8(ascii: ":"), &offset) {
        return .colon
      }
      return text.opensArguments(name) ? .argument : nil
    case UInt8(ascii: ">") where isQuoted ? text.isAttribute(name) : text.isTag(name):
      offset += 1
      return .element
    case UInt8(ascii: "(") where !isQuoted && !isSpaced:
      offset += 1
      return .call
    case UInt8(ascii: "i") where isSpaced && text.hasBytes("is", at: offset):
      offset += 2
      text.skipByte(UInt8(ascii: ":"), &offset)
      return text.hasByte(0x20, at: offset) ? .prose : nil
    case 0x0A, 0x0D:
      guard text.skipWord("value", &offset) else { return nil }
      return text.skipByte(UInt8(ascii: ":"), &offset) ? .colon : nil
    default:
      return isSpaced ? text.spaced(&offset, name, isQuoted: isQuoted) : nil
    }
  }
}

extension Span<UInt8> {
  fileprivate func equals(_ offset: inout Int) -> Assignment.Notation? {
    offset += 1
    guard offset < count, self[offset] != UInt8(ascii: "="), self[offset] != UInt8(ascii: "~")
    else {
      return nil
    }
    return skipByte(UInt8(ascii: ">"), &offset) ? .colon : .equals
  }

  /// Not `::`, and not the colon of a list of parts: `arn:…:secret:name`.
  fileprivate func colon(
    _ offset: inout Int, _ name: Range<Int>, isQuoted: Bool
  ) -> Assignment.Notation? {
    offset += 1
    guard offset < count, self[offset] != UInt8(ascii: ":") else { return nil }
    if skipByte(UInt8(ascii: "="), &offset) || isQuoted || self[offset] == 0x20 { return .colon }
    let isPart = name.lowerBound > 0 && self[name.lowerBound - 1] == UInt8(ascii: ":")
    return isPart ? nil : .colon
  }

  /// What may follow a name and white space.
  fileprivate func spaced(
    _ offset: inout Int, _ name: Range<Int>, isQuoted: Bool
  ) -> Assignment.Notation? {
    if isQuoted {
      return skipWord("value", &offset) && skipByte(UInt8(ascii: "="), &offset) ? .equals : nil
    }
    if self[name.lowerBound] == UInt8(ascii: "-") { return .flag }
    if isQuote(self[offset]) { return isClause(name) ? .statement : nil }
    return isBehindLogin(name) || isBehindDirective(name) ? .login : nil
  }

  func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
  }
}

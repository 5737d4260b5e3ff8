// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A tenant's own rule: what a token of theirs looks like.
package struct CustomSecret: Sendable, Equatable {
  /// Where the literal stands.
  package enum Position: String, Sendable, CaseIterable {
    /// The token begins with it.
    case prefix
    /// It stands up to 60 bytes before the token, on the same line, in any case.
    case context
  }

  /// Why a rule was refused.
  package enum Fault: String, Error, Sendable {
    case badName
    case nameTaken
    case badLiteral
    case badLength
    /// So short or so wide that it would hit ordinary text.
    case tooUnspecific
  }

  /// `[a-z][a-z0-9_]*`, at most 36 bytes; not the name of a built-in family.
  package let name: String
  package let position: Position
  /// 2 to 64 visible ASCII bytes.
  package let literal: String
  /// What the token is made of, behind a prefix.
  package let characters: ByteClass
  /// How many of them; at most 4096.
  package let length: ClosedRange<Int>

  /// Checks a rule.
  package init(
    name: String, position: Position, literal: String, characters: ByteClass,
    length: ClosedRange<Int>
  ) throws(Fault) {
    guard Self.isName(name) else { throw .badName }
    guard !Self.taken.contains(name) else { throw .nameTaken }
    guard (2...64).contains(literal.utf8.count),
      literal.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .badLiteral }
    guard (1...4096).contains(length.lowerBound), length.upperBound <= 4096 else {
      throw .badLength
    }
    let certain = length.lowerBound + (position == .prefix ? literal.utf8.count : 0)
    guard certain >= 8, position == .prefix || length.lowerBound >= 12 else {
      throw .tooUnspecific
    }
    self.name = name
    self.position = position
    self.literal = literal
    self.characters = characters
    self.length = length
  }

  /// The rule for the matcher.
  var rule: SecretRule {
    let shape = SecretShape(prefix: Array(literal.utf8), characters, length)
    switch position {
    case .prefix: return SecretRule(shape)
    case .context:
      return SecretRule(announcedBy: Array(literal.utf8), within: 60, shape, .none)
    }
  }

  private static func isName(_ name: String) -> Bool {
    guard (1...36).contains(name.utf8.count), let first = name.utf8.first else { return false }
    return ByteClass.lower.contains(first)
      && name.utf8.allSatisfy { ByteClass.lowerAlnum.contains($0) || $0 == UInt8(ascii: "_") }
  }

  private static let taken: Set<String> = {
    let names = RedactionRules.families
    return Set(names.tokens + names.named + names.personal + [RedactionMarker.escapeFamily])
  }()
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Secrets of one kind: what their hits are called, and how they are recognised.
package struct SecretFamily: Sendable {
  /// What a hit is called by: `[a-z0-9_]+`, at most 36 bytes.
  package let name: String
  let rules: [SecretRule]

  init(_ name: String, _ rules: [SecretRule]...) {
    self.name = name
    self.rules = rules.flatMap(\.self)
  }

  /// A family whose tokens are recognised by their shapes alone.
  init(_ name: String, _ shapes: String...) {
    self.init(name, shapes.compactMap { SecretRule($0) })
  }

  /// A family whose shapes need a further look at what fills them.
  init(_ name: String, _ check: SecretRule.Check, _ shapes: String...) {
    self.init(name, shapes.compactMap { SecretRule($0, check) })
  }
}

/// One way to recognise a token.
struct SecretRule: Sendable {
  /// What the bytes behind the anchor must be like, besides not being a placeholder.
  enum Check: Sendable {
    case none
    /// At least one digit and one letter.
    case digitAndLetter
    /// At least one digit, one capital and one small letter.
    case mixed
    /// Not hexadecimal alone: that would be a digest.
    case notHex
  }

  /// Where the token is, seen from the anchor.
  enum Place: Sendable {
    /// The anchor is its beginning, or its middle.
    case anchored
    /// It is a whole run within this many bytes behind the anchor, on the same line: for tokens that
    /// only the words before them tell from other texts.
    case within(Int)
  }

  let shape: SecretShape
  let check: Check
  let place: Place
  /// Whether the anchor is recognised in capitals and small letters alike.
  let foldsCase: Bool

  /// A token of this shape; nil where the shape cannot be read.
  init?(_ text: String, _ check: Check = .none) {
    guard let shape = SecretShape(text) else { return nil }
    self.init(shape, check)
  }

  init(_ shape: SecretShape, _ check: Check = .none) {
    self.shape = shape
    self.check = check
    place = .anchored
    foldsCase = false
  }

  init(announcedBy word: [UInt8], within distance: Int, _ shape: SecretShape, _ check: Check) {
    self.shape = SecretShape(anchor: word, tail: shape.tail)
    self.check = check
    place = .within(distance)
    foldsCase = true
  }
}

extension [SecretRule] {
  /// Tokens that are recognised by their shapes alone.
  static func shaped(_ shapes: String...) -> [SecretRule] { shapes.compactMap { SecretRule($0) } }

  /// A run of `kind` that one of the `words` announces.
  static func announced(
    by words: [String], within distance: Int = 60, _ kind: ByteClass, _ count: ClosedRange<Int>,
    _ check: SecretRule.Check = .digitAndLetter
  ) -> [SecretRule] {
    words.map {
      SecretRule(
        announcedBy: [UInt8]($0.utf8), within: distance, SecretShape(prefix: [], kind, count), check
      )
    }
  }
}

extension SecretShape {
  fileprivate init(anchor: [UInt8], tail: [Part]) {
    lead = nil
    self.anchor = anchor
    self.tail = tail
    keepsAnchor = false
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A secret of a made-up account, planted to be looked for afterwards. Each is put together at run
/// time from pieces that look like nothing.
struct Canary: Sendable {
  /// What it is, in a word.
  let kind: String
  /// The text that is planted: the secret, and what makes it one (`password=…`).
  let text: String
  /// What must be found nowhere.
  let needles: [String]
  /// Whether it is of a person, and no token.
  var isPersonal = false

  /// What is filled in of it must be found nowhere; the rest is the same in all secrets of its kind.
  init(_ kind: String, _ parts: Part...) {
    self.kind = kind
    text = parts.map(\.text).joined()
    needles = parts.filter { $0.isFilling && $0.text.utf8.count >= 12 }.map(\.text)
  }

  /// What is somebody's, searched for as a whole.
  init(personal kind: String, _ text: String) {
    (self.kind, self.text, needles, isPersonal) = (kind, text, [text], true)
  }
}

extension Canary {
  /// A piece of a secret: the same in all of its kind, or filled in.
  struct Part: Sendable {
    let text: String
    let isFilling: Bool

    static func fixed(_ text: String...) -> Part { Part(text: text.joined(), isFilling: false) }
  }

  /// Fills in the gaps of secrets: other letters for each one.
  struct Filler {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func part(_ letters: String, _ count: Int) -> Part {
      let letters = Array(letters)
      let text = (0..<count).map { _ in letters[generator.int(0..<letters.count)] }
      return Part(text: String(text), isFilling: true)
    }

    private static let (capitals, small, digits) = (
      "ABCDEFGHIJKLMNOPQRSTUVW", "abcdefghijklmnopqrstuvw", "123456789"
    )

    /// Letters and digits, of each kind at least one.
    mutating func alnum(_ count: Int) -> Part {
      let rest = part(Self.capitals + Self.small + Self.digits, count - 3).text
      return Part(text: "k7Q" + rest, isFilling: true)
    }

    mutating func capitals(_ count: Int) -> Part { part(Self.capitals + "234567", count) }

    mutating func hex(_ count: Int) -> Part { part("0123456789abcdef", count) }

    mutating func digits(_ count: Int) -> Part { part(Self.digits, count) }

    mutating func uuid() -> Part { Part(text: generator.uuid(), isFilling: true) }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Texts that are searched for, all at once: by their first eight bytes, then as a whole.
struct Needles: Sendable {
  private var needles: [(name: String, bytes: [UInt8])] = []
  /// Needles by their first eight bytes.
  private var starts: [UInt64: [Int]] = [:]
  /// Whether anything begins with bytes of this hash: most places of a text need no closer look.
  private var mayBegin = [Bool](repeating: false, count: 1 << 16)

  /// Adds a text of eight bytes or more, as it is and as the hexadecimal digits of a dump.
  mutating func add(_ name: String, _ text: String) {
    let digits = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    for bytes in [Array(text.utf8), Array(digits.utf8)] {
      let start = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      starts[start, default: []].append(needles.count)
      mayBegin[Self.hash(start)] = true
      needles.append((name, bytes))
    }
  }

  private static func hash(_ start: UInt64) -> Int {
    Int((start &* 0x9E37_79B9_7F4A_7C15) >> 48)
  }

  /// What is found where: `name of the needle: place`.
  func places(in haystack: Haystack) -> Set<String> {
    var found: Set<String> = []
    for (place, text) in haystack.texts {
      text.withUnsafeBufferPointer { text in
        var window: UInt64 = 0
        for offset in text.indices {
          window = window << 8 | UInt64(text[offset])
          guard mayBegin[Self.hash(window)], let candidates = starts[window] else { continue }
          let rest = text[max(0, offset - 7)...]
          for index in candidates where rest.starts(with: needles[index].bytes) {
            found.insert("\(needles[index].name): \(place)")
          }
        }
      }
    }
    return found
  }
}

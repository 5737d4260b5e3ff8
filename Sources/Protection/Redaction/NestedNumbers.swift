// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Numbers of JSON inside of a text: a marker in their place needs quotation marks, or the JSON would
/// be none any more.
struct NestedNumbers {
  /// The number tokens of a text that is JSON as a whole, in order.
  private let numbers: [Range<Int>]

  /// Reads `text`; one that is not JSON as a whole has no numbers of that kind.
  init(_ text: Span<UInt8>) {
    guard let first = text.first(where: { $0 > 0x20 }), first == 0x7B || first == 0x5B else {
      numbers = []
      return
    }
    let bytes = text.withUnsafeBufferPointer { Array($0) }
    // What is no JSON has no numbers of JSON: the reason does not matter.
    let root = try? JSONDocument(parsing: bytes).root
    numbers =
      root.map { root in root.storage.tape.lazy.filter { $0.kind == .number }.map(\.span) } ?? []
  }

  /// The backslashes before the quotation marks that a marker for `range` needs, as this text sees
  /// them; nil where it needs none.
  func backslashes(at range: Range<Int>, in text: Span<UInt8>) -> Int? {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    if low < numbers.count, numbers[low] == range { return 0 }
    return text.backslashesOfMember(range)
  }

  /// The backslashes before a quotation mark in the input that has `inside` of them in a text inside
  /// of `depth` strings: each string doubles them and adds one.
  static func backslashes(_ depth: Int, inside: Int) -> Int {
    (inside + 1) << min(depth, 8) - 1
  }
}

extension Span<UInt8> {
  /// Where `range` is the value of a member, `"name": 4111…,`, the backslashes of its quotation marks.
  fileprivate func backslashesOfMember(_ range: Range<Int>) -> Int? {
    var offset = range.lowerBound
    while offset > 0, range.lowerBound - offset < 8, self[offset - 1] == 0x20 { offset -= 1 }
    guard offset > 1, self[offset - 1] == UInt8(ascii: ":"), self[offset - 2] == JSONByte.quote,
      range.upperBound >= count || ",}] \t\r\n\\".utf8.contains(self[range.upperBound])
    else { return nil }
    var start = offset - 2
    while start > 0, offset - start < 64, self[start - 1] == JSONByte.backslash { start -= 1 }
    return offset - 2 - start
  }

  fileprivate func first(where isWanted: (UInt8) -> Bool) -> UInt8? {
    for offset in 0..<Swift.min(count, 64) where isWanted(self[offset]) { return self[offset] }
    return nil
  }
}

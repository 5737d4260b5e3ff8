// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What of a document comes through redaction.
enum Survivors {
  private static let opening = Array("[REDACTED".utf8)

  /// Whether `output`, its markers taken out, is `input` with pieces left out. Exclamation marks
  /// do not count: escaping adds one to what looks like a marker, in whatever spelling.
  static func areInOrder(of output: [UInt8], in input: [UInt8]) -> Bool {
    let input = input.filter { $0 != UInt8(ascii: "!") }
    let folded = unquotingMarkers(Judge.foldMarkers(output)).filter { $0 != UInt8(ascii: "!") }
    let parts = folded.split(separator: 1, omittingEmptySubsequences: false).map(Array.init)
    guard parts.count > 1 else { return parts.first.map { $0 == input } ?? input.isEmpty }
    var cursor = 0
    for (index, part) in parts.enumerated() {
      guard let start = start(of: part, in: input, from: cursor, index, last: parts.count - 1)
      else { return false }
      cursor = start + part.count
    }
    return true
  }

  private static func start(
    of part: [UInt8], in input: [UInt8], from cursor: Int, _ index: Int, last: Int
  ) -> Int? {
    let end = input.count - part.count
    guard cursor <= end else { return nil }
    if index == 0 { return input.starts(with: part) ? 0 : nil }
    if index == last { return input[end...].elementsEqual(part) ? end : nil }
    return (cursor...end).first { input[$0...].starts(with: part) }
  }

  /// A marker in place of a whole value brings quotes with it, which a number did not have; inside of
  /// strings with the backslashes that quotes have there.
  private static func unquotingMarkers(_ folded: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in folded {
      result.append(byte)
      guard byte == 0x22, let mark = result.lastIndex(of: 1) else { continue }
      let quote = Array(result[(mark + 1)...])
      guard quote.dropLast().allSatisfy({ $0 == 0x5C }), quote.count < 256,
        result[..<mark].suffix(quote.count).elementsEqual(quote),
        quote.count > 1 || result[..<(mark - 1)].last != 0x5C
      else { continue }
      result.replaceSubrange((mark - quote.count)..., with: [1])
    }
    return result
  }

  /// One more `!` in everything that begins like a marker.
  static func escapingMarkers(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index...].starts(with: opening) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += opening.count
      let marks = bytes[index...].prefix { $0 == UInt8(ascii: "!") }
      index += marks.count
      let isMarker = index < bytes.count && bytes[index] == UInt8(ascii: ":")
      result += opening + marks + (isMarker ? [UInt8(ascii: "!")] : [])
    }
    return result
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A text after redaction.
package struct Redaction: Sendable {
  /// How often one family was hit.
  package struct Count: Sendable, Equatable {
    package let family: String
    package let count: Int

    package init(family: String, count: Int) {
      self.family = family
      self.count = count
    }
  }

  /// The text, byte for byte as it was but for the hits.
  package let bytes: [UInt8]
  /// The families that were hit, in alphabetical order of their names.
  package let counts: [Count]
}

/// What is to be replaced in a text: ranges that do not overlap, in order.
struct RedactionEdits {
  private var edits: [(range: Range<Int>, replacement: [UInt8])] = []
  private var counts: [String: Int] = [:]

  mutating func replace(_ range: Range<Int>, by replacement: [UInt8], countedAs family: String) {
    edits.append((range, replacement))
    counts[family, default: 0] += 1
  }

  /// `range` of `input` with its edits applied.
  func apply(to input: [UInt8], _ range: Range<Int>) -> Redaction {
    guard !edits.isEmpty else { return Redaction(bytes: Array(input[range]), counts: []) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(edits.reduce(range.count) { $0 + $1.replacement.count })
    var offset = range.lowerBound
    for edit in edits {
      bytes.append(contentsOf: input[offset..<edit.range.lowerBound])
      bytes.append(contentsOf: edit.replacement)
      offset = edit.range.upperBound
    }
    bytes.append(contentsOf: input[offset..<range.upperBound])
    let sorted = counts.sorted { $0.key < $1.key }
    return Redaction(bytes: bytes, counts: sorted.map { .init(family: $0.key, count: $0.value) })
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Scans a text, and what its backslash escapes stand for, and what is escaped in that: JSON inside of
/// a string of JSON, as agents send it.
struct LeveledScan {
  /// Decoding stops here: each level costs one more pass over the text.
  static let deepest = 4

  private var scan: TextScan
  private var levels: [EscapedText] = []
  private var hits: [SecretHit] = []
  private var markerColons: [Int] = []

  /// Whether the text held part of the name of a secret.
  private(set) var sawName = false

  init(rules: RedactionRules) {
    scan = TextScan(rules: rules)
  }

  /// Looks through `range` of `input`. In the content of a JSON string that has escapes the text
  /// begins one level below.
  mutating func scan(_ input: [UInt8], _ range: Range<Int>, isEscaped: Bool) {
    hits.removeAll(keepingCapacity: true)
    markerColons.removeAll(keepingCapacity: true)
    sawName = false
    let span = input.span
    if !isEscaped {
      scan.scan(span.extracting(range))
      sawName = scan.sawName
      for index in scan.hits.indices {
        let hit = scan.hits[index].range
        scan.hits[index].range = hit.lowerBound + range.lowerBound..<hit.upperBound + range.lowerBound
      }
      hits += scan.hits
      markerColons += scan.markerColons.map { $0 + range.lowerBound }
      // A text that is no JSON, or a string without escapes, has nothing below it in JSON; a text
      // may have.
      guard span.backslash(in: range) != nil else { return }
    }
    descend(span, range)
  }

  private mutating func descend(_ input: Span<UInt8>, _ range: Range<Int>) {
    for depth in 0..<Self.deepest {
      if levels.count <= depth { levels.append(EscapedText()) }
      if depth == 0 {
        levels[0].decode(input, range)
      } else {
        let above = levels[depth - 1].bytes
        levels[depth].decode(above.span, 0..<above.count)
      }
      let text = levels[depth].bytes
      scan.scan(text.span)
      collect(from: depth)
      guard text.span.backslash(in: 0..<text.count) != nil else { return }
    }
  }

  /// Takes over what was found at `depth`, in offsets of the input.
  private mutating func collect(from depth: Int) {
    sawName = sawName || scan.sawName
    for var hit in scan.hits {
      for level in levels[...depth].reversed() { hit.range = level.origin(of: hit.range) }
      hits.append(hit)
    }
    for colon in scan.markerColons {
      var range = colon..<colon + 1
      for level in levels[...depth].reversed() { range = level.origin(of: range) }
      markerColons.append(range.lowerBound)
    }
  }

  /// Writes down what is to be replaced.
  func edit(_ edits: inout RedactionEdits, key: TenantKey) throws(EnvelopeError) {
    guard !hits.isEmpty || !markerColons.isEmpty else { return }
    let hits = hits.disjoint()
    let colons = Set(markerColons).sorted()
    var next = 0
    func escapes(before limit: Int) -> Range<Int> {
      let first = next
      while next < colons.count, colons[next] < limit { next += 1 }
      return first..<next
    }
    for hit in hits {
      for index in escapes(before: hit.range.lowerBound) { edits.escapeMarker(at: colons[index]) }
      _ = escapes(before: hit.range.upperBound)
      edits.replace(
        hit.range,
        by: RedactionMarker.text(hit.family, digest: try key.redactionFingerprint(of: hit.secret)),
        countedAs: hit.family)
    }
    for index in escapes(before: .max) { edits.escapeMarker(at: colons[index]) }
  }
}

extension RedactionEdits {
  fileprivate mutating func escapeMarker(at colon: Int) {
    replace(
      colon..<colon, by: [RedactionMarker.exclamationMark],
      countedAs: RedactionMarker.escapeFamily)
  }
}

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
  /// begins one level below; `isString` is whether it is the content of any.
  mutating func scan(_ input: [UInt8], _ range: Range<Int>, isString: Bool, isEscaped: Bool) {
    if !hits.isEmpty { hits.removeAll(keepingCapacity: true) }
    if !markerColons.isEmpty { markerColons.removeAll(keepingCapacity: true) }
    sawName = false
    let span = input.span
    if !isEscaped {
      let text = span.extracting(range)
      scan.scan(text)
      sawName = scan.sawName
      quoteNumbers(of: text, depth: isString ? 1 : 0)
      for var hit in scan.hits {
        hit.range =
          hit.range.lowerBound + range.lowerBound..<hit.range.upperBound + range.lowerBound
        hits.append(hit)
      }
      for colon in scan.markerColons { markerColons.append(colon + range.lowerBound) }
      // A string without escapes has nothing below it; a text may have.
      guard !isString, span.backslash(in: range) != nil else { return }
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
      quoteNumbers(of: text.span, depth: depth + 1)
      collect(from: depth, input, range)
      guard levels[depth].hasBackslash else { return }
    }
  }

  /// Finds the hits that are numbers of JSON inside of this text, which is itself inside of `depth`
  /// strings, and says how the quotation marks of their markers are written in the input.
  private mutating func quoteNumbers(of text: Span<UInt8>, depth: Int) {
    guard !scan.hits.isEmpty else { return }
    var numbers: NestedNumbers?
    for index in scan.hits.indices {
      if let backslashes = scan.hits[index].quotes {
        scan.hits[index].quotes = NestedNumbers.backslashes(depth, inside: backslashes)
      } else if scan.hits[index].rank == .personal {
        let range = scan.hits[index].range
        numbers = numbers ?? NestedNumbers(text)
        let backslashes = numbers?.backslashes(at: range, in: text)
        scan.hits[index].quotes = backslashes.map {
          NestedNumbers.backslashes(depth, inside: $0)
        }
      }
    }
  }

  /// Takes over what was found at `depth`, in offsets of the input.
  private mutating func collect(from depth: Int, _ input: Span<UInt8>, _ range: Range<Int>) {
    sawName = sawName || scan.sawName
    guard !scan.hits.isEmpty || !scan.markerColons.isEmpty else { return }
    var ranges = scan.hits.map(\.range) + scan.markerColons.map { $0..<$0 + 1 }
    for level in (0..<depth).reversed() {
      let above = levels[level].bytes
      ranges = EscapedText.origins(of: ranges, in: above.span, 0..<above.count)
    }
    ranges = EscapedText.origins(of: ranges, in: input, range)
    for (var hit, origin) in zip(scan.hits, ranges) {
      hit.range = origin
      hits.append(hit)
    }
    markerColons += ranges[scan.hits.count...].map(\.lowerBound)
  }

  /// Writes down what is to be replaced.
  func edit(_ edits: inout RedactionEdits, key: TenantKey) throws(EnvelopeError) {
    guard !hits.isEmpty || !markerColons.isEmpty else { return }
    let hits = hits.disjoint()
    let colons = markerColons.sorted().withoutNeighboursAlike()
    var next = 0
    func escapes(before limit: Int) -> Range<Int> {
      let first = next
      while next < colons.count, colons[next] < limit { next += 1 }
      return first..<next
    }
    for hit in hits {
      for index in escapes(before: hit.range.lowerBound) { edits.escapeMarker(at: colons[index]) }
      _ = escapes(before: hit.range.upperBound)
      let digest = try key.redactionFingerprint(of: hit.secret)
      let quote = hit.quotes.map { backslashes in
        [UInt8](repeating: JSONByte.backslash, count: backslashes) + [JSONByte.quote]
      }
      edits.replace(
        hit.range,
        by: (quote ?? []) + RedactionMarker.text(hit.family, digest: digest) + (quote ?? []),
        countedAs: hit.family)
    }
    for index in escapes(before: .max) { edits.escapeMarker(at: colons[index]) }
  }
}

extension [Int] {
  fileprivate func withoutNeighboursAlike() -> [Int] {
    reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}

extension RedactionEdits {
  fileprivate mutating func escapeMarker(at colon: Int) {
    replace(
      colon..<colon, by: RedactionMarker.escape,
      countedAs: RedactionMarker.escapeFamily)
  }
}

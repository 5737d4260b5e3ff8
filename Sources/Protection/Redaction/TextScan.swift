// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Finds the secrets of one text at a time; kept from text to text, so that its storage is reused.
///
/// Time is linear in the text: the automaton takes one step per byte, what it leads to looks at a
/// bounded number of bytes, and runs, which are not bounded, are walked once (`RunCache`). All reading
/// is checked against `text.count`, so that no text can trap.
struct TextScan {
  let rules: RedactionRules
  /// What was found, in no order.
  var hits: [SecretHit] = []
  /// Whether anything stood there that is part of the name of a secret.
  private(set) var sawName = false
  /// Where a colon follows what looks like the opening of a marker.
  var markerColons: [Int] = []

  var runs = RunCache()
  /// The end of the last name that was looked at: it may hold several triggers.
  var nameEnd = 0
  /// The end of the last value or line that was found to be secret: nothing more is looked for in it.
  var covered = 0
  /// The line of a header that was walked last, and how far no equals sign was found.
  var headerLine = 0..<0
  var pairless = 0
  /// The end of the hit that reaches farthest: nothing before it belongs to what follows.
  var lastEnd = 0
  /// The end of the last marker of ours.
  var markerEnd = 0
  /// The command that was named last, as an index of `CommandSecret.commands`, and where.
  var command: (index: Int, end: Int)?
  /// The `@` that ends a URL's user information is no part of an e-mail address.
  var userInfoEnd = -1
  /// Where a private key's end was looked for last, and found.
  var privateKeyEnd = PrivateKeyBlock.Search()
  /// Whether personal data are looked for at all.
  let personal: PersonalData.Selection

  init(rules: RedactionRules) {
    self.rules = rules
    personal = PersonalData.Selection(rules)
  }

  /// Looks through `text`, forgetting the one before.
  mutating func scan(_ text: Span<UInt8>) {
    begin()
    let automaton = rules.automaton
    let (cells, bytes) = (automaton.table, automaton.column)
    var cursor = AnchorAutomaton.Cursor()
    while true {
      switch AnchorAutomaton.advance(&cursor, text, cells.span, bytes.span) {
      case .end: return
      case .words: found(cursor.row / automaton.columns, text, cursor.offset)
      case .digits: number(text, from: cursor.offset - 1)
      }
    }
  }

  private mutating func begin() {
    if !hits.isEmpty { hits.removeAll(keepingCapacity: true) }
    if !markerColons.isEmpty { markerColons.removeAll(keepingCapacity: true) }
    runs.reset()
    sawName = false
    (nameEnd, covered, lastEnd, markerEnd, userInfoEnd) = (0, 0, 0, 0, -1)
    (headerLine, pairless) = (0..<0, 0)
    command = nil
    privateKeyEnd = PrivateKeyBlock.Search()
  }

  /// Follows the anchors that end at `end`, those of `state`.
  private mutating func found(_ state: Int, _ text: Span<UInt8>, _ end: Int) {
    guard end > markerEnd else { return }
    let first = Int(rules.automaton.firstWord[state])
    for index in first..<Int(rules.automaton.firstWord[state + 1]) {
      let (target, length) = rules.targets[Int(rules.automaton.words[index])]
      switch target {
      case .rule(let index): token(rules.rules[index], text, anchor: end - length..<end)
      case .name:
        sawName = true
        name(text, triggeredBy: end - length..<end)
      case .bearer: bearer(text, from: end)
      case .basic: basic(text, from: end)
      case .command(let index): command = (index, end)
      case .option(let option): self.option(text, option, anchor: end - length..<end)
      case .passwordFile: passwordFile(text, anchor: end - length..<end)
      case .identified: identified(text, from: end)
      case .pair: pair(text, from: end)
      case .privateKey: privateKey(text, anchor: end - length..<end)
      case .authority: authority(text, from: end)
      case .at: address(text, at: end - 1)
      case .plus: phone(text, at: end - 1)
      case .marker: marker(text, anchor: end - length..<end)
      }
    }
  }

  /// Text that could be taken for a marker of ours. What a whole one holds is no secret.
  private mutating func marker(_ text: Span<UInt8>, anchor: Range<Int>) {
    guard text.hasBytes(RedactionMarker.openingBytes, at: anchor.lowerBound) else { return }
    var end = anchor.upperBound
    while end < text.count, text[end] == RedactionMarker.exclamationMark { end += 1 }
    if end < text.count, text[end] == RedactionMarker.colon { markerColons.append(end) }
    if let end = text.endOfMarker(from: anchor.lowerBound) { markerEnd = end }
  }

  /// Notes a hit.
  mutating func hit(
    _ range: Range<Int>, in text: Span<UInt8>, _ family: String, _ rank: SecretHit.Rank
  ) {
    var end = text.clearOfEscapes(range.upperBound)
    // Never half a character.
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    guard end > range.lowerBound else { return }
    let range = range.lowerBound..<end
    let secret = text.extracting(range).withUnsafeBufferPointer { Array($0) }
    lastEnd = max(lastEnd, end)
    hits.append(SecretHit(range: range, family: family, rank: rank, secret: secret))
  }
}

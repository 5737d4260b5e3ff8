// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One walk over the tokens of a JSON value.
struct JSONRedaction {
  private let storage: JSONStorage
  private let root: Int
  private let rules: RedactionRules
  private let key: TenantKey
  private var levels: LeveledScan
  private var edits = RedactionEdits()

  init(_ value: JSONValue, rules: RedactionRules, key: TenantKey) {
    storage = value.storage
    root = value.index
    self.rules = rules
    self.key = key
    levels = LeveledScan(rules: rules)
  }

  mutating func redacted() throws(EnvelopeError) -> Redaction {
    let tape = storage.tape
    let end = Int(tape[root].next)
    var index = root
    while index < end {
      let token = tape[index]
      switch token.kind {
      case .string where token.flags.contains(.key):
        try scan(token)
        if let kind = sensitiveKind(at: index), try replace(index + 1, kind) {
          index = Int(tape[index + 1].next)
          continue
        }
      case .string:
        try scan(token)
        if let kind = kindOfNext(after: index), try replace(index + 1, kind) { index += 1 }
      case .number: try number(token)
      case .object, .array, .bool, .null: break
      }
      index += 1
    }
    return edits.apply(to: storage.bytes, storage.tape[root].span)
  }

  private mutating func scan(_ token: JSONToken) throws(EnvelopeError) {
    levels.scan(
      storage.bytes, token.content, isString: true, isEscaped: token.flags.contains(.escaped))
    try levels.edit(&edits, key: key)
  }

  /// What the key at `index` makes of its value: by its own name, or, for `value`, by the name that its
  /// object gives: `{"name": "Authorization", "value": "…"}`.
  private func sensitiveKind(at index: Int) -> SensitiveName.Kind? {
    let key = JSONValue(storage: storage, index: index)
    let kind: SensitiveName.Kind?
    if levels.sawName {
      kind = SensitiveName.kind(of: key.decodedBytes() ?? [])
    } else {
      // Most keys are neither, and their length tells.
      guard (4...5).contains(key.token.content.count) || key.isEscaped else { return nil }
      kind = key.isText("value") ? named(index) : encoded(index, key)
    }
    return kind.flatMap { rules.isOn($0.rawValue) ? $0 : nil }
  }

  /// `"auth": "dXNlcjpwYXNzd29yZA=="`, as Docker keeps it.
  private func encoded(_ index: Int, _ key: JSONValue) -> SensitiveName.Kind? {
    guard key.isText("auth"), storage.tape[index + 1].kind == .string else { return nil }
    let bytes = storage.bytes[storage.tape[index + 1].content]
    return Array(bytes).span.isBase64(0..<bytes.count) ? .credential : nil
  }

  /// What the string at `index` of an array makes of the next one: `["--password", "…"]` and
  /// `["Cookie", "…"]`.
  private func kindOfNext(after index: Int) -> SensitiveName.Kind? {
    guard levels.sawName, storage.followsInArray(index),
      let kind = JSONPair(storage, index)?.kind, rules.isOn(kind.rawValue)
    else { return nil }
    return kind
  }

  /// The kind of the name that stands just before or behind the member at `index`.
  private func named(_ index: Int) -> SensitiveName.Kind? {
    var neighbours = [Int(storage.tape[index + 1].next)]
    if index >= 2 { neighbours.append(index - 2) }
    for neighbour in neighbours where neighbour + 1 < storage.tape.count {
      let key = JSONValue(storage: storage, index: neighbour)
      guard storage.tape[neighbour].flags.contains(.key),
        key.isText("name") || key.isText("key") || key.isText("header"),
        let name = JSONValue(storage: storage, index: neighbour + 1).decodedBytes()
      else { continue }
      return SensitiveName.kind(of: name)
    }
    return nil
  }

  /// Replaces the value at `index` as a whole; false for what holds no secret.
  private mutating func replace(
    _ index: Int, _ kind: SensitiveName.Kind
  ) throws(EnvelopeError) -> Bool {
    let value = JSONValue(storage: storage, index: index)
    guard value.holdsSecret(kind) else { return false }
    let secret = Array(value.decodedBytes() ?? value.rawBytes)
    try replace(value.span, secret, wholeToken(value) ?? kind.rawValue)
    return true
  }

  /// The family of a string that is a token from its first byte to its last.
  private func wholeToken(_ value: JSONValue) -> String? {
    guard let bytes = value.decodedBytes() else { return nil }
    let text = Array(bytes)
    var scan = TextScan(rules: rules)
    scan.scan(text.span)
    return scan.hits.first { $0.rank == .token && $0.range == 0..<text.count }?.family
  }

  /// A number can be that of a payment card.
  private mutating func number(_ token: JSONToken) throws(EnvelopeError) {
    guard (13...19).contains(token.span.count) else { return }
    let digits = storage.bytes[token.span].map { $0 &- JSONByte.zero }
    guard rules.isOn(PersonalData.paymentCard.rawValue), digits.allSatisfy({ $0 < 10 }),
      PersonalData.isCard(digits)
    else { return }
    try replace(token.span, Array(storage.bytes[token.span]), PersonalData.paymentCard.rawValue)
  }

  /// Puts a string that is a marker in the place of a value.
  private mutating func replace(
    _ value: Range<Int>, _ secret: [UInt8], _ family: String
  ) throws(EnvelopeError) {
    let digest = try key.redactionFingerprint(of: secret)
    let quote = [JSONByte.quote]
    edits.replace(
      value, by: quote + RedactionMarker.text(family, digest: digest) + quote, countedAs: family)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A fault as the scanner sees it; the pointer is worked out afterwards.
struct JSONFault: Error {
  let code: JSONError.Code
  let offset: Int
  /// The token of the key at fault, if it is one.
  var key: Int?
}

/// One pass over the bytes of a document, from first to last, which builds the tape.
///
/// Iterative: nesting costs one entry of `open` and no stack. All reading goes through `Span`,
/// whose subscript checks its bounds; every read below is preceded by a test against
/// `input.count`, so that the check never fires whatever the input is. Offsets are at most
/// `input.count` (< 2³²) plus a constant, so that no arithmetic here can overflow.
struct JSONScanner {
  /// What may come next, white space aside.
  enum Expectation {
    case value, firstElement, firstKey, key, colon, separator, end
  }

  let limits: JSONLimits
  var offset = 0
  var tape: [JSONToken] = []
  /// Tokens of the containers that are not closed yet, outermost first.
  var open: [Int] = []
  var inObject = false
  var expectation = Expectation.value
  var keyCount = 0
  var keySet = JSONKeySet()

  init(limits: JSONLimits) {
    self.limits = limits
  }

  /// Reads the whole of `input` as one document, or throws the first fault.
  ///
  /// First in document order, with one exception: duplicates are looked for when their object
  /// closes.
  mutating func scan(_ input: Span<UInt8>) throws(JSONFault) {
    // A guess that is right within a factor of two for records of agents.
    tape.reserveCapacity(input.count / 24 + 4)
    while true {
      skipWhitespace(input)
      guard offset < input.count else {
        if expectation == .end { return }
        throw JSONFault(code: .malformed, offset: offset)
      }
      try step(input[offset], input)
    }
  }

  private mutating func step(_ byte: UInt8, _ input: Span<UInt8>) throws(JSONFault) {
    switch expectation {
    case .firstElement where byte == JSONByte.closeBracket,
      .firstKey where byte == JSONByte.closeBrace:
      try close(input)
    case .value, .firstElement:
      try scanValue(byte, input)
    case .firstKey, .key:
      guard byte == JSONByte.quote else { throw unexpected(input) }
      try scanKey(input)
    case .colon:
      guard byte == JSONByte.colon else { throw unexpected(input) }
      offset += 1
      expectation = .value
    case .separator:
      try scanSeparator(byte, input)
    case .end:
      throw unexpected(input)
    }
  }

  private mutating func scanValue(_ byte: UInt8, _ input: Span<UInt8>) throws(JSONFault) {
    switch byte {
    case JSONByte.quote: try scanString(input, flags: [])
    case JSONByte.openBrace: return try openContainer(.object)
    case JSONByte.openBracket: return try openContainer(.array)
    case JSONByte.minus, 0x30...0x39: try scanNumber(input)
    case 0x74: try scanLiteral("true", .bool, .isTrue, input)
    case 0x66: try scanLiteral("false", .bool, [], input)
    case 0x6E: try scanLiteral("null", .null, [], input)
    default: throw unexpected(input)
    }
    expectation = open.isEmpty ? .end : .separator
  }

  private mutating func scanKey(_ input: Span<UInt8>) throws(JSONFault) {
    let start = offset
    // Until its value begins, a fault is a fault of the object.
    expectation = .key
    try scanString(input, flags: .key)
    keyCount += 1
    guard keyCount <= limits.keys else { throw JSONFault(code: .tooManyKeys, offset: start) }
    expectation = .colon
  }

  private mutating func scanSeparator(
    _ byte: UInt8, _ input: Span<UInt8>
  ) throws(JSONFault) {
    switch byte {
    case JSONByte.comma:
      offset += 1
      expectation = inObject ? .key : .value
    case JSONByte.closeBrace where inObject, JSONByte.closeBracket where !inObject:
      try close(input)
    default:
      throw unexpected(input)
    }
  }

  private mutating func openContainer(_ kind: JSONKind) throws(JSONFault) {
    guard open.count < limits.depth else { throw JSONFault(code: .tooDeep, offset: offset) }
    open.append(tape.count)
    offset += 1
    append(kind, from: offset - 1)
    inObject = kind == .object
    expectation = inObject ? .firstKey : .firstElement
  }

  /// Closes the innermost container, whose bracket is at `offset`.
  private mutating func close(_ input: Span<UInt8>) throws(JSONFault) {
    offset += 1
    // Never nil: no expectation that leads here is ever set without an open container.
    guard let container = open.last else { throw JSONFault(code: .malformed, offset: offset) }
    tape[container].end = UInt32(truncatingIfNeeded: offset)
    tape[container].next = UInt32(truncatingIfNeeded: tape.count)
    if inObject, let key = keySet.duplicate(in: container, tape: tape, input: input) {
      throw JSONFault(code: .duplicateKey, offset: Int(tape[key].start), key: key)
    }
    open.removeLast()
    guard let parent = open.last else {
      expectation = .end
      return
    }
    inObject = tape[parent].kind == .object
    expectation = .separator
  }
}

extension JSONScanner {
  /// Adds a token for the bytes from `start` up to `offset`. The document is shorter than 2³²
  /// bytes, and a token takes at least one of them, so that nothing is truncated.
  mutating func append(_ kind: JSONKind, _ flags: JSONToken.Flags = [], from start: Int) {
    tape.append(
      JSONToken(
        start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: offset),
        next: UInt32(truncatingIfNeeded: tape.count + 1),
        kind: kind,
        flags: flags))
  }

  /// The fault of a byte at `offset` that cannot stand there. A byte order mark, ours or that
  /// of another encoding, is a matter of grammar; other bytes that are not UTF-8 are named so.
  func unexpected(_ input: Span<UInt8>) -> JSONFault {
    let byte = input[offset]
    let isMark = offset == 0 && (byte == 0xFF || byte == 0xFE)
    let isText =
      byte < 0x80 || isMark || JSONScanner.multibyteLength(input, at: offset) != nil
    return JSONFault(code: isText ? .malformed : .invalidUTF8, offset: offset)
  }

  private mutating func skipWhitespace(_ input: Span<UInt8>) {
    while offset < input.count {
      switch input[offset] {
      case JSONByte.space, JSONByte.lineFeed, JSONByte.carriageReturn, JSONByte.tab: offset += 1
      default: return
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

extension JSONScanner {
  /// The number at `offset`, by RFC 8259 section 6:
  /// `[ "-" ] ( "0" / 1-9 *digit ) [ "." 1*digit ] [ ( "e" / "E" ) [ "+" / "-" ] 1*digit ]`.
  ///
  /// Only the grammar is checked: the value may be beyond any machine's range.
  mutating func scanNumber(_ input: Span<UInt8>) throws(JSONFault) {
    let start = offset
    if input[offset] == JSONByte.minus { offset += 1 }
    if offset < input.count, input[offset] == JSONByte.zero {
      offset += 1
    } else {
      try scanDigits(input)
    }
    if offset < input.count, input[offset] == JSONByte.point {
      offset += 1
      try scanDigits(input)
    }
    if offset < input.count, input[offset] | 0x20 == 0x65 {
      offset += 1
      if offset < input.count,
        input[offset] == JSONByte.plus || input[offset] == JSONByte.minus
      {
        offset += 1
      }
      try scanDigits(input)
    }
    guard offset - start <= limits.numberBytes else {
      throw JSONFault(code: .numberTooLong, offset: start)
    }
    append(.number, from: start)
  }

  /// One digit or more.
  private mutating func scanDigits(_ input: Span<UInt8>) throws(JSONFault) {
    guard offset < input.count else { throw JSONFault(code: .malformed, offset: offset) }
    guard JSONByte.isDigit(input[offset]) else { throw unexpected(input) }
    repeat {
      offset += 1
    } while offset < input.count && JSONByte.isDigit(input[offset])
  }

  /// `true`, `false` or `null`, whose first byte has been seen at `offset`.
  mutating func scanLiteral(
    _ literal: StaticString, _ kind: JSONKind, _ flags: JSONToken.Flags, _ input: Span<UInt8>
  ) throws(JSONFault) {
    let start = offset
    for index in 0..<literal.utf8CodeUnitCount {
      guard offset < input.count else { throw JSONFault(code: .malformed, offset: offset) }
      // The literal owns its bytes for ever; `index` is below its count.
      guard input[offset] == literal.utf8Start[index] else { throw unexpected(input) }
      offset += 1
    }
    append(kind, flags, from: start)
  }
}

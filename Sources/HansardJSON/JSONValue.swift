// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One value of a ``JSONDocument``, by its place in it.
package struct JSONValue: Sendable {
  package let storage: JSONStorage
  /// A valid index of the tape.
  package let index: Int

  /// The value at a place of the tape, which must be one of it.
  package init(storage: JSONStorage, index: Int) {
    self.storage = storage
    self.index = index
  }

  package var token: JSONToken { storage.tape[index] }

  package var kind: JSONKind { token.kind }

  package var isNull: Bool { kind == .null }

  /// Its bytes in the document, quotes and brackets included, white space around it not.
  package var span: Range<Int> { token.span }

  /// The bytes as the client sent them.
  package var rawBytes: ArraySlice<UInt8> { storage.bytes[token.span] }

  /// RFC 6901 pointer from the root, "" for the root. Linear in the size of the document.
  package var pointer: String {
    let bytes = storage.bytes
    return JSONPointer(to: index, tape: storage.tape, input: bytes.span).text
  }
}

// MARK: - Scalars

extension JSONValue {
  /// The string, escapes decoded, for ids and other texts.
  ///
  /// Compare the result by `.utf8`: `==` of `String` takes canonically equivalent texts for
  /// equal, the Kelvin sign for a K. Throws `notAString`, and `nulCharacter` if it holds
  /// U+0000, which PostgreSQL's `text` cannot.
  package func text() throws(JSONError) -> String {
    guard let decoded = decodedBytes() else {
      throw JSONError(code: .notAString, offset: span.lowerBound, pointer: pointer)
    }
    // Unescaped control characters have been refused, so only an escape can have made one.
    if isEscaped, decoded.contains(0) {
      throw JSONError(code: .nulCharacter, offset: span.lowerBound, pointer: pointer)
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Whether a string has escapes; if not, its bytes between the quotes are its text.
  package var isEscaped: Bool { token.flags.contains(.escaped) }

  /// A string's UTF-8 with escapes decoded, U+0000 included; nil for other kinds. A slice of
  /// the document where there are no escapes.
  package func decodedBytes() -> ArraySlice<UInt8>? {
    let token = token
    guard token.kind == .string else { return nil }
    guard token.flags.contains(.escaped) else { return storage.bytes[token.content] }
    let bytes = storage.bytes
    var decoded: [UInt8] = []
    decoded.reserveCapacity(token.content.count)
    JSONEscapes.decode(bytes.span, token.content, into: &decoded)
    return decoded[...]
  }

  /// Whether a string is `text`, compared by the bytes of its UTF-8.
  package func isText(_ text: String) -> Bool {
    guard let decoded = decodedBytes() else { return false }
    return decoded.count == text.utf8.count && decoded.elementsEqual(text.utf8)
  }

  /// A number written as an integer, exactly: nil for other kinds, for a fraction or an
  /// exponent (`1.0`, `1e2`) and beyond 64 bits. `-0` is 0.
  package func integer() -> Int64? {
    guard kind == .number else { return nil }
    var digits = rawBytes
    let isNegative = digits.first == JSONByte.minus
    if isNegative { digits = digits.dropFirst() }
    var value: Int64 = 0
    for byte in digits {
      guard JSONByte.isDigit(byte) else { return nil }
      let digit = Int64(byte - JSONByte.zero)
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counts downwards for negative numbers, which reach one further.
      let (sum, carry) = tens.addingReportingOverflow(isNegative ? -digit : digit)
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// A number rounded to the nearest `Double`; nil for other kinds and where that is infinite.
  package func double() -> Double? {
    guard kind == .number, let value = Double(String(decoding: rawBytes, as: UTF8.self)),
      value.isFinite
    else { return nil }
    return value
  }

  /// A boolean, nil for other kinds.
  package func bool() -> Bool? {
    kind == .bool ? token.flags.contains(.isTrue) : nil
  }
}

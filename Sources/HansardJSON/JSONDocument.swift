// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A JSON text (RFC 8259) that has been checked and can be walked without having been copied,
/// rewritten or rounded: every value is a span of the bytes that came in.
///
/// Stricter than the RFC asks where readers of JSON disagree: one document and nothing else,
/// UTF-8 without byte order mark, no key twice in an object, no lone surrogates, and the limits
/// of ``JSONLimits``. An escaped U+0000 and numbers of any size are accepted.
package struct JSONDocument: Sendable {
  package let storage: JSONStorage

  /// Checks `bytes` in one pass, in time linear in their number.
  ///
  /// Throws the first fault in document order, except that a repeated key is found when its
  /// object closes.
  package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    guard bytes.count < UInt32.max else {
      throw JSONError(code: .tooLarge, offset: 0, pointer: "")
    }
    let input = bytes.span
    var scanner = JSONScanner(limits: limits)
    do throws(JSONFault) {
      try scanner.scan(input)
    } catch {
      throw JSONError(
        code: error.code, offset: error.offset, pointer: scanner.pointer(of: error, input))
    }
    storage = JSONStorage(bytes: bytes, tape: scanner.tape)
  }

  /// The bytes that were parsed.
  package var bytes: [UInt8] { storage.bytes }

  /// The one value of the document.
  package var root: JSONValue { JSONValue(storage: storage, index: 0) }
}

/// The bytes and the tape, shared by all values of a document. The tape has at least one token.
package final class JSONStorage: Sendable {
  package let bytes: [UInt8]
  package let tape: [JSONToken]

  init(bytes: [UInt8], tape: [JSONToken]) {
    self.bytes = bytes
    self.tape = tape
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Why a document was refused, and where.
package struct JSONError: Error, Sendable, Hashable {
  package enum Code: String, Sendable, Hashable, CaseIterable {
    /// Not a document by the grammar of RFC 8259.
    case malformed
    /// Bytes that are not UTF-8 by the Unicode Standard, table 3-7.
    case invalidUTF8
    /// The same key twice in one object, escapes decoded, compared byte by byte.
    case duplicateKey
    case tooDeep
    /// A `\uD800`–`\uDFFF` escape without its other half.
    case loneSurrogate
    case stringTooLong
    case numberTooLong
    case tooManyKeys
    /// More bytes than the 32-bit spans of the tape can name.
    case tooLarge
    /// U+0000 in a string that was asked for as text.
    case nulCharacter
    /// Text was asked of something that is not a string.
    case notAString
  }

  package let code: Code
  /// Byte offset in the document where the fault lies; the length of the document if it ends
  /// too early.
  package let offset: Int
  /// RFC 6901 pointer of the value at fault, or of the object or array in which something else
  /// was expected; of an ancestor where the exact one would be longer than 1024 bytes.
  /// Holds keys of the document: for the sender of the document, not for logs.
  package let pointer: String

  package init(code: Code, offset: Int, pointer: String) {
    self.code = code
    self.offset = offset
    self.pointer = pointer
  }
}

/// Never shows bytes of the document, hence not the pointer either.
extension JSONError: CustomStringConvertible {
  package var description: String { "\(code.rawValue) at byte \(offset)" }
}

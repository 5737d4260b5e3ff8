// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a value looks like: a secret, or words, code, a number or a path.
struct Wording {
  private var letters = 0
  private(set) var digits = 0
  private var symbols = 0
  private var spaces = 0
  private var dots = 0
  private var isCall = false
  private let count: Int
  private let first: UInt8
  /// One of the words that say what a value is instead of giving it.
  let isKnown: Bool
  private let hasDrive: Bool

  init(_ text: Span<UInt8>, _ range: Range<Int>) {
    count = range.count
    first = range.isEmpty ? 0 : text[range.lowerBound]
    hasDrive =
      range.count > 2 && text[range.lowerBound + 1] == UInt8(ascii: ":")
      && text[range.lowerBound + 2] == JSONByte.backslash
    isKnown = range.count <= 24 && Self.isKnown(text, range)
    for offset in range.prefix(256) {
      let byte = text[offset]
      switch byte {
      case UInt8(ascii: "."): dots += 1
      case UInt8(ascii: "_"): break
      case 0x20, 0x09: spaces += 1
      case UInt8(ascii: "("): (isCall, symbols) = (isCall || letters > 0, symbols + 1)
      case _ where ByteClass.digit.contains(byte): digits += 1
      case _ where ByteClass.alnum.contains(byte): letters += 1
      default: symbols += 1
      }
    }
  }

  var hasDigitOrSymbol: Bool { digits > 0 || symbols > 0 }
  /// Digits and nothing else.
  var isNumber: Bool { digits == count || (digits + dots == count && dots == 1) }
  /// A path, which shells and tools keep in `PWD` and in files of secrets.
  var isPath: Bool { first == UInt8(ascii: "/") && symbols < 12 || first == 0x7E || hasDrive }
  /// A call, an element, or names joined by dots: `self.token`, `get_token()`, `os.environ[…]`.
  var isCode: Bool { isCall || (dots > 0 && symbols == 0 && digits <= 1 && letters > 4) }
  /// Several words without a digit: a label or an explanation.
  var isProse: Bool { spaces > 0 && (digits == 0 || spaces > 3) }

  private static func isKnown(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let word = String(
      decoding: range.map { AnchorAutomaton.folded(text[$0]) }, as: UTF8.self)
    return known.contains(word)
  }

  private static let known: Set<String> = [
    "string", "str", "text", "number", "int", "integer", "boolean", "bool", "any", "none", "null",
    "nil", "undefined", "true", "false", "required", "optional", "secret", "password", "passwd",
    "token", "hidden", "yes", "no", "bytes", "object", "array", "unknown", "default", "secretstr",
    "char", "varchar", "dict", "list", "void", "never", "expired", "invalid", "missing", "valid",
    "empty", "set", "unset", "changed", "incorrect", "wrong", "error", "ok", "failed", "include",
    "omit", "same-origin", "cookie", "bearer", "basic", "api_key", "apikey", "api-key", "key",
    "self", "this", "await", "new", "return", "function", "async", "const", "let", "var", "not",
    "and", "or", "in", "is", "if", "else", "env", "file", "vault", "username", "email", "user",
    "value", "name", "type", "field", "input", "uuid", "jwt", "oauth", "oauth2", "enabled",
    "disabled", "auto", "manual", "on", "off", "static", "private", "public", "protected",
    "inherit", "unchanged", "n/a", "tbd", "todo", "...", "str,", "-",
  ]
}

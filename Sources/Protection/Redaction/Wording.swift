// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a value looks like: a secret, or words, code, a number or a path.
struct Wording {
  private(set) var digits = 0
  private var upper = 0
  private var lower = 0
  /// Visible bytes that join words: `-`, `_`, `.`, `/`.
  private var joints = 0
  private var dots = 0
  private var lines = 0
  private var spaces = 0
  private var symbols = 0
  private let count: Int
  private let first: UInt8
  /// One of the words that say what a value is instead of giving it.
  let isKnown: Bool
  /// Words such as people make pass phrases of.
  let isPhrase: Bool
  private let hasDrive: Bool

  init(_ text: Span<UInt8>, _ range: Range<Int>) {
    count = range.count
    first = range.isEmpty ? 0 : text[range.lowerBound]
    hasDrive = range.count > 1 && text[range.lowerBound + 1] == UInt8(ascii: ":")
    for offset in range.prefix(256) {
      switch text[offset] {
      case 0x30...0x39: digits += 1
      case 0x41...0x5A: upper += 1
      case 0x61...0x7A, 0x80...0xFF: lower += 1
      case 0x20, 0x09: spaces += 1
      case UInt8(ascii: "."): (joints, dots) = (joints + 1, dots + 1)
      case UInt8(ascii: "_"): (joints, lines) = (joints + 1, lines + 1)
      case UInt8(ascii: "-"), UInt8(ascii: "/"): joints += 1
      default: symbols += 1
      }
    }
    isKnown = range.count <= 24 && KnownWords.describe(text, range)
    isPhrase =
      spaces > 1 && digits + upper + joints + symbols == 0
      && KnownWords.arePhrase(text, range)
  }

  private var letters: Int { upper + lower }
  /// Digits and nothing else.
  var isNumber: Bool { digits == count || (digits + dots == count && dots == 1) }
  /// A path, which shells and tools keep in `PWD` and in files of secrets. Base64 may begin like one.
  var isPath: Bool {
    switch first {
    case UInt8(ascii: "/"): symbols == 0 && !(digits > 2 && upper > 5 && lower > 5 && count > 27)
    case UInt8(ascii: "~"): symbols == 1 && joints > 0
    case UInt8(ascii: "."): count > 1 && joints > 1 && symbols == 0 && digits < 4
    default: hasDrive && digits + symbols < 4 && letters > 0 && ByteClass.alnum.contains(first)
    }
  }
  /// Names joined by dots: `self.token`.
  var isName: Bool {
    dots > 0 && symbols == 0 && joints == dots + lines && digits <= 1 && letters > 4
  }
  /// A name of code, perhaps with a number behind it.
  var isIdentifier: Bool {
    count < 20 && digits <= 1 && symbols == 0 && spaces == 0 && joints == lines
  }
  /// The same in small letters, with lines: `refresh_token`.
  var isSnake: Bool { lines > 0 && digits <= 1 && symbols == 0 && spaces == 0 && joints == lines }
  /// Whether words stand out in it: `challengePassword`, `client-secret`.
  var hasSeams: Bool { joints > 0 || upper > 0 && upper < letters }
  /// Letters, and what joins words.
  var isLabel: Bool {
    digits == 0 && symbols == 0 && spaces == 0 && !(count > 19 && upper > 5 && lower > 5)
  }
  /// Several words without a digit: a label or an explanation.
  var isProse: Bool { spaces > 0 && (digits == 0 || spaces > 3) }
}

/// Words that tell what a value is.
enum KnownWords {
  /// Whether `range` is one that stands for a value: `string`, `none`, `hidden`, `uint256`.
  static func describe(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var bytes = range.map { AnchorAutomaton.folded(text[$0]) }
    if placeholders.contains(String(decoding: bytes, as: UTF8.self)) { return true }
    let digits = bytes.reversed().prefix { ByteClass.digit.contains($0) }.count
    guard digits > 0, digits < bytes.count else { return false }
    bytes.removeLast(digits)
    return numbered.contains(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether `range` names a secret and is none: `clientSecret`.
  static func nameSecret(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let word = String(decoding: range.map { AnchorAutomaton.folded(text[$0]) }, as: UTF8.self)
    return ["password", "passwd", "secret", "token", "apikey", "api_key", "api-key", "credential"]
      .contains { word.hasSuffix($0) }
  }

  /// Whether `range` is words of three letters or more that do not make a sentence.
  static func arePhrase(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let words = text.extracting(range).withUnsafeBufferPointer {
      $0.split(separator: 0x20, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
    guard (3...24).contains(words.count),
      words.allSatisfy({ (3...12).contains($0.utf8.count) })
    else { return false }
    // The words of wallets are common ones.
    return words.count > 11 || !words.contains { sentences.contains($0) }
  }

  private static let placeholders: Set<String> = [
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
    "inherit", "unchanged", "n/a", "tbd", "todo", "...", "str,", "-", "write", "read", "option",
    "options", "argument", "arguments", "prompt", "required.", "given", "correct", "weak", "strong",
    "too", "must", "stdin", "from", "redacted",
  ]

  private static let numbered: Set<String> = [
    "int", "uint", "float", "bytes", "char", "varchar", "text", "string", "md", "sha", "sha-",
    "base", "utf", "utf-", "oauth", "es", "rs", "hs", "ps", "token", "password", "secret", "key",
    "field", "arg", "param", "var", "value", "pass", "pwd", "passwd", "pw", "user", "str",
  ]

  private static let sentences: Set<String> = [
    "the", "and", "for", "you", "your", "are", "not", "was", "has", "have", "had", "with", "from",
    "this", "that", "will", "must", "can", "may", "should", "when", "which", "used", "use", "using",
    "password", "secret", "token", "key", "value", "name", "user", "enter", "please", "required",
    "invalid", "incorrect", "wrong", "missing", "expired", "optional", "string", "number", "access",
    "login", "here", "some", "any", "all", "new", "old", "current", "set", "get", "does", "but",
    "our", "its", "they", "than", "then", "into", "only", "such", "very", "more", "been", "were",
    "credentials", "authentication", "authorization", "api", "there", "none", "found",
  ]
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One statement of an SQL script.
struct SQLStatement: Sendable, Equatable {
  /// Without the semicolon and the comments before it.
  var text: String
  /// Line of its first word in the script, from 1.
  var line: Int
  /// Its unquoted words outside of brackets, in lower case; at most the first sixteen.
  var words: [String]

  /// Whether it begins or ends a transaction or a part of one.
  var isTransactionControl: Bool {
    switch words.first {
    case "begin", "commit", "end", "rollback", "abort", "savepoint", "release": true
    case "start", "prepare": words.dropFirst().first == "transaction"
    default: false
    }
  }

  /// `create index concurrently` and its kin: they wait for other transactions, but hold up nobody.
  var isConcurrent: Bool { words.contains("concurrently") }
}

/// A script that ends in the middle of something.
struct SQLScriptError: Error, Equatable {
  var line: Int
  var reason: String
}

/// Takes an SQL script apart into statements, as `psql` does (PostgreSQL source, `psqlscan.l`):
/// by quotes, dollar quotes, comments (nested), brackets, and `begin atomic … end` bodies.
struct SQLScript {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var statements: [SQLStatement] = []
  private var start: (position: Int, line: Int)?
  private var words: [String] = []
  private var depth = 0
  private var bodyDepth = 0

  /// The statements of a script, in order; empty ones are left out.
  static func statements(of sql: String) throws(SQLScriptError) -> [SQLStatement] {
    var script = SQLScript(bytes: Array(sql.utf8))
    try script.scan()
    return script.statements
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func scan() throws(SQLScriptError) {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "-") where peek(1) == byte: skipLine()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): try skipComment()
      case UInt8(ascii: ";") where depth == 0 && bodyDepth == 0:
        finish()
        advance()
      case _ where Self.isBlank(byte): advance()
      default:
        if start == nil { start = (position, line) }
        try token(byte)
      }
    }
    guard depth == 0, bodyDepth == 0 else {
      throw unfinished(bodyDepth > 0 ? "begin atomic" : "bracket", since: start?.line ?? line)
    }
    finish()
  }

  private mutating func token(_ byte: UInt8) throws(SQLScriptError) {
    switch byte {
    case UInt8(ascii: "'"): try skipQuoted("'", escapes: false)
    case UInt8(ascii: "\""): try skipQuoted("\"", escapes: false)
    case UInt8(ascii: "$"): try skipDollarQuoted()
    case UInt8(ascii: "("):
      depth += 1
      advance()
    case UInt8(ascii: ")"):
      depth = max(depth - 1, 0)
      advance()
    case _ where Self.isWordStart(byte): try word()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): skipWord()
    default: advance()
    }
  }

  private mutating func word() throws(SQLScriptError) {
    let from = position
    skipWord()
    let word = String(decoding: bytes[from..<position], as: UTF8.self).lowercased()
    if word == "e", peek() == UInt8(ascii: "'") {
      return try skipQuoted("'", escapes: true)
    }
    guard depth == 0 else { return }
    if words.count < 16 { words.append(word) }
    trackBody(word)
  }

  /// A routine may have a body of statements that end in semicolons of their own.
  private mutating func trackBody(_ word: String) {
    switch word {
    case "begin" where isRoutine: bodyDepth += 1
    case "case" where bodyDepth > 0: bodyDepth += 1
    case "end" where bodyDepth > 0: bodyDepth -= 1
    default: break
    }
  }

  private var isRoutine: Bool {
    let rest = words.dropFirst()
    let kind = rest.starts(with: ["or", "replace"]) ? rest.dropFirst(2).first : rest.first
    return words.first == "create" && (kind == "function" || kind == "procedure")
  }

  private mutating func finish() {
    if let start {
      let text = bytes[start.position..<position]
      let end = text.lastIndex { !Self.isBlank($0) } ?? text.startIndex
      statements.append(
        SQLStatement(
          text: String(decoding: text[...end], as: UTF8.self), line: start.line, words: words))
    }
    start = nil
    words = []
  }
}

extension SQLScript {
  private func peek(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private mutating func advance() {
    if peek() == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  private mutating func skipLine() {
    while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
  }

  private mutating func skipComment() throws(SQLScriptError) {
    let first = line
    var nesting = 0
    repeat {
      switch (peek(), peek(1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        nesting += 1
        advance()
      case (UInt8(ascii: "*"), UInt8(ascii: "/")):
        nesting -= 1
        advance()
      case (nil, _): throw unfinished("comment", since: first)
      default: break
      }
      advance()
    } while nesting > 0
  }

  /// From the opening quote to behind the closing one; a doubled quote simply starts the next.
  private mutating func skipQuoted(
    _ quote: Unicode.Scalar, escapes: Bool
  ) throws(SQLScriptError) {
    let first = line
    advance()
    while let byte = peek(), byte != UInt8(ascii: quote) {
      if escapes, byte == UInt8(ascii: "\\") { advance() }
      advance()
    }
    guard peek() != nil else { throw unfinished("quoted text", since: first) }
    advance()
    // `E'a''\'b'`: the second half has escapes too.
    if escapes, peek() == UInt8(ascii: quote) { try skipQuoted(quote, escapes: true) }
  }

  private mutating func skipDollarQuoted() throws(SQLScriptError) {
    let first = line
    let rest = bytes[(position + 1)...]
    let tag = rest.prefix { Self.isWordStart($0) || (UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
    let startsWell = tag.first.map(Self.isWordStart) ?? true
    guard startsWell, rest.dropFirst(tag.count).first == UInt8(ascii: "$") else {
      return advance()
    }
    let delimiter = bytes[position..<(position + tag.count + 2)]
    for _ in delimiter { advance() }
    while position < bytes.count, !bytes[position...].starts(with: delimiter) { advance() }
    guard position < bytes.count else { throw unfinished("dollar-quoted text", since: first) }
    for _ in delimiter { advance() }
  }

  private mutating func skipWord() {
    while let byte = peek(), Self.isWordPart(byte) { advance() }
  }

  private func unfinished(_ what: String, since line: Int) -> SQLScriptError {
    SQLScriptError(line: line, reason: "the \(what) that begins here does not end")
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d) ~= byte }

  private static func isWordStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte)
      || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// A dollar inside a word belongs to it and quotes nothing.
  private static func isWordPart(_ byte: UInt8) -> Bool {
    isWordStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte)
      || byte == UInt8(ascii: "$")
  }
}

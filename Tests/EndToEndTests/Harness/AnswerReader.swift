// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Reads HTTP/1.1 answers out of bytes, strictly, independent of the parser under test.
struct AnswerReader {
  private var rest: ArraySlice<UInt8>

  /// The answers in `bytes`, informational ones left out; nil where they are not whole.
  static func answers(in bytes: [UInt8], toHead isHead: Bool = false) -> [Answer]? {
    var reader = AnswerReader(rest: bytes[...])
    var answers: [Answer] = []
    while !reader.rest.isEmpty {
      guard let answer = reader.next(isHead) else { return nil }
      if answer.status >= 200 { answers.append(answer) }
    }
    return answers
  }

  /// The first answer, an informational one too; nil until it is whole.
  static func first(in bytes: [UInt8]) -> Answer? {
    var reader = AnswerReader(rest: bytes[...])
    return reader.next(false)
  }

  private mutating func next(_ isHead: Bool) -> Answer? {
    guard let status = line().flatMap(Self.status) else { return nil }
    var headers = Fields([])
    while let line = line() {
      if line.isEmpty {
        guard let body = body(headers, isHead || status < 200) else { return nil }
        return Answer(status: status, headers: headers, body: body)
      }
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers.add(String(line[..<colon]), String(value))
    }
    return nil
  }

  private static func status(_ line: String) -> Int? {
    let parts = line.split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, parts[0].hasPrefix("HTTP/1.") else { return nil }
    return Int(parts[1])
  }

  private mutating func body(_ headers: Fields, _ isEmpty: Bool) -> [UInt8]? {
    if isEmpty { return [] }
    if headers["transfer-encoding"].contains("chunked") { return chunks() }
    guard let text = headers["content-length"].first else {
      // Ended by the close of the connection.
      defer { rest = [] }
      return Array(rest)
    }
    return Int(text).flatMap { take($0) }
  }

  private mutating func chunks() -> [UInt8]? {
    var body: [UInt8] = []
    while let size = line().flatMap({ Int($0, radix: 16) }) {
      guard size > 0 else { return line() == "" ? body : nil }
      guard let chunk = take(size), line() == "" else { return nil }
      body += chunk
    }
    return nil
  }

  private mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// The next line without its CRLF.
  private mutating func line() -> String? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex,
      rest[rest.index(before: end)] == UInt8(ascii: "\r")
    else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(decoding: rest[rest.startIndex..<rest.index(before: end)], as: UTF8.self)
  }
}

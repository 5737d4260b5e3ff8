// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Reads the answers on one HTTP/1.1 connection as their bytes come: head, then a body whose length
/// the head says. Nothing of the bodies is kept.
struct AnswerReader: Sendable {
  /// What is told of an answer.
  struct Answer: Sendable, Equatable {
    var status: Int
    /// What `Retry-After` says in seconds; nil where it is missing or no such number.
    var retryAfter: Int?
    /// Whether the server closes the connection now.
    var isLast: Bool
  }

  /// The bytes of a head that is not complete.
  private var head: [UInt8] = []
  /// The answer whose body is still coming, and how many bytes of it.
  private var pending: (answer: Answer, missing: Int)?

  /// Takes bytes and returns an answer that is complete with them; nil when more are needed.
  ///
  /// The client sends one request at a time, so bytes beyond an answer are an error.
  mutating func take(_ bytes: UnsafeRawBufferPointer) throws(BenchError) -> Answer? {
    var bodyBytes = bytes.count
    if pending == nil {
      head += bytes
      guard let end = Self.endOfHead(head) else { return nil }
      bodyBytes = head.count - end
      pending = try Self.parse(String(decoding: head[..<end], as: UTF8.self))
      head.removeAll(keepingCapacity: true)
    }
    guard case (let answer, var missing)? = pending else { return nil }
    missing -= bodyBytes
    guard missing >= 0 else { throw BenchError("more bytes than the answer has") }
    pending = missing > 0 ? (answer, missing) : nil
    return missing > 0 ? nil : answer
  }

  /// The place after the empty line.
  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let lineFeed = UInt8(ascii: "\n")
    let end = (3..<bytes.count).first { bytes[$0] == lineFeed && bytes[$0 - 2] == lineFeed }
    return end.map { $0 + 1 }
  }

  private static func parse(_ head: String) throws(BenchError) -> (Answer, Int) {
    let lines = head.split(separator: "\r\n")
    guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
      let status = Int(first.dropFirst(9).prefix(3))
    else { throw BenchError("this is not an HTTP answer: \(head.prefix(40))") }
    var answer = Answer(status: status, isLast: false)
    var length: Int?
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      let value = parts.last?.drop { $0 == " " } ?? ""
      switch parts.first?.lowercased() {
      case "content-length": length = Int(value)
      case "retry-after": answer.retryAfter = Int(value).flatMap { $0 >= 0 ? $0 : nil }
      case "connection": answer.isLast = value.lowercased() == "close"
      default: break
      }
    }
    guard let length, length >= 0 else { throw BenchError("an answer without a length") }
    return (answer, length)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A plain HTTP client for what is not measured: one connection per call, of ours and blocking.
struct Client: Sendable {
  let port: Int
  let key: String?

  /// The status of an answer to GET; nil where nobody answers.
  func status(of path: String) async -> Int? {
    do {
      return try await send("GET", path).status
    } catch {
      // Not up yet, or gone: that is what the caller wants to know.
      return nil
    }
  }

  /// Posts a body; throws unless the answer is 2xx.
  ///
  /// - Parameter insists: asks again as long as the service says that there is too much to do.
  @discardableResult
  func post(_ path: String, _ body: String, insists: Bool = false) async throws -> Data {
    var answer = try await send("POST", path, body)
    while insists, answer.status == 503 { answer = try await send("POST", path, body) }
    guard (200..<300).contains(answer.status) else {
      throw BenchError(
        "POST \(path): \(answer.status) \(String(decoding: answer.body.prefix(500), as: UTF8.self))"
      )
    }
    return answer.body
  }

  private func send(
    _ method: String, _ path: String, _ body: String = ""
  ) async throws -> (status: Int, body: Data) {
    try Task.checkCancellation()
    let request = HTTPRequest(method, path, key: key, body: body, isLast: true)
    let answer = await blocking { [port] in
      Result { try Self.exchange(Array(request.text.utf8), port: port) }
    }
    return try answer.get()
  }

  private static func exchange(_ request: [UInt8], port: Int) throws -> (status: Int, body: Data) {
    let stream = try SocketStream(port: port)
    try stream.send(request)
    var answer = Data()
    while let bytes = try stream.receive(atMost: 64 * 1024) { answer += bytes }
    let text = String(decoding: answer.prefix(12), as: UTF8.self)
    guard text.hasPrefix("HTTP/1.1 "), let status = Int(text.dropFirst(9)),
      let end = answer.range(of: Data("\r\n\r\n".utf8))
    else { throw BenchError("this is not an HTTP answer: \(text)") }
    return (status, answer[end.upperBound...])
  }
}

/// The text of an HTTP request.
struct HTTPRequest: Sendable {
  let text: String

  /// - Parameter isLast: whether the server closes the connection after its answer.
  init(_ method: String, _ path: String, key: String?, body: String = "", isLast: Bool = false) {
    text =
      Self.head(method, path, key: key, bodyCount: body.utf8.count, isLast: isLast) + body
  }

  /// The part before the body, which has `bodyCount` bytes; GET has none.
  static func head(
    _ method: String, _ path: String, key: String?, bodyCount: Int, isLast: Bool = false
  ) -> String {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"]
    if let key { lines.append("Authorization: Bearer \(key)") }
    if method != "GET" {
      lines += ["Content-Type: application/json", "Content-Length: \(bodyCount)"]
    }
    if isLast { lines.append("Connection: close") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// Server-Sent Events as they come.
final class ServerSentEvents {
  /// One event.
  struct Event: Sendable, Equatable {
    var id: String?
    var type = ""
    var data = ""
  }

  let head: Fields
  private var body: HTTPClientResponse.Body.AsyncIterator
  private var text = ""

  fileprivate init(_ response: HTTPClientResponse) {
    head = Fields(response.headers.map { ($0.name, $0.value) })
    body = response.body.makeAsyncIterator()
  }

  /// The next event; comments are passed over. Throws when the stream has ended.
  func next() async throws -> Event {
    while true {
      while let end = text.range(of: "\n\n") {
        let lines = text[..<end.lowerBound].split(separator: "\n")
        text = String(text[end.upperBound...])
        if let event = Event(lines) { return event }
      }
      guard let part = try await body.next() else { throw TestSupportError("the stream has ended") }
      text += String(buffer: part)
    }
  }
}

extension ServerSentEvents.Event {
  fileprivate init?(_ lines: [Substring]) {
    guard lines.contains(where: { !$0.hasPrefix(":") }) else { return nil }
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      let value = parts.count > 1 ? String(parts[1].dropFirst()) : ""
      switch parts.first {
      case "id": id = value
      case "event": type = value
      case "data": data += data.isEmpty ? value : "\n" + value
      default: break
      }
    }
  }
}

extension Client {
  /// Opens a stream and ends it at once; what is no stream is read to its end.
  func opened(_ path: String) async throws -> Answer {
    var request = HTTPClientRequest(url: url + path)
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    let response = try await Self.http.execute(request, timeout: .seconds(20))
    let fields = Fields(response.headers.map { ($0.name, $0.value) })
    guard response.status != .ok else { return Answer(status: 200, headers: fields, body: []) }
    let body = try await response.body.collect(upTo: 1 << 20)
    return Answer(
      status: Int(response.status.code), headers: fields, body: Array(body.readableBytesView))
  }

  /// Opens a stream and ends it when `body` returns.
  @discardableResult
  func streamed<Result>(
    _ path: String, headers: [(String, String)] = [],
    _ body: (ServerSentEvents) async throws -> Result
  ) async throws -> Result {
    var request = HTTPClientRequest(url: url + path)
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    let response = try await Self.http.execute(request, timeout: .seconds(60))
    guard response.status == .ok else { throw TestSupportError("answered \(response.status)") }
    return try await body(ServerSentEvents(response))
  }
}

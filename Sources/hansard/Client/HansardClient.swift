// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Protection

/// A client of the HTTP interface, for the commands that use a running service.
struct HansardClient: Sendable {
  /// One answer, read to its end.
  struct Answer: Sendable {
    var status: Int
    var body: [UInt8]
  }

  /// The service's address without a slash at the end: `http://127.0.0.1:8080`.
  let url: String
  private let key: String?
  private let http: HTTPClient

  /// How long one request may take, from connecting to the answer's last byte.
  static let requestLimit = TimeAmount.seconds(30)

  /// A client for the service at `url` that identifies itself by `key`.
  init(url: String, key: String?, http: HTTPClient) throws(ClientError) {
    guard ["http://", "https://"].contains(where: url.hasPrefix) else {
      throw .misuse("the service's address must start with http:// or https://")
    }
    if let key, !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      throw .misuse("the key holds characters that no key has")
    }
    self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    self.key = key
    self.http = http
  }

  /// Lends an HTTP client and shuts it down afterwards.
  static func withHTTP<T>(_ body: (HTTPClient) async throws -> T) async throws -> T {
    let http = HTTPClient(
      eventLoopGroupProvider: .singleton,
      configuration: .init(
        redirectConfiguration: .disallow,
        timeout: .init(connect: .seconds(5), read: .seconds(30))))
    do {
      let result = try await body(http)
      try await http.shutdown()
      return result
    } catch {
      try await http.shutdown()
      throw error
    }
  }

  /// Sends a request until it is answered with a 2xx, `retry` forbids, or patience ends.
  ///
  /// `wasAmbiguous` in the result tells that an earlier try may have been carried out.
  func send(
    _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, retry: RetryRule
  ) async throws -> (answer: Answer, wasAmbiguous: Bool) {
    let start = ContinuousClock.now
    var wasAmbiguous = false
    var attempt = 0
    while true {
      do throws(ClientError) {
        return (try await sendOnce(method, path, body: body), wasAmbiguous)
      } catch {
        attempt += 1
        let pause = RetryRule.pause(before: attempt, after: error)
        let end = start + RetryRule.patience(after: error)
        guard retry.allows(after: error), ContinuousClock.now + pause < end else {
          throw wasAmbiguous ? AmbiguousFailure(last: error) : error
        }
        wasAmbiguous = wasAmbiguous || error.mayHaveBeenDone
        try await Task.sleep(for: pause)
      }
    }
  }

  /// Sends a request once.
  func sendOnce(
    _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil
  ) async throws(ClientError) -> Answer {
    var request = HTTPClientRequest(url: url + path)
    request.method = method
    request.headers.add(name: "Accept", value: "application/json")
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    let (status, bytes, retryAfter) = try await exchange(request)
    guard (200...299).contains(status) else {
      throw .refused(.init(status: status, body: bytes, retryAfter: retryAfter))
    }
    return Answer(status: status, body: bytes)
  }

  private func exchange(
    _ request: HTTPClientRequest
  ) async throws(ClientError) -> (status: Int, body: [UInt8], retryAfter: String?) {
    do {
      let response = try await http.execute(request, timeout: Self.requestLimit)
      let body = try await response.body.collect(upTo: 16 * 1024 * 1024)
      return (
        Int(response.status.code), Array(body.readableBytesView),
        response.headers.first(name: "Retry-After")
      )
    } catch {
      throw .noAnswer("no answer from \(url): \(Self.words(for: error))")
    }
  }

  private static func words(for error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as HTTPClientError: error.shortDescription
    default: "\(error)"
    }
  }
}

/// A request failed whose earlier try may have been carried out.
struct AmbiguousFailure: Error, CustomStringConvertible {
  let last: ClientError

  var description: String { "\(last) (an earlier try may have been carried out)" }
}

extension ClientError {
  /// Whether the request may have been carried out although it failed.
  var mayHaveBeenDone: Bool {
    switch self {
    case .noAnswer: true
    case .refused(let problem):
      problem.code == "outcome_unknown" || (problem.code.isEmpty && problem.status >= 500)
    case .unreadableAnswer, .misuse: false
    }
  }
}

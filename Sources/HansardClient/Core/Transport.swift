// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
import HansardJSON
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sends requests, again where that may help, and reads their answers.
struct Transport: Sendable {
  let url: String
  /// The same for people.
  let shownURL: String
  let key: APIKey?
  let timeout: Duration
  let retry: RetryPolicy
  let http: HTTPClient

  /// Redirects would carry the key to other places; repetitions are ours.
  static let http: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// Sends until an answer is a success, the failure would stay, or the policy's patience ends.
  func send(_ call: Call) async throws(HansardClientError) -> Reply {
    var failures = 0
    while true {
      do throws(HansardClientError) {
        return try await sendOnce(call)
      } catch {
        failures += 1
        guard failures < max(1, retry.attempts), error.isRetried,
          call.isRepeatable || !error.mayHaveBeenDone,
          let pause = retry.pause(
            afterFailure: failures, asked: error.retryAfter, random: .random(in: 0...1))
        else { throw error }
        try await Self.sleep(pause)
      }
    }
  }

  /// The same for an answer that is JSON.
  func ask(_ call: Call) async throws(HansardClientError) -> JSONValue {
    try Self.json(try await send(call))
  }

  static func json(_ reply: Reply) throws(HansardClientError) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument(parsing: reply.body, limits: .answer).root
    } catch {
      throw .unreadableAnswer("\(error)")
    }
  }

  /// Suspends; cancellation ends it early.
  static func sleep(_ pause: Duration) async throws(HansardClientError) {
    do {
      try await Task.sleep(for: pause)
    } catch {
      throw .cancelled
    }
  }

  /// Sends once.
  func sendOnce(_ call: Call) async throws(HansardClientError) -> Reply {
    let (status, headers, body): (Int, HTTPHeaders, [UInt8])
    do {
      (status, headers, body) = try await exchange(call)
    } catch {
      throw failure(error)
    }
    guard (200...299).contains(status) else {
      throw .problem(
        Problem(
          status: status, body: body, retryAfter: headers.first(name: "Retry-After"),
          contentType: headers.first(name: "Content-Type")))
    }
    return Reply(
      status: status, body: body, next: Self.next(headers.first(name: "Link")))
  }

  /// The HTTP client's own deadline ends with the head of an answer; ours with its last byte.
  private func exchange(_ call: Call) async throws -> (Int, HTTPHeaders, [UInt8]) {
    try await withThrowingTaskGroup(of: (Int, HTTPHeaders, [UInt8])?.self) { group in
      group.addTask {
        let response = try await http.execute(request(call), timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: call.answerLimit)
        // A body that was cancelled may look like one that ended.
        try Task.checkCancellation()
        return (Int(response.status.code), response.headers, Array(body.readableBytesView))
      }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let answer = first else {
        throw HTTPClientError.deadlineExceeded
      }
      return answer
    }
  }

  private func request(_ call: Call) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: url + call.path)
    request.method = HTTPMethod(rawValue: call.method.rawValue)
    request.headers.add(name: "Accept", value: call.accept)
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key.text)") }
    if let name = call.idempotencyKey { request.headers.add(name: "Idempotency-Key", value: name) }
    if let body = call.body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    return request
  }

  private func failure(_ error: any Error) -> HansardClientError {
    if Task.isCancelled { return .cancelled }
    switch error {
    // Not by our task: whoever has the HTTP client shut it down.
    case is CancellationError: return lost("the HTTP client was stopped")
    case let error as IOError: return lost(String(cString: strerror(error.errnoCode)))
    case let error as HTTPClientError where Self.timeouts.contains(error): return .timeout
    case let error as HTTPClientError where error == .cancelled:
      return lost("the HTTP client was stopped")
    case let error as HTTPClientError: return lost(error.shortDescription)
    case is NIOTooManyBytesError: return .unreadableAnswer("it is too long")
    default: return lost("\(error)")
    }
  }

  private func lost(_ how: String) -> HansardClientError { .transport("\(shownURL): \(how)") }

  private static let timeouts: [HTTPClientError] = [
    .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout,
    .getConnectionFromPoolTimeout,
  ]

  /// The place that `Link: <…>; rel="next"` names.
  private static func next(_ link: String?) -> String? {
    guard let link, link.hasPrefix("</"), link.hasSuffix(">; rel=\"next\"") else { return nil }
    return String(link.dropFirst().prefix { $0 != ">" })
  }
}

extension HansardClientError {
  /// How long the service asks to wait.
  var retryAfter: Duration? {
    guard case .problem(let problem) = self else { return nil }
    return problem.retryAfter
  }
}

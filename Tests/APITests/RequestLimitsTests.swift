// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Synchronization
import Testing

@testable import API

/// What callers with limits are told, and when they are turned away.
@Suite(.timeLimit(.minutes(1))) struct RequestLimitsTests {
  private static let standings = [
    LimitStanding(.tenant, quota: 100, remaining: 50, wait: .milliseconds(600)),
    LimitStanding(.key, quota: 10, remaining: 0, wait: .milliseconds(5001)),
    LimitStanding(.events, quota: 1000, remaining: 1000, wait: nil),
  ]

  private static let policy = """
    RateLimit-Policy: "tenant";q=100;w=60, "key";q=10;w=60, "events";q=1000;w=86400;qu="events"\r\n
    """
  private static let limit = """
    RateLimit: "tenant";r=50;t=1, "key";r=0;t=6, "events";r=1000\r\n
    """

  private static func limits(_ refusal: DomainError? = nil) -> RequestLimits {
    RequestLimits(
      admit: { _, _, _ in LimitVerdict(standings: standings, refusal: refusal) },
      standings: { _ in standings })
  }

  private static let routes =
    RequestResponderTests.routes + [
      Route(.get, "/parts", .listRecordings) { _, _ in
        Reply(
          contentType: "application/json", body: .streamed { emit in try await emit([0x31]) })
      },
      Route(.get, "/missing", .listRecordings) { _, _ in
        throw DomainError(.notFound, "There is nothing.")
      },
      Route(.get, "/breaks-at-once", .listRecordings) { _, _ in
        Reply(
          contentType: "application/json",
          body: .streamed { _ in throw DomainError(.integrityFailure, "It does not open.") })
      },
      Route(.get, "/live", .watchNotices) { _, _ in
        // That its client has gone would show in the test.
        Reply(.ok, live: .eventStream { try? await $0.end() }, orElse: {})
      },
    ]

  private func ask(
    _ line: String, _ rest: String = "", _ limits: RequestLimits
  ) async throws -> String {
    let answer = Mutex("")
    try await TestListener.serving(Self.routes, limits: limits) { server in
      let text = "\(line) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(rest)\r\n"
      let received = try await server.exchange(text)
      answer.withLock { $0 = received }
    }
    return answer.withLock { $0 }
  }

  @Test(arguments: [
    ("POST /echo", "Content-Length: 2\r\n\r\n{}", 200), ("GET /missing", "", 404),
    ("POST /echo?x=1", "", 422), ("GET /parts", "", 200), ("GET /breaks-at-once", "", 500),
    ("GET /live", "", 200),
  ])
  func everyAnswerSaysWhereItsCallerStands(
    _ line: String, _ rest: String, _ status: Int
  ) async throws {
    let answer = try await ask(line, RequestResponderTests.key + rest, Self.limits())
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    #expect(answer.contains(Self.policy) && answer.contains(Self.limit), "\(answer)")
  }

  @Test func openRoutesSayNothingOfLimits() async throws {
    let answer = try await ask("GET /hello", "", Self.limits())
    #expect(answer.hasPrefix("HTTP/1.1 200 ") && !answer.contains("RateLimit"))
  }

  @Test func aCallerWithoutLimitsIsToldNothing() async throws {
    let rest = RequestResponderTests.key + "Content-Length: 2\r\n\r\n{}"
    let answer = try await ask("POST /echo", rest, .none)
    #expect(answer.hasPrefix("HTTP/1.1 200 ") && !answer.contains("RateLimit"))
  }

  /// The body is not even asked for, and what it would be refused for is not looked at.
  @Test(arguments: [
    "Expect: 100-continue\r\nContent-Length: 2\r\n", "Content-Length: 9999999\r\n",
    "Transfer-Encoding: chunked\r\n",
  ])
  func whoIsRefusedIsRefusedBeforeTheBodyIsRead(_ rest: String) async throws {
    var refusal = DomainError(.rateLimited, "Too many.")
    refusal.retryAfter = .milliseconds(5001)
    let answer = try await ask(
      "POST /echo", RequestResponderTests.key + rest, Self.limits(refusal))
    #expect(answer.hasPrefix("HTTP/1.1 429 "))
    #expect(answer.contains("Retry-After: 6\r\n") && answer.contains("\"rate_limited\""))
    #expect(answer.contains(Self.policy) && answer.contains(Self.limit))
  }

  /// The name of a request is told, since it may have been done before.
  @Test func aRequestWithANameIsKnownToHaveOne() async throws {
    let named = Mutex<[Bool]>([])
    let limits = RequestLimits(
      admit: { _, _, mayBeDone in
        named.withLock { $0.append(mayBeDone) }
        return .unlimited
      }, standings: { _ in [] })
    let body = "Content-Length: 2\r\n\r\n{}"
    _ = try await ask("POST /echo", RequestResponderTests.key + body, limits)
    _ = try await ask(
      "POST /echo", RequestResponderTests.key + "Idempotency-Key: a\r\n" + body, limits)
    #expect(named.withLock { $0 } == [false, true])
  }
}

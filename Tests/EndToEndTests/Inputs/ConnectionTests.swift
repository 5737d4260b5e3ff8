// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What happens on one connection beyond a single request and its answer.
@Suite(.serialized, .exclusive)
struct ConnectionTests {
  /// H007: what follows a body is another request, and has no more authority than it brings.
  @Test func whatFollowsABodyHasNoAuthority() async throws {
    try await BadInputGround.with { ground in
      let counts = try await TableCounts.read(ground.connection)
      let smuggled = ground.rightEvent.setting("Authorization", nil).bytes
      let request = ground.rightEvent.with(\.trailing, smuggled)
      let answers = try #require(try await exchange(ground, request.bytes).answers())
      #expect(answers.map(\.status) == [201, 401])
      // A length that is too small: the rest of the body is no request.
      let short = ground.rightEvent.with(\.contentLength, "10").bytes
      let refused = try #require(try await exchange(ground, short).answers())
      #expect(refused.map(\.status) == [400, 400] || refused.map(\.status) == [400])
      let changes = try await TableCounts.read(ground.connection).changes(since: counts)
      #expect(changes == ["recording_events": 1])
    }
  }

  /// H025: a thousand requests at once are answered in order.
  @Test func aThousandPipelinedRequestsAreAnsweredInOrder() async throws {
    try await BadInputGround.with { ground in
      let memory = ground.service.residentBytes
      let requests = (0..<1000).map { index in
        index % 2 == 0 ? ground.get("/livez", key: nil) : ground.get("/no/\(index)")
      }
      let outcome = try await exchange(ground, requests.flatMap(\.bytes))
      let answers = try #require(outcome.answers())
      #expect(answers.map(\.status) == (0..<1000).map { $0 % 2 == 0 ? 200 : 404 })
      #expect(ground.service.residentBytes < memory + 32 << 20)
    }
  }

  /// H021: a `GET` with a body leaves the connection in step.
  @Test func aBodyOfAGetIsNoRequest() async throws {
    try await BadInputGround.with { ground in
      let body = Array("GET /api/canvas/recording HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      var request = ground.get("/livez", key: nil)
      request.body = body
      request.contentLength = String(body.count)
      request.trailing = ground.get("/nothing").bytes
      let answers = try #require(try await exchange(ground, request.bytes).answers())
      let statuses = answers.map(\.status)
      #expect(statuses == [200, 404] || statuses == [200] || statuses == [400])
    }
  }

  /// A client may close its half behind the request and still gets its answer (H029).
  @Test func aHalfClosedConnectionIsAnswered() async throws {
    try await BadInputGround.with { ground in
      let counts = try await TableCounts.read(ground.connection)
      for closesOutput in [true, false] {
        let request = ground.rightEvent.adding("Connection", "close")
        let outcome = try await RawConnection.exchange(
          .init(
            port: ground.service.settings.ports.main, bytes: request.bytes,
            closesOutput: closesOutput))
        #expect(outcome.end == .closed)
        #expect(outcome.answers()?.map(\.status) == [201])
      }
      let changes = try await TableCounts.read(ground.connection).changes(since: counts)
      #expect(changes == ["recording_events": 2])
    }
  }

  /// A client that sends far too much is told so, and cut off without having been read to the end.
  @Test func anEndlessBodyIsCutOff() async throws {
    try await BadInputGround.with { ground in
      let memory = ground.service.residentBytes
      let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
      for length in ["chunked", nil] {
        var request = ground.event(Array(String(repeating: chunk, count: 512).utf8))
        if let length { request = request.adding("Transfer-Encoding", length) }
        let outcome = try await exchange(ground, request.bytes)
        #expect(outcome.end != .limit)
        #expect(outcome.duration < .seconds(8))
      }
      #expect(ground.service.residentBytes < memory + 32 << 20)
    }
  }

  private func exchange(
    _ ground: BadInputGround, _ bytes: [UInt8]
  ) async throws -> RawConnection.Outcome {
    try await RawConnection.exchange(
      .init(port: ground.service.settings.ports.main, bytes: bytes, limit: .seconds(20)))
  }
}

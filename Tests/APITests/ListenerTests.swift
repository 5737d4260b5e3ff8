// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection
import Testing

@testable import API

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
  /// A handler that says when it has begun and waits to be let go.
  private struct Gate: Sendable {
    let begun = AsyncStream.makeStream(of: Void.self)
    let open = AsyncStream.makeStream(of: Void.self)

    var route: Route {
      Route(.get, "/wait", .listRecordings) { _, _ in
        begun.continuation.yield()
        for await _ in open.stream { break }
        try Task.checkCancellation()
        return Reply { $0.string("done") }
      }
    }

    func hasBegun() async {
      for await _ in begun.stream { break }
    }

    func letGo() { open.continuation.yield() }
  }

  static let request = "GET /wait HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n\r\n"

  @Test func finishesWhatIsInProgressBeforeItStops() async throws {
    let gate = Gate()
    try await TestListener.serving([gate.route]) { server in
      let answer = try await server.connect { client in
        try await client.send(Self.request)
        await gate.hasBegun()
        let stopping = Task { await server.listener.stop(within: .seconds(30)) }
        // Refused connections are the signal that the port has stopped accepting.
        while await accepts(server) { await Task.yield() }
        gate.letGo()
        let answer = try await client.receiveAll()
        await stopping.value
        return answer
      }
      #expect(answer.contains("connection: close"))
      #expect(answer.hasSuffix("\"done\""))
    }
  }

  @Test func cutsWhatIsNotFinishedInTime() async throws {
    let gate = Gate()
    try await TestListener.serving([gate.route]) { server in
      let answer = try await server.connect { client in
        try await client.send(Self.request)
        await gate.hasBegun()
        await server.listener.stop(within: .milliseconds(50))
        return try await client.receiveAll()
      }
      #expect(!answer.contains("done"))
    }
  }

  @Test func turnsRequestsAwayBeyondItsLimit() async throws {
    let gate = Gate()
    try await TestListener.serving([gate.route], admitting: 1) { server in
      try await server.connect { first in
        try await first.send(Self.request)
        await gate.hasBegun()
        let second = try await server.connect { client in
          try await client.send(Self.request)
          return try await client.receive(until: "overloaded")
        }
        #expect(second.hasPrefix("HTTP/1.1 503 "))
        #expect(second.contains("Retry-After: "))
        gate.letGo()
        #expect(try await first.receive(until: "done").hasPrefix("HTTP/1.1 200 "))
      }
    }
  }

  private func accepts(_ server: TestListener) async -> Bool {
    do {
      try await server.connect { _ in }
      return true
    } catch {
      return false
    }
  }
}

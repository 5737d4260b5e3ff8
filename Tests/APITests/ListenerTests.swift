// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Protection
import Testing

@testable import API

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
  @Test func finishesWhatIsInProgressBeforeItStops() async throws {
    let gate = Gate()
    try await TestListener.serving([gate.route]) { server in
      let answer = try await server.connect { client in
        try await client.send(Gate.request)
        await gate.hasBegun()
        let stopping = Task { await server.listener.stop(within: .seconds(30)) }
        // Refused connections are the signal that the port has stopped accepting.
        while await TestClient.isAccepted(at: server.port) { await Task.yield() }
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
        try await client.send(Gate.request)
        await gate.hasBegun()
        await server.listener.stop(within: .milliseconds(50))
        return try await client.receiveAll()
      }
      #expect(!answer.contains("done"))
    }
  }

  @Test func survivesBeingStoppedWhileConnectionsArrive() async throws {
    let hello = Route(open: .get, "/hello") { _ in Reply { $0.string("hello") } }
    for round in 0..<40 {
      try await TestListener.serving([hello]) { server in
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<8 {
            group.addTask {
              while await TestClient.isAccepted(at: server.port) {}
            }
          }
          // In one half of the rounds what is in progress is cut, in the other it may finish.
          let grace: Duration = round.isMultiple(of: 2) ? .zero : .seconds(5)
          group.addTask { await server.listener.stop(within: grace) }
        }
      }
    }
  }

  @Test func turnsRequestsAwayBeyondItsLimit() async throws {
    let gate = Gate()
    try await TestListener.serving([gate.route], admitting: 1) { server in
      try await server.connect { first in
        try await first.send(Gate.request)
        await gate.hasBegun()
        let second = try await server.connect { client in
          try await client.send(Gate.request)
          return try await client.receive(until: "overloaded")
        }
        #expect(second.hasPrefix("HTTP/1.1 503 "))
        #expect(second.contains("Retry-After: "))
        gate.letGo()
        #expect(try await first.receive(until: "done").hasPrefix("HTTP/1.1 200 "))
      }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import TestSupport
import Testing

/// Clients that send a byte a second, or nothing: each is ended by its deadline, and the others
/// notice nothing of them.
@Suite(.serialized, .exclusive)
struct SlowClientTests {
  @Test(.timeLimit(.minutes(2)))
  func slowClientsAreEndedByTheirDeadlines() async throws {
    try await BadInputGround.with { ground in
      let service = ground.service
      _ = await service.probe("/livez")
      let openFiles = service.openFiles
      let crowd = try await withThrowingTaskGroup(of: Outcome.self) { group in
        for kind in Kind.allCases {
          for _ in 0..<40 { group.addTask { try await Self.visit(kind, ground) } }
        }
        // Some of those that were counted before may have been about to close.
        try await eventually(within: .seconds(10), "120 slow connections") {
          service.openFiles >= openFiles + 100
        }
        try await expectService(ground)
        return try await group.reduce(into: [Outcome]()) { $0.append($1) }
      }
      for kind in Kind.allCases {
        let outcomes = crowd.filter { $0.kind == kind }.map(\.outcome)
        let longest = outcomes.map(\.duration).max() ?? .zero
        print("slow \(kind): 40 connections, the longest ended after \(longest)")
        #expect(outcomes.filter { $0.end == .limit }.isEmpty, "\(kind)")
        #expect(longest < .seconds(15), "\(kind)")
        let statuses = outcomes.map { $0.answers()?.first?.status }
        #expect(Set(statuses) == [kind.status], "\(kind)")
      }
      try await eventually(within: .seconds(10), "as many descriptors as before") {
        service.openFiles <= openFiles + 2
      }
    }
  }

  /// In which way a client is slow.
  private enum Kind: CaseIterable {
    /// Connects and is silent.
    case silent
    /// A byte of the head per second.
    case head
    /// The head at once, then a byte of the body per second.
    case body

    /// What it is told; nil: nothing, for it asked for nothing.
    var status: Int? { self == .silent ? nil : 408 }
  }

  private struct Outcome: Sendable {
    var kind: Kind
    var outcome: RawConnection.Outcome
  }

  private static func visit(_ kind: Kind, _ ground: BadInputGround) async throws -> Outcome {
    var script = RawConnection.Script(port: ground.service.settings.ports.main, bytes: [])
    script.limit = .seconds(25)
    script.closesOutput = false
    script.pace = .seconds(1)
    switch kind {
    case .silent: break
    case .head: script.bytes = ground.rightEvent.bytes
    case .body:
      script.head = ground.event([]).with(\.contentLength, "1000").bytes
      script.bytes = Array(repeating: 0x20, count: 1000)
    }
    return Outcome(kind: kind, outcome: try await RawConnection.exchange(script))
  }

  /// While they are there, the admin port and the other clients are served as ever.
  private func expectService(_ ground: BadInputGround) async throws {
    let client = ground.service.client(ground.admin)
    let path = Paths.recording(ground.recording, "event")
    var admin = Latencies()
    var main = Latencies()
    for _ in 0..<200 {
      let start = ContinuousClock.now
      #expect(await ground.service.probe("/livez")?.status == 200)
      let middle = ContinuousClock.now
      #expect(try await client.send(.post, path, json: BadInputGround.rightBody).status == 201)
      admin.add(middle - start)
      main.add(.now - middle)
    }
    print(
      "beside slow clients: /livez p99 \(admin.percentile(0.99)), "
        + "events p99 \(main.percentile(0.99))"
    )
    #expect(admin.percentile(0.95) < .milliseconds(50))
    #expect(main.percentile(0.95) < .milliseconds(250))
  }
}

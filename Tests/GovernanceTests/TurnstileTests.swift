// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Governance

struct TurnstileTests {
  /// How many are inside, and how many were at most.
  private final class Counter: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
      counts.withLock { counts in
        counts.now += 1
        counts.most = max(counts.most, counts.now)
      }
    }

    func leave() {
      counts.withLock { $0.now -= 1 }
    }
  }

  @Test func noMoreAreInsideThanThereArePlaces() async throws {
    let turnstile = Turnstile(places: 2, queueLimit: 1000)
    let counter = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await turnstile.pass {
            counter.enter()
            await Task.yield()
            counter.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counter.most == 2)
  }

  @Test func whoComesWhenTooManyWaitIsRefusedAndWhoeverGivesUpIsForgotten() async throws {
    let turnstile = Turnstile(places: 1, queueLimit: 1)
    let (hold, release) = AsyncStream.makeStream(of: Void.self)
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let first = Task {
      try await turnstile.pass {
        enter.yield()
        for await _ in hold { break }
      }
    }
    for await _ in entered { break }
    let second = Task { try await turnstile.pass {} }
    try await eventually("one who waits") { turnstile.waitingCount == 1 }
    let code = try await refusal { try await turnstile.pass {} }
    #expect(code == .overloaded)
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    #expect(turnstile.waitingCount == 0)
    release.yield()
    try await first.value
    let answer = try await turnstile.pass { 7 }
    #expect(answer == 7)
  }
}

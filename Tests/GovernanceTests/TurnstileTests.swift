// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Governance

struct TurnstileTests {
  @Test func noMoreAreInsideThanThereArePlaces() async throws {
    let turnstile = Turnstile(places: 2, queueLimit: 1000)
    let (inside, most) = (Mutex(0), Mutex(0))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await turnstile.pass {
            let now = inside.withLock { count in
              count += 1
              return count
            }
            most.withLock { $0 = max($0, now) }
            await Task.yield()
            inside.withLock { $0 -= 1 }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(most.withLock { $0 } == 2)
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
    try await eventually(within: .seconds(10), "one who waits") { turnstile.waitingCount == 1 }
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

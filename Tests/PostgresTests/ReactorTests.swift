// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Postgres

struct ReactorTests {
  /// Two ends of a socket, closed at the end.
  private func withSockets(_ body: (Int32, Int32) async throws -> Void) async throws {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw TestSupportError("socketpair")
    }
    defer { for end in ends { close(end) } }
    try await body(ends[0], ends[1])
  }

  @Test func reportsEachDirectionWhenItIsReady() async throws {
    let reactor = Reactor()
    try await withSockets { near, far in
      #expect(await reactor.wait(for: .writable, on: near, until: .after(.seconds(20))) == .ready)
      #expect(
        await reactor.wait(for: .readable, on: near, until: .after(.milliseconds(5))) == .timedOut)
      #expect(write(far, "x", 1) == 1)
      // Level-triggered: what is not read is reported again.
      for _ in 0..<3 {
        #expect(await reactor.wait(for: .readable, on: near, until: .after(.seconds(20))) == .ready)
      }
      reactor.forget(near)
    }
    reactor.stop()
  }

  @Test func endsWaitsByCancellationForgettingAndStopping() async throws {
    let reactor = Reactor()
    try await withSockets { near, _ in
      func waiting() -> Task<Reactor.Outcome, Never> {
        Task { await reactor.wait(for: .readable, on: near, until: .never) }
      }
      func registered() async throws {
        try await eventually {
          reactor.state.withLock { $0.waiters.count == 1 }
        }
      }
      let cancelled = waiting()
      try await registered()
      cancelled.cancel()
      #expect(await cancelled.value == .cancelled)
      let forgotten = waiting()
      try await registered()
      reactor.forget(near)
      #expect(await forgotten.value == .closed)
      let stopped = waiting()
      try await registered()
      reactor.stop()
      #expect(await stopped.value == .closed)
      #expect(await waiting().value == .closed)
    }
  }

  @Test func aShieldedWaitOutlivesCancellation() async throws {
    let reactor = Reactor()
    try await withSockets { near, far in
      let task = Task {
        await reactor.wait(for: .readable, on: near, until: .after(.seconds(20)), shielded: true)
      }
      task.cancel()
      try await eventually {
        reactor.state.withLock { $0.waiters.count == 1 }
      }
      #expect(write(far, "x", 1) == 1)
      #expect(await task.value == .ready)
    }
    reactor.stop()
  }

  @Test func refusesADescriptorThatIsNone() async {
    let reactor = Reactor()
    let outcome = await reactor.wait(for: .readable, on: 1 << 20, until: .after(.seconds(20)))
    #expect(outcome == .failed(errno: EBADF))
    reactor.stop()
  }

  @Test func servesAnEarlierDeadlineBehindALaterOne() async {
    let reactor = Reactor()
    async let late = reactor.wait(until: .after(.milliseconds(60))) { _ in }
    async let early = reactor.wait(until: .after(.milliseconds(1))) { _ in }
    let start = ContinuousClock.now
    #expect(await early == .timedOut)
    #expect(await late == .timedOut)
    #expect(ContinuousClock.now - start >= .milliseconds(55))
    reactor.stop()
  }

  /// Ready, cancelled, timed out, forgotten and stopped, all at the same time: every wait ends.
  @Test func survivesStartAndStopUnderLoad() async throws {
    let ended = Tally()
    for round in 0..<60 {
      let reactor = Reactor()
      try await withSockets { near, far in
        await withTaskGroup(of: Void.self) { group in
          for number in 0..<40 {
            group.addTask {
              let limit = Duration.microseconds((number * 37 + round) % 900)
              let deadline = number % 3 == 0 ? Deadline.never : .after(limit)
              if number % 2 == 0 {
                _ = await reactor.wait(
                  for: .either, on: number % 4 == 0 ? near : far, until: deadline)
              } else {
                _ = await reactor.wait(until: deadline) { token in
                  if number % 5 == 0 { reactor.signal(token) }
                }
              }
              ended.increase()
            }
          }
          if round % 3 == 0 { group.cancelAll() }
          if round % 3 == 1 { reactor.forget(near) }
          reactor.stop()
        }
      }
    }
    #expect(ended.value == 60 * 40)
  }

  @Test func deadlinesDoNotOverflow() {
    #expect(Deadline.after(.seconds(Int64.max)) == .never)
    #expect(Deadline.after(.seconds(Int64.max / 2)) == .never)
    #expect(Deadline.after(.seconds(-5)) <= Deadline.now)
    #expect(Deadline.never.milliseconds(from: .now) == -1)
    let now = Deadline.now
    #expect(Deadline(nanoseconds: now.nanoseconds + 1).milliseconds(from: now) == 1)
    #expect(now.milliseconds(from: now) == 0)
    #expect(Deadline(nanoseconds: .max - 1).milliseconds(from: now) == .max)
  }
}

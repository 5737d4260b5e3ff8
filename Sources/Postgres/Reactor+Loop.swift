// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Synchronization

extension Reactor {
  private static let tick: UInt64 = 1_000_000_000

  /// The thread's body: sleep, take what is ready or overdue under the lock, resume outside it.
  func run() {
    var due: [(Waiter, Outcome)] = []
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Int(HANSARD_EPOLL_BATCH)) { tokens in
      var milliseconds: Int32 = 0
      while true {
        let count = Int(hansard_epoll_wait(epoll, tokens.baseAddress, milliseconds))
        guard count >= 0 else { return stop() }
        let reported = UnsafeBufferPointer(rebasing: tokens.prefix(count))
        guard let next = turn(reported, &due) else { return }
        milliseconds = next
        for (waiter, outcome) in due { waiter.continuation.resume(returning: outcome) }
        due.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Collects what `tokens` and the clock have made due. The next time-out, nil when stopped.
  private func turn(
    _ tokens: UnsafeBufferPointer<UInt64>, _ due: inout [(Waiter, Outcome)]
  ) -> Int32? {
    if tokens.contains(0) { hansard_eventfd_clear(wakeUp) }
    let now = Deadline.now
    return state.withLock { state in
      if state.isStopped { return nil }
      for token in tokens {
        if let waiter = state.waiters.removeValue(forKey: token) { due.append((waiter, .ready)) }
      }
      if state.alarm <= now { ring(&state, at: now, &due) }
      return state.alarm.milliseconds(from: now)
    }
  }

  /// Ends what is overdue and sets the alarm anew.
  private func ring(_ state: inout State, at now: Deadline, _ due: inout [(Waiter, Outcome)]) {
    var next = Deadline.never
    for (token, waiter) in state.waiters {
      if waiter.deadline <= now {
        state.waiters.removeValue(forKey: token)
        due.append((waiter, .timedOut))
      } else if waiter.deadline < next {
        next = waiter.deadline
      }
    }
    let tick = Deadline(nanoseconds: now.nanoseconds &+ Self.tick)
    state.alarm = state.hadTraffic ? min(next, tick) : next
    state.hadTraffic = false
  }
}

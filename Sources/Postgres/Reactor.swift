// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc
import Synchronization

/// Tells tasks when a descriptor is ready: one thread in `epoll_wait` for all connections.
///
/// Registration is level-triggered and one-shot: each wait arms its descriptor anew, so data left
/// unread by one `PQconsumeInput` is reported by the next wait. Every wait has a number of its own
/// that comes back as the report's token; a report for a wait that is over (cancelled, timed out,
/// descriptor closed and its number given to another) finds no waiter and is dropped.
///
/// The thread sleeps until `alarm`, which is never later than the earliest deadline but may be
/// earlier: it is recomputed when it goes off, not when a wait ends. While there is traffic it goes
/// off every second at least, so that a usual deadline lies behind it and registering a wait costs
/// no wake-up of the thread.
final class Reactor: Sendable {
  enum Outcome: Sendable, Equatable {
    case ready, timedOut, cancelled
    /// The descriptor was forgotten or the reactor stopped.
    case closed
    case failed(errno: Int32)
  }

  enum Interest: UInt32, Sendable {
    case readable = 1
    case writable = 2
    case either = 3
  }

  /// The number of one wait.
  typealias Token = UInt64

  /// The one that connections use; it runs as long as the process.
  static let shared = Reactor()

  let epoll: Int32
  let wakeUp: Int32
  let state = Mutex(State())
  private let lastToken = Atomic<UInt64>(0)

  struct Waiter {
    /// Unsafe continuations spare the hot path an allocation. Rule: whoever removes a waiter from
    /// the table resumes it, once; a waiter is removed once.
    let continuation: UnsafeContinuation<Outcome, Never>
    let descriptor: Int32
    let deadline: Deadline
  }

  struct State {
    var waiters: [Token: Waiter] = [:]
    var alarm = Deadline.never
    var hadTraffic = false
    var isStopped = false
  }

  /// A reactor that cannot get its descriptors or its thread answers every wait by `.closed`.
  init() {
    epoll = hansard_epoll_create()
    wakeUp = hansard_eventfd_create()
    let isUsable = epoll >= 0 && wakeUp >= 0 && hansard_epoll_watch(epoll, wakeUp, 0) == 0
    if !isUsable || !DetachedThread.start({ self.run() }) {
      state.withLock { $0.isStopped = true }
    }
  }

  deinit {
    close(epoll)
    close(wakeUp)
  }

  /// Waits until `descriptor` is ready.
  ///
  /// - Parameter shielded: whether the wait goes on when the task is cancelled.
  nonisolated(nonsending) func wait(
    for interest: Interest, on descriptor: Int32, until deadline: Deadline, shielded: Bool = false
  ) async -> Outcome {
    await wait(on: descriptor, until: deadline, shielded: shielded) { token in
      let error = hansard_epoll_arm(epoll, descriptor, interest.rawValue, token)
      if error != 0 { end(token, .failed(errno: error)) }
    }
  }

  /// Waits until somebody calls `signal` with the token that `start` is given. `start` runs once
  /// the wait is registered, so that no signal is lost; not at all if the task is cancelled.
  nonisolated(nonsending) func wait(
    until deadline: Deadline, _ start: (Token) -> Void
  ) async -> Outcome {
    await wait(on: -1, until: deadline, shielded: false, start)
  }

  /// Ends a wait without a descriptor; one that is over already is left alone.
  func signal(_ token: Token) {
    end(token, .ready)
  }

  /// To be called before the descriptor is closed: its waits end with `.closed`.
  func forget(_ descriptor: Int32) {
    hansard_epoll_forget(epoll, descriptor)
    let waiting = state.withLock { state in
      let tokens = state.waiters.filter { $0.value.descriptor == descriptor }.keys
      return tokens.compactMap { state.waiters.removeValue(forKey: $0) }
    }
    for waiter in waiting { waiter.continuation.resume(returning: .closed) }
  }

  /// Ends all waits and the thread. Later waits end at once.
  func stop() {
    let waiting = state.withLock { state in
      state.isStopped = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    hansard_eventfd_signal(wakeUp)
    for waiter in waiting { waiter.continuation.resume(returning: .closed) }
  }

  private nonisolated(nonsending) func wait(
    on descriptor: Int32, until deadline: Deadline, shielded: Bool, _ start: (Token) -> Void
  ) async -> Outcome {
    let token = lastToken.add(1, ordering: .relaxed).newValue
    func enter(_ continuation: UnsafeContinuation<Outcome, Never>) {
      let waiter = Waiter(continuation: continuation, descriptor: descriptor, deadline: deadline)
      if register(waiter, as: token, shielded: shielded) { start(token) }
    }
    if shielded { return await withUnsafeContinuation { enter($0) } }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { enter($0) }
    } onCancel: {
      end(token, .cancelled)
    }
  }

  private func end(_ token: Token, _ outcome: Outcome) {
    let waiter = state.withLock { $0.waiters.removeValue(forKey: token) }
    waiter?.continuation.resume(returning: outcome)
  }

  private enum Registration { case waiting, waitingSooner, over(Outcome) }

  /// False when the wait is over before it began.
  private func register(_ waiter: Waiter, as token: Token, shielded: Bool) -> Bool {
    // A cancellation before this point found no waiter to end. It is seen here: the flag is set
    // before the handler runs, and the handler takes the same lock.
    let registration = state.withLock { state -> Registration in
      if state.isStopped { return .over(.closed) }
      if !shielded, Task.isCancelled { return .over(.cancelled) }
      state.waiters[token] = waiter
      state.hadTraffic = true
      guard waiter.deadline < state.alarm else { return .waiting }
      state.alarm = waiter.deadline
      return .waitingSooner
    }
    switch registration {
    case .over(let outcome):
      waiter.continuation.resume(returning: outcome)
      return false
    case .waitingSooner: hansard_eventfd_signal(wakeUp)
    case .waiting: break
    }
    return true
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets a few through at a time, in the order in which they came.
///
/// For work that holds a connection for seconds: by itself it would leave none for others.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var next = 0
    /// Those who wait, the first one first.
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
  }

  private let queueLimit: Int
  private let state: Mutex<State>

  /// - Parameters:
  ///   - places: The most at a time, at least 1.
  ///   - queueLimit: The most who wait.
  init(places: Int, queueLimit: Int) {
    self.queueLimit = queueLimit
    state = Mutex(State(free: max(places, 1)))
  }

  /// How many are waiting.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Does `body` when it is its turn.
  ///
  /// - Throws: `overloaded` at once when too many wait, `CancellationError` when cancelled while waiting, or
  ///   what `body` throws.
  func pass<T>(_ body: () async throws -> T) async throws -> T {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let ticket = state.withLock { state in
      defer { state.next &+= 1 }
      return state.next
    }
    try await withTaskCancellationHandler {
      try await wait(as: ticket)
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0) }
      }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  private func wait(as ticket: Int) async throws {
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      let arrival: Result<Void, any Error>? = state.withLock { state in
        if Task.isCancelled { return .failure(CancellationError()) }
        if state.free > 0 {
          state.free -= 1
          return .success(())
        }
        if state.waiting.count >= queueLimit {
          return .failure(DomainError(.overloaded, "Too many ask for this at the moment."))
        }
        state.waiting.append((ticket, continuation))
        return nil
      }
      if let arrival { continuation.resume(with: arrival) }
    }
  }

  /// Gives the place to whoever waits longest.
  private func leave() {
    let waiter = state.withLock { state in
      if state.waiting.isEmpty {
        state.free += 1
        return nil as CheckedContinuation<Void, any Error>?
      }
      return state.waiting.removeFirst().continuation
    }
    waiter?.resume()
  }
}

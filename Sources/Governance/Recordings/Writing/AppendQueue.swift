// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A request waiting in a lane, and whom to tell.
struct PendingAppend: Sendable {
  let request: AppendRequest
  let continuation: CheckedContinuation<[EventReceipt], any Error>
  let deadline: ContinuousClock.Instant
}

/// The requests waiting for one lane: bounded in number and bytes, taken in groups.
final class AppendQueue: Sendable {
  /// How much may wait, and how much goes into one transaction; a tenant gets half of both at most
  /// while another waits, and half of the waiting room always.
  struct Bounds: Sendable {
    var waitingRequests = 1024
    var waitingBytes = 32 << 20
    var groupRequests = 256
    var groupEvents = 2000
    var groupBytes = 8 << 20
    /// The most events of one tenant in a transaction while another waits: few, so that the other's
    /// next request does not wait long for the end of it.
    var sharedGroupEvents = 200
    /// The longest time in the queue.
    var patience: Duration = .seconds(2)
  }

  fileprivate struct State {
    var waiting = WaitingAppends()
    var isClosed = false
    var consumer: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let bounds: Bounds

  init(bounds: Bounds) {
    self.bounds = bounds
  }

  /// Waits in the queue until the request is stored.
  ///
  /// - Throws: `overloaded` at once when the queue is full or closed, else what the lane says.
  func submit(_ request: AppendRequest) async throws -> [EventReceipt] {
    try await withCheckedThrowingContinuation { continuation in
      let pending = PendingAppend(
        request: request, continuation: continuation, deadline: .now + bounds.patience)
      let (accepted, consumer) = state.withLock { $0.add(pending, bounds) }
      if !accepted { continuation.resume(throwing: DomainError.queueFull) }
      consumer?.resume()
    }
  }

  /// Waits until something is there and takes a group; nil when the queue is closed and empty.
  func take() async -> [PendingAppend]? {
    while true {
      let (group, isClosed) = state.withLock { ($0.waiting.takeGroup(bounds), $0.isClosed) }
      if !group.isEmpty { return group }
      if isClosed { return nil }
      await withCheckedContinuation { consumer in
        let ready = state.withLock { $0.park(consumer) }
        if ready { consumer.resume() }
      }
    }
  }

  /// The number of requests that wait at this moment.
  var count: Int { state.withLock { $0.waiting.count } }

  /// Takes the requests whose time in the queue is over, to be refused: a lane that is held up by a
  /// database that does not answer must not hold up their callers as well.
  func takeOverdue(at now: ContinuousClock.Instant) -> [PendingAppend] {
    state.withLock { $0.waiting.takeOverdue(at: now) }
  }

  /// Takes everything that is waiting, to be refused together.
  func takeAll() -> [PendingAppend] {
    state.withLock { $0.waiting.takeAll() }
  }

  /// Whether it accepts nothing more.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Accepts nothing more; what is waiting is still taken.
  func close() {
    let consumer = state.withLock { state in
      state.isClosed = true
      defer { state.consumer = nil }
      return state.consumer
    }
    consumer?.resume()
  }
}

extension AppendQueue.State {
  mutating func add(
    _ pending: PendingAppend, _ bounds: AppendQueue.Bounds
  ) -> (accepted: Bool, wake: CheckedContinuation<Void, Never>?) {
    guard !isClosed, waiting.add(pending, bounds) else { return (false, nil) }
    defer { consumer = nil }
    return (true, consumer)
  }

  /// Remembers who to wake; true when there is no need to wait.
  mutating func park(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
    guard waiting.isEmpty, !isClosed else { return true }
    consumer = waiter
    return false
  }
}

extension DomainError {
  static let queueFull = DomainError(
    .overloaded, "More events arrive than can be stored at the moment.")
}

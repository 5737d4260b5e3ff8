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
  /// How much may wait, and how much goes into one transaction.
  struct Bounds: Sendable {
    var waitingRequests = 1024
    var waitingBytes = 32 << 20
    var groupRequests = 256
    var groupEvents = 2000
    var groupBytes = 8 << 20
    /// The longest time in the queue; beyond it the answer would come too late to be of use.
    var patience: Duration = .seconds(2)
  }

  fileprivate struct State {
    var waiting: [PendingAppend] = []
    var bytes = 0
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
      let (group, isClosed) = state.withLock { ($0.takeGroup(bounds), $0.isClosed) }
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
    state.withLock { $0.takeOverdue(at: now) }
  }

  /// Takes everything that is waiting, to be refused together.
  func takeAll() -> [PendingAppend] {
    state.withLock { state in
      defer {
        state.waiting = []
        state.bytes = 0
      }
      return state.waiting
    }
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
    let size = pending.request.byteCount
    guard !isClosed, waiting.count < bounds.waitingRequests,
      waiting.isEmpty || bytes + size <= bounds.waitingBytes
    else { return (false, nil) }
    waiting.append(pending)
    bytes += size
    defer { consumer = nil }
    return (true, consumer)
  }

  /// All have the same patience, so those that are overdue come first.
  mutating func takeOverdue(at now: ContinuousClock.Instant) -> [PendingAppend] {
    let overdue = Array(waiting.prefix { $0.deadline <= now })
    waiting.removeFirst(overdue.count)
    bytes -= overdue.reduce(0) { $0 + $1.request.byteCount }
    return overdue
  }

  /// Remembers who to wake; true when there is no need to wait.
  mutating func park(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
    guard waiting.isEmpty, !isClosed else { return true }
    consumer = waiter
    return false
  }

  /// The longest prefix of the queue that fits into one transaction. It ends before an event that is
  /// in the group already: the second must find the first stored.
  mutating func takeGroup(_ bounds: AppendQueue.Bounds) -> [PendingAppend] {
    var (count, events, size) = (0, 0, 0)
    var chosen = Set<ChosenEvent>()
    for pending in waiting.prefix(bounds.groupRequests) {
      let request = pending.request
      guard count == 0 || events + request.events.count <= bounds.groupEvents,
        count == 0 || size + request.byteCount <= bounds.groupBytes,
        request.chosenEvents.allSatisfy({ chosen.insert($0).inserted })
      else { break }
      count += 1
      events += request.events.count
      size += request.byteCount
    }
    let group = Array(waiting.prefix(count))
    waiting.removeFirst(count)
    bytes -= size
    return group
  }
}

private struct ChosenEvent: Hashable {
  let recording: RecordingID
  let event: EventID
}

extension AppendRequest {
  fileprivate var chosenEvents: [ChosenEvent] {
    events.filter(\.isChosen).map { ChosenEvent(recording: recording, event: $0.id) }
  }
}

extension DomainError {
  static let queueFull = DomainError(
    .overloaded, "More events arrive than can be stored at the moment.")
}

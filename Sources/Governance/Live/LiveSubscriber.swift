// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Somebody who is told what happens: a bounded box between the feed, which never waits, and a
/// connection, which takes what it can.
package final class LiveSubscriber: Sendable {
  /// The most that waits to be taken; beyond, the subscriber is slow and the subscription ends.
  static let maximumItems = 256
  /// The same in bytes, about.
  static let maximumWeight = 1 << 20
  /// The most recordings that one subscriber follows.
  package static let maximumFollowed = 64

  fileprivate struct State {
    var items: [LiveItem] = []
    var weight = 0
    var end: LiveEnd?
    var reader: CheckedContinuation<Void, Never>?
    var writers: [CheckedContinuation<Void, Never>] = []
    var endings: [@Sendable (LiveEnd) -> Void] = []
    var followed: Set<RecordingID> = []
    /// What comes before everything else, and what comes then.
    var first: LiveItem?
    var backlog: LiveBacklog?
  }

  package let caller: Caller
  private let state = Mutex(State())

  init(_ caller: Caller) {
    self.caller = caller
  }

  /// Whether it is told of everything in its tenant.
  var overseesTenant: Bool { caller.principal.role.overseesTenant }

  /// Whether it is told of something that concerns `owner`.
  func hears(of owner: UserID?) -> Bool {
    overseesTenant || owner != nil && owner == caller.principal.user
  }

  /// Why it has ended; nil while it has not.
  package var end: LiveEnd? { state.withLock { $0.end } }

  /// Puts `first` and the notices that were missed before everything that is put in.
  func begin(_ first: LiveItem, _ backlog: LiveBacklog?) {
    state.withLock { state in
      state.first = first
      state.backlog = backlog
    }
  }
}

// MARK: - Putting in

extension LiveSubscriber {
  /// Puts items in if there is room; otherwise the subscription ends.
  func offer(_ items: [LiveItem]) {
    let weight = items.reduce(0) { $0 + $1.weight }
    let (woken, isSlow) = state.withLock { state in
      guard state.end == nil, !items.isEmpty else { return (State.Woken.none, false) }
      guard state.items.count + items.count <= Self.maximumItems,
        state.weight + weight <= Self.maximumWeight || state.items.isEmpty
      else { return (State.Woken.none, true) }
      state.put(items, weight)
      return (state.takeReader(), false)
    }
    if isSlow { finish(.slow) }
    woken?.resume()
  }

  /// Tells of something that was asked for and is refused.
  package func refuse(_ code: String, _ detail: String, _ recording: RecordingID?) {
    offer([.refused(code: code, detail: detail, recording)])
  }

  /// Puts items in when everything before them was taken; false when the subscription has ended.
  func send(_ items: [LiveItem]) async -> Bool {
    while true {
      await withCheckedContinuation { writer in
        let isFree = state.withLock { state in
          guard state.end == nil, !state.items.isEmpty else { return true }
          state.writers.append(writer)
          return false
        }
        if isFree { writer.resume() }
      }
      let weight = items.reduce(0) { $0 + $1.weight }
      let (woken, isDone) = state.withLock { state in
        guard state.end == nil else { return (State.Woken.none, true) }
        guard state.items.isEmpty else { return (State.Woken.none, false) }
        state.put(items, weight)
        return (state.takeReader(), true)
      }
      woken?.resume()
      if isDone { return end == nil }
    }
  }

  /// Ends it; what was put in before can still be taken, unless the end is `slow`. The first end
  /// counts.
  package func finish(_ end: LiveEnd) {
    let (reader, writers, endings) = state.withLock { state in
      guard state.end == nil else {
        return (
          State.Woken.none, [CheckedContinuation<Void, Never>](), [@Sendable (LiveEnd) -> Void]()
        )
      }
      state.end = end
      if end == .slow { state.clear() }
      defer {
        state.writers = []
        state.endings = []
      }
      return (state.takeReader(), state.writers, state.endings)
    }
    reader?.resume()
    for writer in writers { writer.resume() }
    for ending in endings { ending(end) }
  }

  /// Calls `body` when it ends, at once where it has ended.
  package func onEnd(_ body: @escaping @Sendable (LiveEnd) -> Void) {
    let end = state.withLock { state in
      if state.end == nil { state.endings.append(body) }
      return state.end
    }
    if let end { body(end) }
  }
}

// MARK: - Taking out

extension LiveSubscriber {
  /// Everything that waits, once there is something; nil when the subscription has ended and
  /// everything was taken. For one reader. Throws when what was missed cannot be read.
  package func next() async throws -> [LiveItem]? {
    if let first = state.withLock({ $0.first.take() }) { return [first] }
    if let missed = try await nextMissed() { return missed }
    while true {
      let (items, isOver, writers) = state.withLock { state in state.take() }
      for writer in writers { writer.resume() }
      if let items { return items }
      if isOver { return nil }
      await withCheckedContinuation { reader in
        let isReady = state.withLock { state in
          guard state.items.isEmpty, state.end == nil else { return true }
          state.reader = reader
          return false
        }
        if isReady { reader.resume() }
      }
    }
  }

  private func nextMissed() async throws -> [LiveItem]? {
    guard var backlog = state.withLock({ $0.end == nil ? $0.backlog : nil }) else { return nil }
    let notices = try await backlog.next()
    let rest = notices.isEmpty ? nil : backlog
    state.withLock { $0.backlog = rest }
    return notices.isEmpty ? nil : notices.map { .notice($0) }
  }
}

// MARK: - What is followed

extension LiveSubscriber {
  /// Makes `recording` one of those that are followed.
  ///
  /// - Throws: `tooMany` when there are too many, `alreadyExists` when it is followed.
  func claim(_ recording: RecordingID) throws(DomainError) {
    let count = state.withLock { state -> Int? in
      guard !state.followed.contains(recording) else { return nil }
      if state.followed.count < Self.maximumFollowed { state.followed.insert(recording) }
      return state.followed.contains(recording) ? 0 : Self.maximumFollowed
    }
    guard let count else { throw DomainError(.alreadyExists, "The recording is followed already.") }
    guard count == 0 else {
      throw .invalid(
        "/recording_id", "too_many", "No more than 64 recordings are followed at once.")
    }
  }

  /// Gives up a recording; false when it was not followed.
  @discardableResult
  func giveUp(_ recording: RecordingID) -> Bool {
    state.withLock { $0.followed.remove(recording) != nil }
  }

  func follows(_ recording: RecordingID) -> Bool {
    state.withLock { $0.end == nil && $0.followed.contains(recording) }
  }
}

extension LiveSubscriber.State {
  typealias Woken = CheckedContinuation<Void, Never>?

  mutating func put(_ newItems: [LiveItem], _ newWeight: Int) {
    items += newItems
    weight += newWeight
  }

  mutating func takeReader() -> Woken { reader.take() }

  mutating func clear() {
    items = []
    weight = 0
  }

  mutating func take() -> ([LiveItem]?, isOver: Bool, writers: [CheckedContinuation<Void, Never>]) {
    guard !items.isEmpty else { return (nil, end != nil, []) }
    defer {
      clear()
      writers = []
    }
    return (items, false, writers)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Somebody who is told what happens.
///
/// A subscriber is a place in the order of the notices, and whoever holds it takes what is behind that
/// place at their own pace: from the notices that are kept for all, or, far behind, from the database. The
/// events of recordings that are followed are read a page at a time. So nothing is kept for somebody,
/// however far they are behind. Who takes nothing at all is slow, and is left.
package final class LiveSubscriber: Sendable {
  /// The most answers that wait.
  static let maximumReplies = 256
  /// The most recordings that one subscriber follows.
  package static let maximumFollowed = 64
  /// How long somebody may take to take what they were given.
  static let patience = Duration.seconds(4)

  package let caller: Caller
  private let reader: NoticeReader
  private let log: NoticeLog
  private let state: Mutex<LiveSubscriberState>
  private let clock = ContinuousClock()

  /// Creates a subscriber; it is told nothing before it begins.
  init(_ caller: Caller, _ reader: NoticeReader, _ log: NoticeLog) {
    self.caller = caller
    self.reader = reader
    self.log = log
    state = Mutex(LiveSubscriberState())
  }

  /// Whether it is told of `notice`.
  private func hears(_ notice: Notice) -> Bool {
    Policy.tells(caller.principal, of: notice.kind, concerning: notice.owner)
  }

  /// Why it has ended; nil while it has not.
  package var end: LiveEnd? { state.withLock { $0.end } }

  /// Whether it has not taken what it was given for too long.
  var isStuck: Bool {
    state.withLock { $0.busySince.map { $0 + Self.patience < clock.now } ?? false }
  }
}

// MARK: - Beginning and end

extension LiveSubscriber {
  /// Settles what comes first, and the place behind which every notice is told.
  func begin(_ first: LiveItem, after place: NoticePlace) {
    state.withLock { state in
      state.first = first
      state.told = place
    }
  }

  /// Ends it: what was not taken is not told any more. The first end counts.
  package func finish(_ end: LiveEnd) {
    let (reader, endings) = state.withLock { $0.finish(end) }
    reader?.resume()
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

// MARK: - Putting in

extension LiveSubscriber {
  /// Wakes it for notices that are in the log by now, in order.
  func offer(_ notices: [Notice]) {
    guard let last = notices.last else { return }
    if notices.contains(where: hears) {
      wake()
    } else {
      // Whoever is told little need not look for it behind all that others are told.
      state.withLock { $0.pass(over: last.place) }
    }
  }

  /// Tells of something that was asked for and is refused.
  package func refuse(_ code: String, _ detail: String, _ recording: RecordingID?) {
    reply(.refused(code: code, detail: detail, recording))
  }

  private func reply(_ item: LiveItem) {
    if change({ $0.put(reply: item) }) == false { finish(.slow) }
  }

  private func wake() { change { _ in } }

  /// Makes a change and wakes whoever waits for one.
  @discardableResult
  private func change<Result>(_ body: (inout LiveSubscriberState) -> Result) -> Result {
    let (result, waiting) = state.withLock { state in
      let result = body(&state)
      return (result, state.takeReader())
    }
    waiting?.resume()
    return result
  }
}

// MARK: - Following

extension LiveSubscriber {
  /// Makes sure that one more recording may be followed.
  ///
  /// - Throws: `alreadyExists` when this one is followed, `validationFailed` when there are too many.
  func requireRoom(for recording: RecordingID) throws(DomainError) {
    let (isFollowed, count) = state.withLock { state in
      (state.followed[recording] != nil, state.followed.count)
    }
    guard !isFollowed else {
      throw DomainError(.alreadyExists, "The recording is followed already.")
    }
    guard count < Self.maximumFollowed else {
      throw .invalid(
        "/recording_id", "too_many", "No more than 64 recordings are followed at once.")
    }
  }

  /// Follows a recording from the beginning of `pages` on.
  func follow(_ pages: EventPages) {
    change { $0.follow(pages) }
  }

  /// Takes note of how far a recording is that is followed.
  func progress(of recording: RecordingID, _ progress: RecordingProgress) {
    change { _ = $0.change(recording) { $0.progress = progress } }
  }

  /// Follows a recording no more; nothing where it was not followed.
  func unfollow(_ recording: RecordingID, because reason: LiveItem.Unfollowed) {
    guard state.withLock({ $0.unfollow(recording) }) else { return }
    reply(.unfollowed(recording, reason))
  }

  private func unfollow(_ followed: FollowedRecording, because reason: LiveItem.Unfollowed) {
    let recording = followed.pages.recording
    guard state.withLock({ $0.unfollow(recording, generation: followed.generation) }) else {
      return
    }
    reply(.unfollowed(recording, reason))
  }
}

// MARK: - Taking out

extension LiveSubscriber {
  /// What comes next, once there is something; nil when the subscription has ended. For one holder, who
  /// has taken what was given before. Throws where notices that were missed cannot be read.
  package func next() async throws -> [LiveItem]? {
    while true {
      switch state.withLock({ $0.step(log, hears) }) {
      case .give(let items): return items
      case .over: return nil
      case .readNotices(let backlog):
        if let items = try await read(backlog) { return items }
      case .readEvents(let followed):
        if let items = await read(followed) { return items }
      case .unfollow(let followed):
        unfollow(followed, because: .stopped)
      case .wait:
        await withCheckedContinuation { reader in
          if !state.withLock({ $0.park(reader, log) }) { reader.resume() }
        }
      }
    }
  }

  /// Part of what was given has been taken.
  package func tookSome() {
    state.withLock { $0.busySince = clock.now }
  }

  private func read(_ backlog: LiveBacklog) async throws -> [LiveItem]? {
    let page = try await reader.page(after: backlog.place)
    let notices = page.notices.filter { $0.place <= backlog.end }
    let isLast = notices.count < page.notices.count || !page.isFull
    let own = notices.filter(hears)
    let reached = isLast ? backlog.end : notices.last?.place ?? backlog.end
    return state.withLock { state in
      guard state.end == nil else { return nil }
      state.told = max(state.told, reached)
      return own.isEmpty ? nil : state.give(own.map { .notice($0) })
    }
  }

  /// Reads away from the event loop: a page is to be opened.
  private func read(_ followed: FollowedRecording) async -> [LiveItem]? {
    let recording = followed.pages.recording
    do {
      let events = try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try await followed.pages.page(after: followed.position, limit: followed.limit)
      }
      guard let last = events.last else {
        throw DomainError(.integrityFailure, "Events are missing.")
      }
      return state.withLock { state in
        let isFollowed = state.change(recording, generation: followed.generation) { known in
          known.position = last.seq
          known.turn += 1
          known.limit = min(100, EventPages.limit(after: events))
        }
        return isFollowed ? state.give(events.map { .event(recording, $0) }) : nil
      }
    } catch let error as DomainError
      where error.code == .integrityFailure || error.code == .recordingExpired
    {
      unfollow(followed, because: .unreadable)
    } catch {
      // Tried again when the feed says how far it is.
      state.withLock { state in
        _ = state.change(recording, generation: followed.generation) { known in
          known.progress.events = known.position
        }
      }
    }
    return nil
  }
}

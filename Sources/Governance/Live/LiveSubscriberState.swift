// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What is kept for a subscriber, and what is to be done for it next: a state machine without a lock.
struct LiveSubscriberState {
  /// What a holder who asks is to do.
  enum Step {
    case give([LiveItem])
    case readNotices(LiveBacklog)
    case readEvents(FollowedRecording)
    /// A recording has stopped, and every event was told.
    case unfollow(FollowedRecording)
    case wait
    case over
  }

  typealias Reader = CheckedContinuation<Void, Never>

  var first: LiveItem?
  /// Everything up to here was given, or is not for this subscriber.
  var told = NoticePlace.first
  private(set) var followed: [RecordingID: FollowedRecording] = [:]
  var end: LiveEnd?
  var endings: [@Sendable (LiveEnd) -> Void] = []
  /// Since when something is given that has not been taken.
  var busySince: ContinuousClock.Instant?

  private var replies: [LiveItem] = []
  private var reader: Reader?
  private var generations = 0
  /// Whether events come before notices the next time, so that neither waits for long.
  private var prefersEvents = false
}

/// Notices that are to be read from the database: those behind one place, up to another.
struct LiveBacklog: Sendable {
  var place: NoticePlace
  var end: NoticePlace
}

/// How far a recording is.
struct RecordingProgress: Sendable {
  /// How many events it has.
  var events: Int64
  /// Whether more may come.
  var isOpen: Bool
}

/// A recording that a subscriber follows.
struct FollowedRecording: Sendable {
  let pages: EventPages
  /// The last event that was told.
  var position: Int64
  /// Tells it from the same recording followed before, or afterwards.
  let generation: Int
  /// How many are read at once.
  var limit = 4
  /// How often some were read.
  var turn = 0
  var progress: RecordingProgress

  init(_ pages: EventPages, generation: Int) {
    self.pages = pages.withoutEnd
    self.generation = generation
    position = pages.seqs.lowerBound
    progress = RecordingProgress(events: pages.seqs.upperBound, isOpen: true)
  }
}

extension LiveSubscriberState {
  /// Passes over notices up to `place`, none of which is for this subscriber; only where it has been told
  /// everything before them.
  mutating func pass(over place: NoticePlace) {
    if reader != nil { told = max(told, place) }
  }

  /// Puts in an answer; false where too many wait.
  mutating func put(reply item: LiveItem) -> Bool {
    guard end == nil else { return true }
    replies.append(item)
    return replies.count <= LiveSubscriber.maximumReplies
  }

  mutating func takeReader() -> Reader? { reader.take() }

  /// Lets a holder wait; false where there is something to do.
  mutating func park(_ newcomer: Reader, _ log: NoticeLog) -> Bool {
    guard end == nil, first == nil, replies.isEmpty, nextFollowed == nil,
      case .notices(let waiting) = log.behind(told), waiting.isEmpty
    else { return false }
    reader = newcomer
    return true
  }

  mutating func finish(_ newEnd: LiveEnd) -> (Reader?, [@Sendable (LiveEnd) -> Void]) {
    guard end == nil else { return (nil, []) }
    let (waiting, listeners) = (reader, endings)
    self = LiveSubscriberState()
    end = newEnd
    return (waiting, listeners)
  }

  mutating func step(_ log: NoticeLog, _ hears: (Notice) -> Bool) -> Step {
    busySince = nil
    if end != nil { return .over }
    if let item = first.take() { return .give(give([item])) }
    if !replies.isEmpty {
      defer { replies = [] }
      return .give(give(replies))
    }
    defer { prefersEvents.toggle() }
    if prefersEvents { return nextEvents ?? nextNotices(log, hears) ?? .wait }
    return nextNotices(log, hears) ?? nextEvents ?? .wait
  }

  /// Notes that items are given.
  mutating func give(_ items: [LiveItem]) -> [LiveItem] {
    busySince = ContinuousClock.now
    return items
  }

  /// Follows a recording from the beginning of `pages` on.
  mutating func follow(_ pages: EventPages) {
    generations += 1
    followed[pages.recording] = FollowedRecording(pages, generation: generations)
    _ = put(reply: .followed(pages.recording, nextSeq: pages.seqs.lowerBound + 1))
  }

  /// Follows a recording no more; false where it was not followed, or not any more by this generation.
  mutating func unfollow(_ recording: RecordingID, generation: Int? = nil) -> Bool {
    guard let found = followed[recording], generation ?? found.generation == found.generation else {
      return false
    }
    followed[recording] = nil
    return true
  }

  /// Changes what is known of a recording, unless it is not followed any more as it was.
  mutating func change(
    _ recording: RecordingID, generation: Int? = nil, _ body: (inout FollowedRecording) -> Void
  ) -> Bool {
    guard var found = followed[recording], generation ?? found.generation == found.generation else {
      return false
    }
    body(&found)
    followed[recording] = found
    return true
  }

  private mutating func nextNotices(_ log: NoticeLog, _ hears: (Notice) -> Bool) -> Step? {
    while true {
      switch log.behind(told) {
      case .forgotten(let end): return .readNotices(LiveBacklog(place: told, end: end))
      case .notices(let notices):
        guard let last = notices.last else { return nil }
        told = last.place
        let items = notices.compactMap { hears($0) ? LiveItem.notice($0) : nil }
        if !items.isEmpty { return .give(give(items)) }
      }
    }
  }

  private var nextEvents: Step? {
    nextFollowed.map { followed in
      followed.position < followed.progress.events
        ? .readEvents(followed) : .unfollow(followed)
    }
  }

  /// One with events to be read, or with none any more; the one that is read least comes first.
  private var nextFollowed: FollowedRecording? {
    followed.values.filter { $0.position < $0.progress.events || !$0.progress.isOpen }
      .min { $0.turn < $1.turn }
  }
}

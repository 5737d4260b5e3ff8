// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Tells one tenant's subscribers on this instance what happens: reads once for all of them.
///
/// It works while there are subscribers. It reads when it is woken, and now and then by itself, so
/// that a wake-up that is lost only costs time.
actor TenantFeed {
  /// How long after one reading the next one comes at the earliest, so that many notices are told
  /// together.
  private static let pace = Duration.milliseconds(40)
  /// When it reads without being woken.
  private static let idle = Duration.seconds(2)
  /// When it reads again because of older transactions that have not ended.
  private static let heldUp = Duration.milliseconds(20)
  /// The same while recordings are followed, whose events wake nobody.
  private static let following = Duration.milliseconds(150)
  /// After a failure.
  private static let failed = Duration.seconds(1)
  /// How often the subscribers' keys are looked at.
  private static let keyCheck = Duration.seconds(1)

  let reader: NoticeReader
  private let observer: Observer
  private let clock = ContinuousClock()
  private let wakeUps: AsyncStream<Void>
  private let alarm: AsyncStream<Void>.Continuation
  private var subscribers: [ObjectIdentifier: LiveSubscriber] = [:]
  private var place: NoticePlace?
  private var task: Task<Void, Never>?
  private var nextKeyCheck: ContinuousClock.Instant
  var followed: [RecordingID: FollowedRecording] = [:]

  init(_ reader: NoticeReader, observer: Observer) {
    self.reader = reader
    self.observer = observer
    nextKeyCheck = clock.now
    (wakeUps, alarm) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Something may be new.
  nonisolated func wake() { alarm.yield() }

  /// A key may not be live any more.
  func keysChanged() {
    nextKeyCheck = clock.now
    wake()
  }

  /// Adds a subscriber and returns the place behind which it is told everything.
  func join(_ subscriber: LiveSubscriber) async throws -> NoticePlace {
    if place == nil {
      let end = try await reader.end()
      if place == nil { place = end }
    }
    guard let place else { throw DomainError(.internalError, "a feed without a place") }
    subscribers[ObjectIdentifier(subscriber)] = subscriber
    if task == nil { task = Task { await run() } }
    return place
  }

  /// Takes a subscriber away.
  func leave(_ subscriber: LiveSubscriber) {
    subscribers[ObjectIdentifier(subscriber)] = nil
    for id in followed.keys { unfollow(id, subscriber) }
    if subscribers.isEmpty { wake() }
  }

  private func run() async {
    var alarms = wakeUps.makeAsyncIterator()
    while !subscribers.isEmpty {
      let pause = await pass()
      let earliest = clock.now + Self.pace
      let timer = Task { [alarm] in
        try await Task.sleep(for: pause)
        alarm.yield()
      }
      _ = await alarms.next()
      timer.cancel()
      await sleep(until: earliest)
    }
    place = nil
    task = nil
  }

  private func sleep(until instant: ContinuousClock.Instant) async {
    do {
      try await clock.sleep(until: instant)
    } catch {
      return  // Cancelled: the next reading comes at once.
    }
  }

  /// Tells what is new and returns when to look again without being woken.
  private func pass() async -> Duration {
    do {
      let isHeldUp = try await tellNotices()
      try await checkKeys()
      try await tellEvents()
      if isHeldUp { return Self.heldUp }
      return followed.isEmpty ? Self.idle : Self.following
    } catch let error as DomainError {
      observer.observe(.dutyFailed(duty: "notices", what: error.code.rawValue))
    } catch {
      observer.observe(.dutyFailed(duty: "notices", what: "\(type(of: error))"))
    }
    return Self.failed
  }

  private func tellNotices() async throws -> Bool {
    guard var here = place else { return false }
    while true {
      let page = try await reader.page(after: here)
      if let last = page.notices.last {
        here = last.place
        place = here
        tell(page.notices)
      }
      guard page.isFull else { return page.isHeldUp }
    }
  }

  private func tell(_ notices: [Notice]) {
    let everything = notices.map { LiveItem.notice($0) }
    for subscriber in subscribers.values {
      if subscriber.overseesTenant {
        subscriber.offer(everything)
      } else {
        let own = notices.filter { subscriber.hears(of: $0.owner) }
        if !own.isEmpty { subscriber.offer(own.map { .notice($0) }) }
      }
    }
  }

  private func checkKeys() async throws {
    guard clock.now >= nextKeyCheck else { return }
    nextKeyCheck = clock.now + Self.keyCheck
    let keys = Set(subscribers.values.compactMap(\.caller.principal.key))
    guard !keys.isEmpty else { return }
    let dead = try await reader.deadKeys(among: Array(keys))
    for subscriber in subscribers.values {
      if let key = subscriber.caller.principal.key, dead.contains(key) {
        subscriber.finish(.notLive)
      }
    }
  }
}

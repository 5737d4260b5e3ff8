// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Tells one tenant's subscribers on this instance what happens: reads once for all of them.
///
/// It works while there are subscribers. It reads when it is woken, and now and then by itself, so
/// that a wake-up that is lost only costs time.
actor TenantFeed {
  /// How long after the beginning of one reading the next one comes at the earliest, so that many
  /// notices are told together: waking a subscriber costs the same for one as for ten. The more there
  /// are to be woken, the seldomer it happens.
  private var pace: Duration {
    .milliseconds(40) + .microseconds(30) * min(subscribers.count, Self.crowd)
  }
  /// Beyond it the pace stays as it is.
  private static let crowd = 2000
  /// How many are woken at once. Requests, which share the event loops with them, would have to wait
  /// behind all of them again and again.
  private static let wave = 64
  /// The most pages that are read before somebody is woken: they are told together.
  private static let pagesTogether = 8
  /// Until the next are.
  private static let betweenWaves = Duration.milliseconds(2)
  /// When it reads without being woken.
  private static let idle = Duration.seconds(2)
  /// The same while recordings are followed, whose events wake nobody.
  private static let following = Duration.milliseconds(150)
  /// After a failure.
  private static let failed = Duration.seconds(1)
  /// How often the subscribers' keys are looked at.
  private static let keyCheck = Duration.seconds(1)

  let reader: NoticeReader
  /// What it has read lately.
  let log = NoticeLog()
  private let observer: Observer
  private let erasures: ErasureGuard?
  private let clock = ContinuousClock()
  private let wakeUps: AsyncStream<Void>
  private let alarm: AsyncStream<Void>.Continuation
  private var subscribers: [ObjectIdentifier: LiveSubscriber] = [:]
  private var place: NoticePlace?
  private var task: Task<Void, Never>?
  private var nextKeyCheck: ContinuousClock.Instant
  /// Who follows which recording.
  private var followers: [RecordingID: [ObjectIdentifier: LiveSubscriber]] = [:]

  /// - Parameter erasures: Nobody is told anything where it says that the database was restored; nil: it is not
  ///   asked.
  init(_ reader: NoticeReader, observer: Observer, erasures: ErasureGuard?) {
    self.reader = reader
    self.observer = observer
    self.erasures = erasures
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
      if place == nil {
        place = end
        log.begin(at: end)
      }
    }
    guard let place, subscriber.end == nil else {
      throw DomainError(.overloaded, "The subscription has ended.")
    }
    subscribers[ObjectIdentifier(subscriber)] = subscriber
    if task == nil { task = Task { await run() } }
    return place
  }

  /// Takes a subscriber away.
  func leave(_ subscriber: LiveSubscriber) {
    subscribers[ObjectIdentifier(subscriber)] = nil
    for recording in followers.keys { unfollow(recording, subscriber) }
    if subscribers.isEmpty { wake() }
  }

  /// Tells a subscriber from now on how far a recording is.
  func follow(_ recording: RecordingID, _ subscriber: LiveSubscriber) {
    guard subscriber.end == nil else { return }
    followers[recording, default: [:]][ObjectIdentifier(subscriber)] = subscriber
    wake()
  }

  /// Tells it no more.
  func unfollow(_ recording: RecordingID, _ subscriber: LiveSubscriber) {
    followers[recording]?[ObjectIdentifier(subscriber)] = nil
    if followers[recording]?.isEmpty ?? false { followers[recording] = nil }
  }

  private func run() async {
    var alarms = wakeUps.makeAsyncIterator()
    while !subscribers.isEmpty {
      let earliest = clock.now + pace
      let pause = await pass()
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
    // Nobody needs it any more.
    log.begin(at: .first)
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
      guard await isCurrent() else { return Self.failed }
      try await checkKeys()
      leaveSlow()
      let isBehind = try await tellNotices()
      try await tellProgress()
      if isBehind { return .zero }
      return followers.isEmpty ? Self.idle : Self.following
    } catch let error as DomainError {
      observer.observe(.dutyFailed(duty: "notices", what: error.code.rawValue))
    } catch {
      observer.observe(.dutyFailed(duty: "notices", what: "\(type(of: error))"))
    }
    return Self.failed
  }

  /// Tells the notices of a few pages; true where there is more, now or as soon as older transactions have
  /// ended.
  private func tellNotices() async throws -> Bool {
    var told: [Notice] = []
    do {
      let isBehind = try await readPages(into: &told)
      await offer(told)
      return isBehind
    } catch {
      // What is in the log is told also where a later page could not be read.
      await offer(told)
      throw error
    }
  }

  private func readPages(into told: inout [Notice]) async throws -> Bool {
    for _ in 0..<Self.pagesTogether {
      guard let here = place else { return false }
      let page = try await reader.page(after: here)
      if let last = page.notices.last { place = last.place }
      log.append(page.notices)
      told += page.notices
      guard page.isFull, !page.isHeldUp else { return page.isHeldUp }
    }
    return true
  }

  private func offer(_ notices: [Notice]) async {
    for (index, subscriber) in Array(subscribers.values).enumerated() {
      subscriber.offer(notices)
      if index % Self.wave == Self.wave - 1 { await sleep(until: clock.now + Self.betweenWaves) }
    }
  }

  /// Tells how far recordings are that somebody follows.
  private func tellProgress() async throws {
    let asked = Array(followers.keys)
    guard !asked.isEmpty else { return }
    let found = try await reader.progress(of: asked)
    for recording in asked {
      for subscriber in followers[recording, default: [:]].values {
        if let progress = found[recording] {
          subscriber.progress(of: recording, progress)
        } else {
          subscriber.unfollow(recording, because: .unreadable)
        }
      }
      if found[recording]?.isOpen != true { followers[recording] = nil }
    }
  }

  /// Whether there is nothing in the database that was erased; else everybody is left.
  private func isCurrent() async -> Bool {
    guard let erasures, await erasures.standing() != .current else { return true }
    for subscriber in subscribers.values { subscriber.finish(.sealed) }
    return false
  }

  private func leaveSlow() {
    for subscriber in subscribers.values where subscriber.isStuck { subscriber.finish(.slow) }
  }

  private func checkKeys() async throws {
    guard clock.now >= nextKeyCheck else { return }
    nextKeyCheck = clock.now + Self.keyCheck
    let now = Timestamp.now()
    for subscriber in subscribers.values {
      if let end = subscriber.caller.principal.expiresAt, end <= now { subscriber.finish(.notLive) }
    }
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

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import ServiceLifecycle
import Synchronization

/// The keys of an issuer as they were found last, kept up to date.
///
/// Fetched at the start and every few minutes, so that a key that the issuer has withdrawn ends with
/// that; and when a token names a key that is not there, so that a new one is known at once. That is
/// done by one at a time and at most once in ten seconds, whoever asks. Where a fetch fails, the keys
/// stay as they were.
package final class IssuerKeys: Service, Sendable {
  /// How often the keys are fetched, and how they are asked for.
  struct Rhythm: Sendable {
    /// The time between two fetches.
    var interval = Duration.seconds(300)
    /// The time from a fetch that failed to the next.
    var retry = Duration.seconds(30)
    /// The least time between two fetches for the sake of an unknown key.
    var pause = Duration.seconds(10)
    /// The most requests that wait for a fetch; others are answered from what is known.
    var waiters = 64
  }

  private struct State {
    var keys = IssuerKeySet.empty
    var lastFetch: ContinuousClock.Instant?
    var fetch: Task<Bool, Never>?
    var waiting = 0
  }

  private let state = Mutex(State())
  private let rhythm: Rhythm
  private let load: @Sendable () async throws(KeySetError) -> IssuerKeySet
  private let now: @Sendable () -> ContinuousClock.Instant
  private let observer: Observer

  /// Nothing is fetched yet.
  init(
    _ load: @escaping @Sendable () async throws(KeySetError) -> IssuerKeySet, observer: Observer,
    rhythm: Rhythm = Rhythm(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.load = load
    self.observer = observer
    self.rhythm = rhythm
    self.now = now
  }

  /// Keeps the keys up to date until a graceful shutdown.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let succeeded = await self.fetching().value
        do {
          try await Task.sleep(for: succeeded ? self.rhythm.interval : self.rhythm.retry)
        } catch {
          return  // Cancelled: the service is stopping.
        }
      }
    }
  }

  /// The key of that name; asks the issuer where it is not known.
  func find(_ name: KeyName) async -> IssuerKey? {
    if let key = known(name) { return key }
    guard let fetch = joined() else { return nil }
    _ = await fetch.value
    state.withLock { $0.waiting -= 1 }
    return known(name)
  }

  private func known(_ name: KeyName) -> IssuerKey? { state.withLock { $0.keys[name] } }

  /// The fetch to wait for; nil where the last one was a moment ago, or too many wait already.
  private func joined() -> Task<Bool, Never>? {
    let now = now()
    return state.withLock { state in
      guard state.waiting < rhythm.waiters else { return nil }
      if state.fetch == nil, let last = state.lastFetch, now - last < rhythm.pause { return nil }
      state.waiting += 1
      return begin(&state, at: now)
    }
  }

  /// The fetch that is going on, or a new one.
  private func fetching() -> Task<Bool, Never> {
    let now = now()
    return state.withLock { begin(&$0, at: now) }
  }

  private func begin(
    _ state: inout State, at now: ContinuousClock.Instant
  ) -> Task<Bool, Never> {
    if let fetch = state.fetch { return fetch }
    let fetch = Task { await self.fetch() }
    state.fetch = fetch
    state.lastFetch = now
    return fetch
  }

  /// Puts the new keys in the place of the old ones; true unless that failed.
  private func fetch() async -> Bool {
    do throws(KeySetError) {
      let keys = try await load()
      let isOther = state.withLock { state in
        defer { (state.keys, state.fetch) = (keys, nil) }
        return !state.keys.hasNames(of: keys)
      }
      if isOther { observer.observe(.issuerKeysChanged(count: keys.count)) }
      return true
    } catch {
      state.withLock { $0.fetch = nil }
      observer.observe(.dutyFailed(duty: "issuer keys", what: "the set \(error)"))
      return false
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import ServiceLifecycle
import Synchronization

/// This instance's feeds, and what wakes them.
///
/// Notices are committed with what they are about; only then are instances woken, by a NOTIFY of its
/// own: one inside the transaction would make all transactions that have one commit one after the
/// other. A wake-up that is lost costs the time until a feed looks by itself.
final class LiveHub: Service, Sendable {
  static let channel = "hansard_notices"
  /// The most subscribers of this instance.
  static let maximumSubscribers = 3072
  /// The most of one tenant.
  static let maximumTenantSubscribers = maximumSubscribers * 3 / 4

  private struct State {
    var feeds: [TenantID: TenantFeed] = [:]
    /// The tenants that have feeds, by what instances call them.
    var tenants: [String: TenantID] = [:]
    var counts: [TenantID: Int] = [:]
    var subscribers: [ObjectIdentifier: LiveSubscriber] = [:]
    var isStopping = false
    /// What other instances are to be told.
    var payloads: Set<String> = []
    var isTelling = false
  }

  private let database: Database
  private let connect: @Sendable () async throws -> PostgresConnection
  private let ignoresHorizon: Bool
  private let erasures: ErasureGuard?
  private let state = Mutex(State())

  /// - Parameters:
  ///   - connect: Makes a connection to listen on.
  ///   - ignoresHorizon: See `NoticeReader`.
  ///   - erasures: See `TenantFeed`.
  init(
    database: Database, ignoresHorizon: Bool, erasures: ErasureGuard?,
    connect: @escaping @Sendable () async throws -> PostgresConnection
  ) {
    self.database = database
    self.ignoresHorizon = ignoresHorizon
    self.erasures = erasures
    self.connect = connect
  }

  /// Listens to other instances until a graceful shutdown.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await self.listen()
        } catch is CancellationError {
          return
        } catch {
          if Task.isCancelled { return }
          self.database.observer.observe(
            .dutyFailed(duty: "listen", what: (error as? PostgresError)?.description ?? "failed"))
        }
        do {
          try await Task.sleep(for: .seconds(1))
        } catch {
          return  // Cancelled: the service is stopping.
        }
      }
    }
    stop()
  }

  private func listen() async throws {
    let connection = try await connect()
    do {
      try await connection.listen(to: Self.channel)
      // What was said before is known to nobody here.
      wakeAll()
      while !Task.isCancelled {
        guard let heard = try await connection.nextNotification(within: .seconds(20)) else {
          // Finds out about a connection that is not there any more.
          _ = try await connection.execute(Query("select 1"))
          continue
        }
        hear(WakeUp(heard.payload))
      }
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }
}

// MARK: - Waking

/// What instances tell each other.
///
/// Whoever may log in to the database can listen too, an analyst of another tenant for one: so a tenant is
/// called by a digest of its id, which nobody can turn back, since ids are random.
struct WakeUp: Sendable {
  /// What instances call the tenant: SHA-256 of `hansard/v1/wake <tenant's id>`, in base64url.
  var name: String
  /// Whether keys have ended.
  var keysChanged = false
}

extension LiveHub {
  /// Wakes the tenant's feeds, here and elsewhere, for something that is committed.
  func wake(_ tenant: TenantID, keysChanged: Bool = false) {
    wakeFeed(of: tenant, keysChanged: keysChanged)
    // Without a digest nobody else is told, and they look by themselves.
    guard let wakeUp = WakeUp(tenant: tenant, keysChanged: keysChanged) else { return }
    let begins = state.withLock { state in
      state.payloads.insert(wakeUp.payload)
      defer { state.isTelling = true }
      return !state.isTelling
    }
    // Nobody waits for it: what is told is committed, and those who are not told look by themselves.
    if begins { Task { await tellOthers() } }
  }

  private func tellOthers() async {
    while let payloads = takePayloads() {
      do {
        _ = try await database.readWithoutTenant(.wake(payloads))
      } catch {
        continue  // They look by themselves, and what ails the database is said elsewhere.
      }
    }
  }

  private func takePayloads() -> [String]? {
    state.withLock { state in
      defer { state.payloads = [] }
      guard state.payloads.isEmpty else { return Array(state.payloads) }
      state.isTelling = false
      return nil
    }
  }

  private func hear(_ wakeUp: WakeUp) {
    guard let tenant = state.withLock({ $0.tenants[wakeUp.name] }) else { return }
    wakeFeed(of: tenant, keysChanged: wakeUp.keysChanged)
  }

  private func wakeFeed(of tenant: TenantID, keysChanged: Bool) {
    guard let feed = feed(of: tenant) else { return }
    if keysChanged {
      Task { await feed.keysChanged() }
    } else {
      feed.wake()
    }
  }

  private func wakeAll() {
    for feed in state.withLock({ Array($0.feeds.values) }) { feed.wake() }
  }
}

// MARK: - Subscribers

extension LiveHub {
  /// Makes room for a subscriber; given up when the subscription ends.
  ///
  /// - Throws: `overloaded` when there are too many, or the service is stopping.
  func admit(
    _ caller: Caller
  ) throws(DomainError) -> (subscriber: LiveSubscriber, feed: TenantFeed) {
    let tenant = caller.tenant
    let admitted = state.withLock { state -> (LiveSubscriber, TenantFeed)? in
      guard !state.isStopping, state.subscribers.count < Self.maximumSubscribers,
        state.counts[tenant, default: 0] < Self.maximumTenantSubscribers
      else { return nil }
      let feed = state.feeds[tenant] ?? makeFeed(of: tenant)
      let subscriber = LiveSubscriber(caller, feed.reader, feed.log)
      state.counts[tenant, default: 0] += 1
      state.subscribers[ObjectIdentifier(subscriber)] = subscriber
      state.feeds[tenant] = feed
      if let name = WakeUp(tenant: tenant)?.name { state.tenants[name] = tenant }
      return (subscriber, feed)
    }
    guard let (subscriber, feed) = admitted else {
      throw DomainError(.overloaded, "There are too many subscribers at the moment.")
    }
    subscriber.onEnd { [weak self, weak subscriber] _ in
      guard let self, let subscriber else { return }
      remove(subscriber)
      Task { await feed.leave(subscriber) }
    }
    return (subscriber, feed)
  }

  /// Ends all subscriptions, and takes no new ones.
  func stop() {
    let subscribers = state.withLock { state in
      state.isStopping = true
      return Array(state.subscribers.values)
    }
    for subscriber in subscribers { subscriber.finish(.stopping) }
  }

  /// How many there are.
  var subscriberCount: Int { state.withLock { $0.subscribers.count } }

  /// The feed of a tenant that has subscribers.
  func feed(of tenant: TenantID) -> TenantFeed? { state.withLock { $0.feeds[tenant] } }

  private func makeFeed(of tenant: TenantID) -> TenantFeed {
    TenantFeed(
      NoticeReader(database: database, tenant: tenant, ignoresHorizon: ignoresHorizon),
      observer: database.observer, erasures: erasures)
  }

  private func remove(_ subscriber: LiveSubscriber) {
    let tenant = subscriber.caller.tenant
    state.withLock { state in
      guard state.subscribers.removeValue(forKey: ObjectIdentifier(subscriber)) != nil else {
        return
      }
      state.counts[tenant] = state.counts[tenant].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
  }
}

extension WakeUp {
  private static let keysWord = " keys"

  /// What is said of a tenant; nil where OpenSSL fails.
  init?(tenant: TenantID, keysChanged: Bool = false) {
    guard
      case .success(let digest) = Result(catching: { () throws(CryptoError) in
        try SHA256.hash(Array("hansard/v1/wake \(tenant)".utf8))
      })
    else { return nil }
    self.init(name: Base64URL.encode(digest), keysChanged: keysChanged)
  }

  /// Reads what an instance said; what none of ours says is no tenant's name.
  init(_ payload: String) {
    let keysChanged = payload.hasSuffix(Self.keysWord)
    self.init(
      name: keysChanged ? String(payload.dropLast(Self.keysWord.count)) : payload,
      keysChanged: keysChanged)
  }

  var payload: String { name + (keysChanged ? Self.keysWord : "") }
}

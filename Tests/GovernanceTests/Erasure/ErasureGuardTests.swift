// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Governance

/// What the guard says while looks are slow or fail.
@Suite(.serialized, .database)
struct ErasureGuardTests {
  /// A look that began before another and ends behind it tells of the past: what the other has found stays.
  @Test func aLookThatTookLongerChangesNothing() async throws {
    try await ErasureGround.run { ground in
      let things = try await ground.furnish()
      try await ground.remember()
      try await ground.erase(things)
      _ = try await ground.log.write()
      let store = HeldArchive(store: ground.store)
      let log = ErasureLog(database: ground.log.database, files: ErasureFiles(store: store))
      let looked = ErasureGuard(log, observer: .quiet(), lifetime: .zero)
      #expect(await looked.standing() == .current)

      store.hold()
      async let slow = looked.standing()
      await store.waitForOne()
      try await ground.comeBack()
      try await eventually("a look at the restored database") {
        await looked.standing() == .restored
      }
      store.letGo()
      #expect(await slow == .restored)
      await #expect(throws: DomainError.self) { try await looked.requireCurrent() }
    }
  }

  /// Who was told live before the restoration is left; the planted defect goes on telling.
  @Test(arguments: [true, false])
  func whoIsToldLiveIsLeft(isAsked: Bool) async throws {
    try await ErasureGround.run { ground in
      let things = try await ground.furnish()
      try await ground.remember()
      try await ground.erase(things)
      _ = try await ground.log.write()
      let looked = ErasureGuard(ground.log, observer: .quiet(), lifetime: .zero)
      let hub = LiveHub(
        database: ground.log.database, ignoresHorizon: false, erasures: isAsked ? looked : nil
      ) { throw CancellationError() }
      defer { hub.stop() }
      let (subscriber, feed) = try hub.admit(ground.fixture.globex.admin)
      let place = try await feed.join(subscriber)
      #expect(subscriber.end == nil)

      try await ground.comeBack()
      _ = try await ground.fixture.recordings.started(by: ground.fixture.globex)
      hub.wake(ground.fixture.globex.tenant)
      if isAsked {
        try await eventually("that it is left") { subscriber.end == .sealed }
      } else {
        try await eventually("that it is told") {
          guard case .notices(let told) = await feed.log.behind(place) else { return false }
          return !told.isEmpty
        }
        #expect(subscriber.end == nil)
      }
    }
  }
}

/// A store in which one look for a file takes until it is let go, and fails then.
private final class HeldArchive: ArchiveStore {
  private struct State {
    var isHolding = false
    var held: CheckedContinuation<Void, Never>?
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let store: DirectoryArchive
  private let state = Mutex(State())

  init(store: DirectoryArchive) { self.store = store }

  /// The next look is held.
  func hold() { state.withLock { $0.isHolding = true } }

  /// Returns once a look is held.
  func waitForOne() async {
    await withCheckedContinuation { waiter in
      let isHeld = state.withLock { state in
        if state.held == nil { state.waiter = waiter }
        return state.held != nil
      }
      if isHeld { waiter.resume() }
    }
  }

  func letGo() { state.withLock { $0.held }?.resume() }

  func byteCount(of name: any StoredName) async throws -> Int64? {
    let isHeld = state.withLock { state in
      defer { state.isHolding = false }
      return state.isHolding
    }
    guard isHeld else { return try await store.byteCount(of: name) }
    await withCheckedContinuation { held in
      state.withLock { state in
        state.held = held
        return state.waiter
      }?.resume()
    }
    throw ArchiveStoreError.timedOut
  }

  func url(of name: any StoredName) -> String { store.url(of: name) }

  func put<Result: Sendable>(
    _ name: any StoredName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result {
    try await store.put(name, write)
  }

  func read<Result: Sendable>(
    _ name: any StoredName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result {
    try await store.read(name, body)
  }

  func delete(_ name: any StoredName) async throws { try await store.delete(name) }
}

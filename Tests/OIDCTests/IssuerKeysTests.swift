// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Synchronization
import TestSupport
import Testing

@testable import OIDC

@Suite struct IssuerKeysTests {
  private static let name = KeyName(id: Array("key-es256".utf8), algorithm: .es256)
  private static let stranger = KeyName(id: Array("stranger".utf8), algorithm: .es256)

  @Test func asksAtTheFirstTokenAndThenKnows() async throws {
    let stage = try await Stage.make()
    #expect(await stage.keys.find(Self.name) != nil)
    for _ in 0..<10 { #expect(await stage.keys.find(Self.name) != nil) }
    #expect(stage.issuer.fetches == 1)
  }

  @Test func unknownNamesAskOncePerPause() async throws {
    let stage = try await Stage.make()
    for _ in 0..<100 { #expect(await stage.keys.find(Self.stranger) == nil) }
    #expect(stage.issuer.fetches == 1)
    stage.clock.advance(by: .seconds(9))
    #expect(await stage.keys.find(Self.stranger) == nil)
    #expect(stage.issuer.fetches == 1)
    stage.clock.advance(by: .seconds(1))
    #expect(await stage.keys.find(Self.stranger) == nil)
    #expect(await stage.keys.find(Self.stranger) == nil)
    #expect(stage.issuer.fetches == 2)
  }

  @Test func aNewKeyIsFoundByItsName() async throws {
    let stage = try await Stage.make()
    #expect(await stage.keys.find(Self.stranger) == nil)
    stage.issuer.set(try await Stage.set(["stranger"]))
    stage.clock.advance(by: .seconds(10))
    #expect(await stage.keys.find(Self.stranger) != nil)
    // The one that the issuer does not have any more ended with that.
    #expect(await stage.keys.find(Self.name) == nil)
  }

  @Test func oneFetchServesAllWhoWait() async throws {
    let stage = try await Stage.make(isHeld: true)
    let found = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { await stage.keys.find(Self.name) != nil } }
      await stage.issuer.asked()
      stage.issuer.release()
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    // Whoever came behind the answer found it there.
    #expect(found == 50)
    #expect(stage.issuer.fetches == 1)
  }

  @Test func noMoreThanTheLimitWait() async throws {
    var rhythm = IssuerKeys.Rhythm()
    rhythm.waiters = 1
    let stage = try await Stage.make(rhythm, isHeld: true)
    let first = Task { await stage.keys.find(Self.name) != nil }
    await stage.issuer.asked()
    #expect(await stage.keys.find(Self.name) == nil)
    stage.issuer.release()
    #expect(await first.value)
    #expect(await stage.keys.find(Self.name) != nil)
  }

  @Test func theKeysStayWhereAFetchFails() async throws {
    let metrics = Metrics()
    let stage = try await Stage.make(metrics: metrics)
    #expect(await stage.keys.find(Self.name) != nil)
    for failure in [KeySetError.unreachable, .status(503), .malformed, .timedOut] {
      stage.issuer.fail(failure)
      stage.clock.advance(by: .seconds(10))
      #expect(await stage.keys.find(Self.stranger) == nil)
      #expect(await stage.keys.find(Self.name) != nil)
    }
    #expect(stage.issuer.fetches == 5)
    #expect(metrics.text().contains("hansard_duty_failures_total 4"))
  }

  @Test func aWithdrawnKeyEndsWithTheNextRound() async throws {
    var rhythm = IssuerKeys.Rhythm()
    rhythm.interval = .milliseconds(5)
    let stage = try await Stage.make(rhythm)
    let service = Task { try await stage.keys.run() }
    try await eventually("the first round") {
      await stage.keys.find(Self.name) != nil
    }
    stage.issuer.set(try await Stage.set([]))
    try await eventually(within: .seconds(20), "the end of the key") {
      await stage.keys.find(Self.name) == nil
    }
    service.cancel()
    try await service.value
  }

  @Test func startsAndStopsAsOftenAsOneLikes() async throws {
    let stage = try await Stage.make()
    for _ in 0..<100 {
      let service = Task { try await stage.keys.run() }
      service.cancel()
      try await service.value
    }
  }
}

/// Keys whose issuer and clock a test holds.
private struct Stage: Sendable {
  let keys: IssuerKeys
  let issuer: Issuer
  let clock: Clock

  static func make(
    _ rhythm: IssuerKeys.Rhythm = .init(), isHeld: Bool = false, metrics: Metrics = Metrics()
  ) async throws -> Stage {
    let issuer = Issuer(try await set(["key-es256"]), isHeld: isHeld)
    let clock = Clock()
    let keys = IssuerKeys(
      { () async throws(KeySetError) in try await issuer.answer() }, observer: .quiet(metrics),
      rhythm: rhythm, now: { clock.now })
    return Stage(keys: keys, issuer: issuer, clock: clock)
  }

  static func set(_ names: [String]) async throws -> IssuerKeySet {
    let keys = try names.map { try SigningKey(.es256, id: $0).jwk() }.joined(separator: ",")
    return try await IssuerKeySet(parsing: Array("{\"keys\":[\(keys)]}".utf8))
  }

  final class Clock: Sendable {
    private let moment = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { moment.withLock { $0 } }
    func advance(by duration: Duration) { moment.withLock { $0 += duration } }
  }

  /// Answers with what it was given last; where it is held, not before it is released.
  final class Issuer: Sendable {
    private struct State {
      var answer: Result<IssuerKeySet, KeySetError>
      var fetches = 0
    }
    private let state: Mutex<State>
    private let isHeld: Bool
    private let gate = AsyncStream.makeStream(of: Void.self)
    private let arrival = AsyncStream.makeStream(of: Void.self)

    init(_ keys: IssuerKeySet, isHeld: Bool) {
      state = Mutex(State(answer: .success(keys)))
      self.isHeld = isHeld
    }

    var fetches: Int { state.withLock { $0.fetches } }
    func set(_ keys: IssuerKeySet) { state.withLock { $0.answer = .success(keys) } }
    func fail(_ error: KeySetError) { state.withLock { $0.answer = .failure(error) } }
    func release() { gate.continuation.finish() }

    /// Returns when the first fetch has come.
    func asked() async { for await _ in arrival.stream { return } }

    func answer() async throws(KeySetError) -> IssuerKeySet {
      let answer = state.withLock { state in
        state.fetches += 1
        return state.answer
      }
      arrival.continuation.yield()
      if isHeld { for await _ in gate.stream {} }
      return try answer.get()
    }
  }
}

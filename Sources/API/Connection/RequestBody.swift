// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Why a request's body cannot be read to its end.
enum RequestBodyFailure: Error, Equatable {
  /// Its deadline has passed.
  case timeout
  /// Its framing is broken, or the client stopped sending in the middle.
  case malformed
}

/// One request's body between its connection, which brings it in parts, and its handler, which asks
/// for all of it.
///
/// Until the handler asks, little is kept: the connection stops reading. When it has asked, parts are
/// put together without waking it, and it gets the whole body, or hears why not.
final class RequestBody: Sendable {
  /// A body as far as it was read.
  struct Collected: Sendable {
    var bytes: [UInt8] = []
    /// Bytes for which room was taken, those of a refused body too.
    var bytesRead = 0
    var problem: Problem?
  }

  fileprivate struct State {
    /// What came before anybody asked.
    var early: [ByteBuffer] = []
    var end: Result<Void, RequestBodyFailure>?
    var collector: BodyCollector?
    var waiter: CheckedContinuation<Collected, Never>?
  }

  private let state = Mutex(State())
  private let onWanted: @Sendable () -> Void

  /// Creates a body of which nothing has come; `onWanted` is called when somebody waits for more.
  init(onWanted: @escaping @Sendable () -> Void) {
    self.onWanted = onWanted
  }

  /// All of the body, or the problem that ended the reading. To be called once.
  func collect(_ collector: BodyCollector) async -> Collected {
    if let collected = state.withLock({ $0.begin(collector) }) { return collected }
    onWanted()
    return await withCheckedContinuation { waiter in
      if let collected = state.withLock({ $0.park(waiter) }) {
        waiter.resume(returning: collected)
      }
    }
  }

  /// Whether a part would be kept without anybody waiting for it.
  var isSated: Bool { state.withLock { $0.collector == nil && !$0.early.isEmpty } }

  /// Takes the next part.
  func push(_ part: ByteBuffer) {
    if let woken = state.withLock({ $0.push(part) }) {
      woken.waiter.resume(returning: woken.collected)
    }
  }

  /// The body is complete, or will never be; what is said first holds.
  func end(_ end: Result<Void, RequestBodyFailure>) {
    if let woken = state.withLock({ $0.finish(end) }) {
      woken.waiter.resume(returning: woken.collected)
    }
  }
}

extension RequestBody.State {
  typealias Waiter = CheckedContinuation<RequestBody.Collected, Never>
  typealias Woken = (waiter: Waiter, collected: RequestBody.Collected)

  mutating func begin(_ wanted: BodyCollector) -> RequestBody.Collected? {
    var wanted = wanted
    for part in early { wanted.add(part) }
    early = []
    collector = wanted
    return result
  }

  mutating func park(_ newcomer: Waiter) -> RequestBody.Collected? {
    if let result { return result }
    waiter = newcomer
    return nil
  }

  mutating func push(_ part: ByteBuffer) -> Woken? {
    guard end == nil else { return nil }
    guard collector != nil else {
      early.append(part)
      return nil
    }
    collector?.add(part)
    return takeWoken()
  }

  mutating func finish(_ newEnd: Result<Void, RequestBodyFailure>) -> Woken? {
    if end == nil { end = newEnd }
    return takeWoken()
  }

  /// Whoever waits, once there is something to tell.
  private mutating func takeWoken() -> Woken? {
    guard waiter != nil, let result, let waiter = waiter.take() else { return nil }
    return (waiter, result)
  }

  private var result: RequestBody.Collected? { collector?.result(end) }
}

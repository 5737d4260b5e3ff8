// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// Keeps suites that load the machine from running at the same time: one holds the machine, the
/// others wait for their turn. Their tests run one after the other as well.
struct ExclusiveTrait: SuiteTrait, TestScoping {
  var isRecursive: Bool { false }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await Turns.shared.take()
    do {
      try await function()
    } catch {
      Turns.shared.pass()
      throw error
    }
    Turns.shared.pass()
  }
}

extension Trait where Self == ExclusiveTrait {
  /// One suite with this trait at a time. Goes together with `.serialized`.
  static var exclusive: Self { Self() }
}

/// Who holds the machine, and who waits for it, in order.
private final class Turns: Sendable {
  static let shared = Turns()

  private struct State {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func take() async {
    await withCheckedContinuation { continuation in
      let isMine = state.withLock { state in
        guard state.isTaken else {
          state.isTaken = true
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isMine { continuation.resume() }
    }
  }

  func pass() {
    let next = state.withLock { state in
      guard state.waiting.isEmpty else { return Optional(state.waiting.removeFirst()) }
      state.isTaken = false
      return nil
    }
    next?.resume()
  }
}

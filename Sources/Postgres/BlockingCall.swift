// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A thread that nobody joins.
enum DetachedThread {
  /// Starts `body` on a thread of its own. False when the system gives none.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    // The new thread takes over this reference.
    let argument = Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    if code != 0 {
      argument.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

/// Calls that may block (looking up a host, reading certificates, deriving a password, `PQcancel`)
/// on threads of their own, away from the cooperative pool. They are rare: a thread each.
enum BlockingCall {
  /// How many may be under way in the process; a resolver that hangs must not pile up threads.
  static let limit = 64

  private static let underWay = Atomic<Int>(0)

  /// Starts `work` and waits for its value; nil, and why, when it could not be started, the
  /// deadline passed or the task was cancelled. Work that has begun then goes on without us, and
  /// what it holds is released when it returns.
  nonisolated(nonsending) static func run<T: Sendable>(
    on reactor: Reactor, until deadline: Deadline, _ work: @escaping @Sendable () -> T
  ) async -> (T?, Reactor.Outcome) {
    let answer = Answer<T>()
    let outcome = await reactor.wait(until: deadline) { token in
      let started = start {
        let value = work()
        answer.value.withLock { $0 = value }
        reactor.signal(token)
      }
      if !started { reactor.signal(token) }
    }
    guard outcome == .ready else { return (nil, outcome) }
    let value = answer.value.withLock { $0 }
    return (value, value == nil ? .failed(errno: EAGAIN) : .ready)
  }

  /// Starts `work` without waiting for it. False when as many as `bound` are under way.
  static func start(
    upTo bound: Int = limit, _ work: @escaping @Sendable () -> Void
  ) -> Bool {
    guard underWay.add(1, ordering: .relaxed).newValue <= bound else {
      underWay.subtract(1, ordering: .relaxed)
      return false
    }
    let started = DetachedThread.start {
      work()
      underWay.subtract(1, ordering: .relaxed)
    }
    if !started { underWay.subtract(1, ordering: .relaxed) }
    return started
  }

  private final class Answer<T: Sendable>: Sendable {
    let value = Mutex<T?>(nil)
  }
}

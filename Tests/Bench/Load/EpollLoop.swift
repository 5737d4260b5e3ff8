// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Foundation

/// Which of many descriptors can be read: epoll(7), level-triggered. Used by one thread.
final class EpollLoop {
  private let descriptor: Int32

  init() throws {
    descriptor = hansard_epoll_create()
    guard descriptor >= 0 else { throw BenchError("no epoll: errno \(errno)") }
  }

  deinit { close(descriptor) }

  /// Watches a descriptor until it is closed; `index` is what `wait` calls it.
  func add(_ watched: Int32, _ index: Int) throws {
    let code = hansard_epoll_watch(descriptor, watched, UInt64(index))
    guard code == 0 else { throw BenchError("epoll_ctl: errno \(code)") }
  }

  /// Watches a descriptor no more.
  func remove(_ watched: Int32) { hansard_epoll_forget(descriptor, watched) }

  /// Waits until `end`, but never longer than 100 ms; the indices of those that can be read.
  func wait(until end: ContinuousClock.Instant) throws -> [Int] {
    let rest = ((end - .now) / .milliseconds(1)).rounded(.up)
    let milliseconds = Int32(min(max(rest, 0), 100))
    return try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Int(HANSARD_EPOLL_BATCH)) {
      tokens in
      let count = Int(hansard_epoll_wait(descriptor, tokens.baseAddress, milliseconds))
      guard count >= 0 else { throw BenchError("epoll_wait: errno \(errno)") }
      // The first `count` were written by the call.
      return tokens.prefix(count).map { Int($0) }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Where log lines go: a thread of its own writes them to a descriptor, so that a reader who stalls
/// or is gone never holds up a request.
///
/// At most `limit` lines wait; what comes beyond is dropped and counted, and the count is written
/// when there is room again. A line is written whole or, when its reader is gone, not at all.
package final class LogSink: Sendable {
  private struct State {
    var lines: [[UInt8]] = []
    var dropped = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let descriptor: Int32
  private let limit: Int

  /// Starts the thread, writing to `descriptor` (1 is standard output).
  package init(descriptor: Int32 = 1, limit: Int = 10_000) {
    self.descriptor = descriptor
    self.limit = limit
    let thread = Thread { [self] in drain() }
    thread.name = "hansard-log"
    thread.start()
  }

  /// Hands over one line, without its newline.
  package func write(_ line: [UInt8]) {
    let isFirst = state.withLock { state in
      guard state.lines.count < limit, !state.isClosed else {
        state.dropped += 1
        return false
      }
      state.lines.append(line)
      return state.lines.count == 1
    }
    // Others wait already: the thread has been woken for them, and takes all there are.
    if isFirst { wake.signal() }
  }

  /// Writes what is waiting and ends the thread; from then on lines are dropped.
  package func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
  }

  /// Closes, and waits until everything is written, but not for a reader who has stalled: for the
  /// end of the process, since it blocks.
  package func closeAndWait(atMost limit: Duration = .seconds(2)) {
    close()
    let deadline = DispatchTime.now() + .microseconds(Int(limit.microseconds))
    if ended.wait(timeout: deadline) == .success { ended.signal() }
  }

  private func drain() {
    defer { ended.signal() }
    // The reader's end of a pipe may close; this thread is to hear of it as EPIPE.
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, nil)
    while true {
      wake.wait()
      let (lines, dropped, isClosed) = state.withLock { state in
        defer {
          state.lines.removeAll(keepingCapacity: true)
          state.dropped = 0
        }
        return (state.lines, state.dropped, state.isClosed)
      }
      var bytes = lines.reduce(into: [UInt8]()) {
        $0 += $1
        $0.append(UInt8(ascii: "\n"))
      }
      if dropped > 0 {
        bytes += #"{"level":"warning","message":"log lines dropped","count":"\#(dropped)"}"#.utf8
        bytes.append(UInt8(ascii: "\n"))
      }
      writeAll(bytes)
      if isClosed { return }
    }
  }

  private func writeAll(_ bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
      }
      if written >= 0 {
        offset += written
      } else if errno == EAGAIN {
        waitUntilWritable()
      } else if errno != EINTR {
        return  // A reader that is gone (EPIPE) or any other failure: there is nobody to tell.
      }
    }
  }

  /// Somebody else who has the descriptor may have made it non-blocking.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}

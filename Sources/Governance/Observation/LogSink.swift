// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Where log lines go: a thread of its own writes them to a descriptor, so that a reader who stalls
/// or is gone never holds up a request.
///
/// At most `limit` lines wait; what comes beyond is dropped and counted, and the count is written
/// when there is room again.
package final class LogSink: Sendable {
  private struct State {
    var lines: [[UInt8]] = []
    var dropped = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
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
    state.withLock { state in
      guard state.lines.count < limit else { return state.dropped += 1 }
      state.lines.append(line)
    }
    wake.signal()
  }

  /// Writes what is waiting and ends the thread.
  package func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
  }

  private func drain() {
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
      if written < 0 {
        // A reader that is gone (EPIPE) or any other failure: there is nobody to tell.
        guard errno == EINTR else { return }
        continue
      }
      offset += written
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// Ctrl-C and SIGTERM as the cancellation of a task, so that everything is taken down.
enum Interruption {
  /// Runs `body` in a task of its own and cancels it when a signal arrives.
  static func cancelling<T: Sendable>(
    _ body: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let work = Task { try await body() }
    let queue = DispatchQueue(label: "signals")
    let sources = [SIGINT, SIGTERM].map { number in
      // The default action would end the process before the source is asked.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { work.cancel() }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await work.value
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import HansardClient

/// SIGINT and SIGTERM, as something that can be awaited.
///
/// From the first use on, these signals no longer end the process by themselves.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM]

  /// One element for each signal that arrives while the stream is being read.
  static func arrivals() -> AsyncStream<Int32> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Int32.self, bufferingPolicy: .bufferingNewest(4))
    let queue = DispatchQueue(label: "hansard-signals")
    let sources = signals.map { number in
      // The default action would end the process before the source is asked.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
    let owner = SourceOwner(sources: sources)
    continuation.onTermination = { _ in owner.cancel() }
    return stream
  }

  /// Runs `body` and cancels it when a signal arrives; a second signal ends the process.
  static func cancelling<T: Sendable>(
    _ body: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let arrivals = arrivals()
    let work = Task { try await body() }
    let watch = Task {
      var count = 0
      for await number in arrivals {
        work.cancel()
        count += 1
        // Whoever asks twice does not want to wait for a tidy end.
        if count > 1 { exit(128 + number) }
      }
    }
    defer { watch.cancel() }
    return try await work.value
  }
}

extension Interruption {
  /// What an error is called that ended something which may have been interrupted.
  static func words(for error: any Error) -> String {
    let isOurs = error is CancellationError || error as? HansardClientError == .cancelled
    return isOurs ? "interrupted" : "\(error)"
  }
}

/// Keeps signal sources alive until the stream that they feed ends.
///
/// `@unchecked`: after `init` the array is only read, once, by whoever ends the stream, and
/// cancelling a dispatch source is safe from any thread.
private final class SourceOwner: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]

  init(sources: [any DispatchSourceSignal]) { self.sources = sources }

  func cancel() {
    for source in sources { source.cancel() }
  }
}

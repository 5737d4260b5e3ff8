// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import NIOCore

/// A subscriber's Server-Sent Events, for clients and proxies that have no WebSocket.
struct EventStream: Sendable {
  /// The time between two comments that show proxies that the stream is alive.
  static let keepAlive = TimeAmount.seconds(15)

  let subscriber: LiveSubscriber

  /// Sends what the subscriber is told until one of them ends; the head has been written.
  func run(_ writer: ResponseWriter) async {
    writer.onClose { [subscriber] in subscriber.finish(.left) }
    subscriber.onEnd { end in
      if end.isCut { writer.cut() }
    }
    let comments = writer.repeating(Array(":\n\n".utf8), every: Self.keepAlive)
    defer { comments.cancel() }
    await withTaskCancellationHandler {
      do {
        while let items = try await subscriber.next() {
          for part in items.parts {
            try await writer.write(part: part.flatMap { LiveMessage($0).streamed })
            subscriber.tookSome()
          }
        }
        comments.cancel()
        // Its end may be told here first: it is not that of an answer which is whole.
        if subscriber.end?.isCut ?? false { return writer.cut() }
        try await writer.end()
      } catch {
        // The client has gone, or comes back for what could not be read.
        subscriber.finish(.left)
        writer.cut()
      }
    } onCancel: {
      writer.cut()
    }
  }
}

extension LiveEnd {
  /// Whether a stream that ends so is cut off: its listener is not to take it for whole.
  var isCut: Bool { self == .slow || self == .notLive || self == .sealed }
}

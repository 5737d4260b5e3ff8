// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import NIOWebSocket

/// A subscriber's WebSocket from its handshake to its end.
struct WebSocketSession: Sendable {
  let live: Live
  let subscriber: LiveSubscriber

  /// Sends what the subscriber is told and does what the client asks for, until one of them ends.
  func run(on connection: WebSocketConnection) async {
    connection.onClosing { [subscriber] in subscriber.finish(.left) }
    subscriber.onEnd { end in connection.close(end.code, end.reason) }
    connection.listen { message in await receive(message) }
    await withTaskCancellationHandler {
      do {
        while let items = try await subscriber.next() {
          for part in items.parts {
            guard subscriber.end == nil else { break }
            try await connection.send(part.map { LiveMessage.frame($0) })
            subscriber.tookSome()
          }
        }
      } catch {
        connection.close(.unexpectedServerError, "something failed inside")
        subscriber.finish(.left)
      }
      await connection.closed()
    } onCancel: {
      connection.cut()
    }
  }

  private func receive(_ message: [UInt8]) async {
    do {
      switch try ClientMessage(message) {
      case .subscribe(let recording, let seq):
        await follow(recording, afterSeq: seq)
      case .unsubscribe(let recording):
        await live.unfollow(recording, subscriber)
      }
    } catch {
      refuse(Problem(error), nil)
    }
  }

  private func follow(_ recording: RecordingID, afterSeq seq: Int64?) async {
    do {
      try await live.follow(recording, afterSeq: seq, subscriber)
    } catch {
      refuse(Problem(error), recording)
    }
  }

  private func refuse(_ problem: Problem, _ recording: RecordingID?) {
    subscriber.refuse(problem.code.rawValue, problem.detail, recording)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import NIOCore

/// A connection from its acceptance to the end of its handling.
///
/// A server that is stopping drops connections that it has accepted and not begun to handle: this
/// owner closes the channel when it goes. Closing what has been closed already does nothing.
final class AcceptedConnection: ServerChildChannelValue {
  /// The accepted channel.
  let channel: any Channel
  private let dispatcher: NIOLoopBound<RequestDispatcher>
  private let whenEnded: EventLoopFuture<Void>

  /// Takes over an accepted channel; to be called on its event loop.
  init(_ channel: any Channel, _ dispatcher: RequestDispatcher) {
    self.channel = channel
    self.dispatcher = NIOLoopBound(dispatcher, eventLoop: channel.eventLoop)
    whenEnded = dispatcher.whenEnded
  }

  deinit { channel.close(promise: nil) }

  /// Returns when the connection is closed and nothing works for it any more.
  func ended() async {
    await withCheckedContinuation { continuation in
      whenEnded.whenComplete { _ in continuation.resume() }
    }
  }

  /// Stops what works for the connection and cuts it.
  func cancel() {
    channel.eventLoop.execute { [dispatcher] in dispatcher.value.cancel() }
  }
}

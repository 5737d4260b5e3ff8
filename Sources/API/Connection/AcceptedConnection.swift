// Hansard
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// A connection from its acceptance to the end of its handling.
///
/// A server that is stopping drops connections that it has accepted and not begun to handle. A
/// `NIOAsyncChannel` that is dropped while its channel lives ends the process ("Deinited
/// NIOAsyncWriter without calling finish()"), so this owner closes the channel first and keeps the
/// wrapper until that is done. Closing what has been closed already does nothing.
final class AcceptedConnection: ServerChildChannelValue {
  /// What the connection's requests and answers go through.
  let asyncChannel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  /// Takes over the wrapper of an accepted channel.
  init(_ asyncChannel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) {
    self.asyncChannel = asyncChannel
  }

  deinit {
    let asyncChannel = asyncChannel
    channel.closeFuture.whenComplete { _ in withExtendedLifetime(asyncChannel) {} }
    channel.close(promise: nil)
  }

  /// The accepted channel.
  var channel: any Channel { asyncChannel.channel }
}

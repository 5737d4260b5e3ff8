// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Stands before the HTTP/1 parser and tells the connection's handler that bytes have come, so that
/// a head's time runs from its first byte, and so that the parser, which keeps what it cannot use, is
/// given no more than it can use.
final class HeadBytesHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let handler: HTTPConnectionHandler

  /// Creates a handler for the same channel, hence the same event loop, as `handler`.
  init(telling handler: HTTPConnectionHandler) {
    self.handler = handler
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if handler.admits(unwrapInboundIn(data)) { context.fireChannelRead(data) }
  }
}

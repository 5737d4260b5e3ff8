// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOWebSocket

/// A connection that has become a WebSocket.
struct WebSocketConnection: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<WebSocketHandler>

  /// Answers the handshake and changes the channel's handlers: from here on frames come and go.
  ///
  /// A client may not send frames before it has the answer; any that it sent are lost.
  static func begin(
    on channel: any Channel, _ handshake: WebSocketHandshake, _ head: HTTPResponse,
    _ limits: WebSocketLimits
  ) async throws -> WebSocketConnection {
    let accepted = try await handshake.responseFields(on: channel).get()
    return try await channel.eventLoop.submit {
      var head = head
      for field in accepted {
        if let name = HTTPField.Name(field.name) { head.headerFields[name] = field.value }
      }
      // What the system keeps for a client that does not read is bounded too.
      try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: limits.sendBuffer)
      channel.writeAndFlush(HTTPResponsePart.head(head), promise: nil)
      let handler = WebSocketHandler(limits)
      try Self.changeHandlers(of: channel, to: handler, limits)
      // Whatever held back reading is gone.
      channel.read()
      return WebSocketConnection(
        channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
    }.get()
  }

  private static func changeHandlers(
    of channel: any Channel, to handler: WebSocketHandler, _ limits: WebSocketLimits
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    // Who has said the last word already cannot be listened to.
    guard try !pipeline.handler(type: HTTPConnectionHandler.self).isInputClosed else {
      throw ChannelError.inputClosed
    }
    let former = [
      try pipeline.context(handlerType: HeadBytesHandler.self),
      try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self),
      try pipeline.context(handlerType: HTTPResponseEncoder.self),
      try pipeline.context(handlerType: NIOHTTPResponseHeadersValidator.self),
      try pipeline.context(handlerType: HTTPConnectionHandler.self),
      try pipeline.context(handlerType: RequestDispatcher.self),
    ]
    try pipeline.addHandlers([
      ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.messageBytes)),
      handler,
    ])
    for context in former { pipeline.removeHandler(context: context, promise: nil) }
  }

  /// Has `listener` told of each message of the client, one after the other.
  func listen(_ listener: @escaping WebSocketHandler.Listener) {
    channel.eventLoop.execute { [handler] in handler.value.listen(listener) }
  }

  /// Sends messages; returns when the socket has taken them. Throws when the client has gone.
  func send(_ messages: [[UInt8]]) async throws {
    guard !messages.isEmpty else { return }
    let bytes = messages.reduce(0) { $0 + $1.count + ByteBuffer.frameHead }
    var buffer = channel.allocator.buffer(capacity: bytes)
    for message in messages { buffer.write(frame: .text, message) }
    try await channel.writeAndFlush(buffer)
  }

  /// Says why the connection ends and ends it.
  func close(_ code: WebSocketErrorCode, _ reason: String) {
    channel.eventLoop.execute { [handler] in handler.value.close(code, reason) }
  }

  /// Ends it at once.
  func cut() { channel.close(promise: nil) }

  /// Calls `body` when it begins to end: nothing more is to be sent.
  func onClosing(_ body: @escaping @Sendable () -> Void) {
    channel.eventLoop.execute { [handler] in handler.value.onClosing(body) }
  }

  /// Returns when it has ended.
  func closed() async {
    await withCheckedContinuation { continuation in
      channel.closeFuture.whenComplete { _ in continuation.resume() }
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOWebSocket

/// One WebSocket's frames: puts the client's messages together, keeps the connection alive, and ends
/// it as RFC 6455 wants it ended.
///
/// Clients of ours say little: what is more, or comes too often, ends the connection.
final class WebSocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = ByteBuffer

  /// What is heard on a connection.
  typealias Listener = @Sendable (_ message: [UInt8]) async -> Void

  private let limits: WebSocketLimits
  private var context: ChannelHandlerContext?
  private var listener: Listener?
  /// A message whose last fragment has not come.
  private var partial: [UInt8]?
  /// Whole messages that wait for the one before to be worked on.
  private var messages: CircularBuffer<[UInt8]> = []
  private var isListening = false
  private var framesInPeriod = 0
  private var awaitsPong = false
  /// What the answer to the last ping must hold.
  private var pingPayload: [UInt8] = []
  private var isClosing = false
  private var onClosing: (@Sendable () -> Void)?
  private var keepingAlive: RepeatedTask?

  init(_ limits: WebSocketLimits) {
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let loop = context.eventLoop
    let this = NIOLoopBound(self, eventLoop: loop)
    keepingAlive = loop.scheduleRepeatedTask(
      initialDelay: TimeAmount(limits.ping), delay: TimeAmount(limits.ping)
    ) { _ in this.value.keepAlive() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  private func forget() {
    keepingAlive?.cancel()
    keepingAlive = nil
    context = nil
    listener = nil
    messages.removeAll()
    onClosing?()
    onClosing = nil
  }

  /// Has `listener` told of each message, one after the other.
  func listen(_ listener: @escaping Listener) {
    guard context != nil else { return }
    self.listener = listener
    tellNext()
  }
}

// MARK: - What comes

extension WebSocketHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    // Nothing counts any more but the client's agreement to end.
    guard !isClosing || frame.opcode == .connectionClose else { return }
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return close(.protocolError, "a frame must be masked and plain")
    }
    framesInPeriod += 1
    guard framesInPeriod <= limits.framesPerPing else {
      return close(.policyViolation, "too many frames")
    }
    switch frame.opcode {
    case .text where partial == nil, .continuation where partial != nil:
      add(frame.unmaskedData, isLast: frame.fin)
    case .binary: close(.unacceptableData, "messages are text")
    case .ping: write(.pong, Array(frame.unmaskedData.readableBytesView))
    case .pong:
      if Array(frame.unmaskedData.readableBytesView) == pingPayload { awaitsPong = false }
    case .connectionClose: answerClose(frame.unmaskedData)
    default: close(.protocolError, "a frame is out of place")
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength: close(.messageTooLarge, "the frame is too large")
    case is NIOWebSocketError: close(.protocolError, "the frame is malformed")
    // The rest of what was malformed; the client is still to read why it is closed.
    default: if !isClosing { context.close(promise: nil) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Who sends nothing any more without a word of farewell has gone.
    if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  private func add(_ data: ByteBuffer, isLast: Bool) {
    let message = (partial ?? []) + data.readableBytesView
    partial = isLast ? nil : message
    guard message.count <= limits.messageBytes else {
      return close(.messageTooLarge, "the message is too large")
    }
    guard isLast else { return }
    guard String(validating: message, as: UTF8.self) != nil else {
      return close(.dataInconsistentWithMessage, "the message is not UTF-8")
    }
    messages.append(message)
    guard messages.count <= limits.waitingMessages else {
      return close(.policyViolation, "too many messages")
    }
    tellNext()
  }

  private func tellNext() {
    guard !isListening, !isClosing, let listener, let context, let message = messages.popFirst()
    else { return }
    isListening = true
    let loop = context.eventLoop
    let this = NIOLoopBound(self, eventLoop: loop)
    Task {
      await listener(message)
      loop.execute {
        this.value.isListening = false
        this.value.tellNext()
      }
    }
  }
}

// MARK: - Staying and ending

extension WebSocketHandler {
  private func keepAlive() {
    guard let context, !isClosing else { return }
    guard !awaitsPong else { return context.close(promise: nil) }
    awaitsPong = true
    framesInPeriod = 0
    pingPayload = Array("\(UInt32.random(in: 0...UInt32.max))".utf8)
    write(.ping, pingPayload)
  }

  /// Says why the connection ends and ends it, when the client has answered or its time is over.
  func close(_ code: WebSocketErrorCode, _ reason: String) {
    guard let context, !isClosing else { return }
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    data.writeString(reason)
    write(.connectionClose, Array(data.readableBytesView))
    beginClosing(context)
  }

  private func beginClosing(_ context: ChannelHandlerContext) {
    isClosing = true
    messages.removeAll()
    let channel = context.channel
    context.eventLoop.scheduleTask(in: TimeAmount(limits.closing)) { channel.close(promise: nil) }
    onClosing?()
    onClosing = nil
  }

  /// Calls `body` when it begins to end.
  func onClosing(_ body: @escaping @Sendable () -> Void) {
    guard context != nil, !isClosing else { return body() }
    onClosing = body
  }

  private func answerClose(_ data: ByteBuffer) {
    guard let context else { return }
    let channel = context.channel
    guard !isClosing else { return context.close(promise: nil) }
    guard data.readableBytes != 1 else { return close(.protocolError, "half a code") }
    beginClosing(context)
    // The code alone: the reason was for us.
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in channel.close(promise: nil) }
    write(.connectionClose, Array(data.readableBytesView.prefix(2)), written)
  }

  private func write(
    _ opcode: WebSocketOpcode, _ payload: [UInt8], _ promise: EventLoopPromise<Void>? = nil
  ) {
    guard let context else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    var buffer = context.channel.allocator.buffer(capacity: payload.count + ByteBuffer.frameHead)
    buffer.write(frame: opcode, payload)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
  }
}

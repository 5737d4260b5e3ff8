// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOWebSocket
import Protection
import TestSupport

/// A WebSocket client of a service, which speaks the protocol as it is told to.
actor LiveClient {
  /// One message of the service.
  struct Message: Sendable {
    let id: String?
    let type: String
    let data: JSONValue
  }

  /// The service has ended the connection; nil: without a word.
  struct Closed: Error, Equatable {
    let code: Int?
  }

  /// The handshake was answered with something else.
  struct Refused: Error, Equatable {
    let status: Int
    let head: String
  }

  /// What is heard.
  enum Heard: Sendable {
    case text([UInt8])
    case pong
    case closed(Int?)
    /// A wait is over.
    case late(Int)
  }

  /// The answer to the handshake.
  nonisolated let head: String
  private let channel: any Channel
  private let heard: AsyncStream<Heard>
  private let late: AsyncStream<Heard>.Continuation
  private var waits = 0
  private var end: Closed?

  private init(
    _ head: String, _ channel: any Channel, _ heard: AsyncStream<Heard>,
    _ late: AsyncStream<Heard>.Continuation
  ) {
    self.head = head
    self.channel = channel
    self.heard = heard
    self.late = late
  }

  /// How a connection is made.
  struct Settings: Sendable {
    var port: Int
    var key: String?
    var path = Paths.socket
    var fields: [String] = []
    /// Whether what comes is read; a client that does not read is slow.
    var reads = true
    /// Bytes that the system keeps for it at the most.
    var receiveBuffer: Int?
  }

  /// Connects; throws `Refused` where the service does not speak the protocol with it.
  static func connect(_ settings: Settings) async throws -> LiveClient {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let (heard, continuation) = AsyncStream.makeStream(of: Heard.self)
    let accepted = loop.makePromise(of: String.self)
    let channel: any Channel
    do {
      var bootstrap = ClientBootstrap(group: loop).connectTimeout(.seconds(10))
      if let size = settings.receiveBuffer {
        bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(size))
      }
      channel =
        try await bootstrap.channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = HandshakeHandler(settings, accepted, FrameCollector(continuation))
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }
        .connect(host: "127.0.0.1", port: settings.port).get()
    } catch {
      accepted.fail(error)
      throw error
    }
    let head = try await accepted.futureResult.get()
    return LiveClient(head, channel, heard, continuation)
  }

  /// The next message; throws `Closed` when the service has ended the connection, and when none comes
  /// in time.
  func next(within limit: Duration = .patience) async throws -> Message {
    if let end { throw end }
    waits += 1
    let wait = waits
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { [late] in
      late.yield(.late(wait))
    }
    defer { timer.cancel() }
    for await next in heard {
      switch next {
      case .text(let bytes): return try Message(bytes)
      case .pong: continue
      case .closed(let code):
        let closed = Closed(code: code)
        end = closed
        throw closed
      case .late(wait): throw TestSupportError("no message within \(limit)")
      case .late: continue
      }
    }
    throw Closed(code: nil)
  }

  /// The next message of `type`; others are passed over.
  func next(_ type: String, within limit: Duration = .patience) async throws -> Message {
    while true {
      let message = try await next(within: limit)
      if message.type == type { return message }
    }
  }

  /// How the service ends the connection, which it does by itself and soon; messages before are passed over.
  func closing(within limit: Duration = .seconds(10)) async throws -> Int? {
    do {
      while true { _ = try await next(within: limit) }
    } catch let closed as Closed {
      return closed.code
    }
  }

  /// Sends a message.
  func send(_ text: String) {
    write(.text, Array(text.utf8))
  }

  /// Sends one frame of any kind.
  func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8], masked: Bool = true, isLast: Bool = true)
  {
    let frame = WebSocketFrame(
      fin: isLast, opcode: opcode, maskKey: masked ? .random() : nil, data: ByteBuffer(bytes: bytes)
    )
    channel.writeAndFlush(frame, promise: nil)
  }

  /// Reads from now on, also what has come before.
  func resume() { channel.setOption(.autoRead, value: true).whenFailure { _ in } }

  /// Ends the connection without a word.
  func drop() { channel.close(promise: nil) }
}

extension LiveClient.Message {
  init(_ bytes: [UInt8]) throws {
    let root = try JSONDocument(parsing: bytes, limits: .unlimited).root
    guard let type = try root["type"]?.text(), let data = root["data"] else {
      throw TestSupportError("no message: \(String(decoding: bytes, as: UTF8.self))")
    }
    id = root["id"]?.isNull ?? true ? nil : try root["id"]?.text()
    self.type = type
    self.data = data
  }
}

/// Asks for a WebSocket, and makes the channel one.
private final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let settings: LiveClient.Settings
  private let accepted: EventLoopPromise<String>
  private let collector: FrameCollector
  private var head: [UInt8] = []

  init(
    _ settings: LiveClient.Settings, _ accepted: EventLoopPromise<String>,
    _ collector: FrameCollector
  ) {
    self.settings = settings
    self.accepted = accepted
    self.collector = collector
  }

  func channelActive(context: ChannelHandlerContext) {
    var lines = [
      "GET \(settings.path) HTTP/1.1", "Host: 127.0.0.1:\(settings.port)", "Connection: Upgrade",
      "Upgrade: websocket", "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    if let key = settings.key { lines.append("Authorization: Bearer \(key)") }
    let text = (lines + settings.fields + ["", ""]).joined(separator: "\r\n")
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    while let byte = buffer.readInteger(as: UInt8.self) {
      head.append(byte)
      if head.suffix(4) == [13, 10, 13, 10] { return finish(context, buffer) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    accepted.fail(LiveClient.Closed(code: nil))
  }

  private func finish(_ context: ChannelHandlerContext, _ rest: ByteBuffer) {
    let text = String(decoding: head, as: UTF8.self)
    let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    // The answer to this key stands in RFC 6455, section 1.3.
    guard status == 101, text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
      accepted.fail(LiveClient.Refused(status: status, head: text))
      return context.close(promise: nil)
    }
    do {
      let pipeline = context.pipeline.syncOperations
      try pipeline.addHandlers([
        WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 24)),
        collector,
      ])
      if !settings.reads {
        try context.channel.syncOptions?.setOption(.autoRead, value: false)
      }
      accepted.succeed(text)
      if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
      pipeline.removeHandler(context: context, promise: nil)
    } catch {
      accepted.fail(error)
    }
  }
}

/// Passes on what comes in frames.
private final class FrameCollector: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let heard: AsyncStream<LiveClient.Heard>.Continuation

  init(_ heard: AsyncStream<LiveClient.Heard>.Continuation) {
    self.heard = heard
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    var content = frame.data
    switch frame.opcode {
    case .text: heard.yield(.text(Array(content.readableBytesView)))
    case .pong: heard.yield(.pong)
    case .ping:
      let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: content)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .connectionClose:
      heard.yield(.closed(content.readInteger(as: UInt16.self).map { Int($0) }))
      context.close(promise: nil)
    default: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelInactive(context: ChannelHandlerContext) {
    heard.yield(.closed(nil))
    heard.finish()
  }
}

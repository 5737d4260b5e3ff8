// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import TestSupport

/// A connection that sends a request and reads nothing of the answer until it is told to.
struct StalledConnection: Sendable {
  private let channel: any Channel
  private let received: EventLoopFuture<[UInt8]>

  /// Connects and sends `request`.
  static func open(port: Int, _ request: String) async throws -> StalledConnection {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let received = loop.makePromise(of: [UInt8].self)
    do {
      let channel = try await ClientBootstrap(group: loop)
        .connectTimeout(.seconds(5))
        .channelOption(.autoRead, value: false)
        .channelOption(.socketOption(.so_rcvbuf), value: 4096)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Collector(received))
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
      try await channel.writeAndFlush(ByteBuffer(string: request))
      return StalledConnection(channel: channel, received: received.futureResult)
    } catch {
      received.fail(error)
      throw error
    }
  }

  /// Everything that comes until the other side ends the connection.
  func readToEnd(within limit: Duration) async throws -> [UInt8] {
    try await channel.setOption(.autoRead, value: true).get()
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { [channel] in
      channel.pipeline.fireErrorCaught(TestSupportError("no end within \(limit)"))
    }
    defer { timer.cancel() }
    return try await received.get()
  }
}

/// Keeps what comes.
private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var promise: EventLoopPromise<[UInt8]>?
  private var bytes: [UInt8] = []

  init(_ promise: EventLoopPromise<[UInt8]>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += unwrapInboundIn(data).readableBytesView
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise?.succeed(bytes)
    promise = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A reset is an end like another.
    if error is TestSupportError { promise?.fail(error) } else { promise?.succeed(bytes) }
    promise = nil
    context.close(promise: nil)
  }
}

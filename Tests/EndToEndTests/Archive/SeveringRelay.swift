// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// A relay to a port of this machine that ends connections after so many bytes of the client's.
final class SeveringRelay: Sendable {
  private let listener: any Channel
  private let connections: Connections

  fileprivate final class Connections: Sendable {
    let limit: Int
    let severed: Int
    let count = Mutex(0)

    init(limit: Int, severed: Int) {
      self.limit = limit
      self.severed = severed
    }

    /// How many bytes the next connection may send.
    func next() -> Int {
      count.withLock { count in
        count += 1
        return count <= severed ? limit : .max
      }
    }
  }

  private init(listener: any Channel, connections: Connections) {
    self.listener = listener
    self.connections = connections
  }

  var port: Int { listener.localAddress?.port ?? 0 }

  /// How many connections there were.
  var count: Int { connections.count.withLock { $0 } }

  /// Lends one that severs the first `severed` connections after `limit` bytes.
  static func with<T: Sendable>(
    toPort port: Int, severing severed: Int, after limit: Int,
    _ body: (SeveringRelay) async throws -> T
  ) async throws -> T {
    let connections = Connections(limit: limit, severed: severed)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { front in
        connect(front, toPort: port, allowing: connections.next())
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let result: Result<T, any Error>
    do {
      result = .success(
        try await body(SeveringRelay(listener: listener, connections: connections)))
    } catch {
      result = .failure(error)
    }
    try await listener.close()
    return try result.get()
  }

  private static func connect(
    _ front: any Channel, toPort port: Int, allowing limit: Int
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: front.eventLoop)
      .channelInitializer { back in
        back.eventLoop.makeCompletedFuture {
          try back.pipeline.syncOperations.addHandler(BoundedPipe(to: front, limit: .max))
        }
      }
      .connect(host: "127.0.0.1", port: port)
      .flatMap { back in
        front.eventLoop.makeCompletedFuture {
          try front.pipeline.syncOperations.addHandler(BoundedPipe(to: back, limit: limit))
        }
      }
      .flatMap { front.setOption(.autoRead, value: true) }
  }
}

/// Hands on what its channel reads, up to a number of bytes.
private final class BoundedPipe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  private var left: Int

  init(to other: any Channel, limit: Int) {
    self.other = other
    left = limit
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    guard buffer.readableBytes > left else {
      left -= left == .max ? 0 : buffer.readableBytes
      other.writeAndFlush(buffer, promise: nil)
      return
    }
    if let part = buffer.readSlice(length: left) { other.writeAndFlush(part, promise: nil) }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// Stands between services and the socket of a PostgreSQL, and can lose answers: what a client had
/// asked for is done by then, and it cannot know.
final class Relay: Sendable {
  /// The directory of the socket that services connect to.
  let directory: String
  private let listener: any Channel
  private let losses: Losses

  /// How often answers were to be lost, and how many were.
  fileprivate final class Losses: Sendable {
    let ordered = Atomic<Int>(0)
    let count = Atomic<Int>(0)
  }

  private init(directory: String, listener: any Channel, losses: Losses) {
    self.directory = directory
    self.listener = listener
    self.losses = losses
  }

  /// Lends a relay to the server whose socket is in `serverDirectory`. It stops listening
  /// afterwards; connections end with their services.
  static func with<T: Sendable>(
    to serverDirectory: String, port: Int, _ body: (Relay) async throws -> T
  ) async throws -> T {
    let directory = try TemporaryDirectory.make("relay")
    defer { TemporaryDirectory.remove(directory) }
    let relay = try await start(in: directory, to: serverDirectory, port: port)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(relay))
    } catch {
      result = .failure(error)
    }
    try await relay.listener.close()
    return try result.get()
  }

  private static func start(
    in directory: String, to serverDirectory: String, port: Int
  ) async throws -> Relay {
    let name = ".s.PGSQL.\(port)"
    let losses = Losses()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      // Nothing is read from a client before its server is there.
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { front in
        connect(front, toSocket: "\(serverDirectory)/\(name)", losses)
      }
      .bind(unixDomainSocketPath: "\(directory)/\(name)").get()
    return Relay(directory: directory, listener: listener, losses: losses)
  }

  /// From now on every present connection is cut at its next answer, which is lost.
  func loseAnswers() {
    losses.ordered.add(1, ordering: .relaxed)
  }

  /// Answers lost so far.
  var lostAnswers: Int { losses.count.load(ordering: .relaxed) }

  private static func connect(
    _ front: any Channel, toSocket path: String, _ losses: Losses
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: front.eventLoop)
      .channelInitializer { back in
        back.eventLoop.makeCompletedFuture {
          try back.pipeline.syncOperations.addHandler(Pipe(to: front, losing: losses))
        }
      }
      .connect(unixDomainSocketPath: path)
      .flatMap { back in
        front.eventLoop.makeCompletedFuture {
          try front.pipeline.syncOperations.addHandler(Pipe(to: back, losing: nil))
        }
      }
      .flatMap { front.setOption(.autoRead, value: true) }
  }
}

/// Hands on what its channel reads, until the other end closes or an answer is to be lost.
private final class Pipe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  private let losses: Relay.Losses?
  private let born: Int

  init(to other: any Channel, losing losses: Relay.Losses?) {
    self.other = other
    self.losses = losses
    born = losses?.ordered.load(ordering: .relaxed) ?? 0
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let losses, losses.ordered.load(ordering: .relaxed) > born {
      losses.count.add(1, ordering: .relaxed)
      return context.close(promise: nil)
    }
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

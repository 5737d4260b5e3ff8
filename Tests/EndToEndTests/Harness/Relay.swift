// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// Stands before a server, and can lose answers: what a client had asked for is done by then, and it cannot know.
///
/// Services connect to PostgreSQL through one with a socket, clients to a service through one with a port.
final class Relay: Sendable {
  /// The directory of the socket that services connect to; empty for a relay with a port.
  let directory: String
  private let listener: any Channel
  private let losses: Losses

  /// What was to be lost, and was.
  fileprivate final class Losses: Sendable {
    /// How often answers were to be lost, and how many were.
    let ordered = Atomic<Int>(0)
    let count = Atomic<Int>(0)
    let swallows = Atomic<Bool>(false)
    /// By connection.
    let swallowed = Mutex<[ObjectIdentifier: [UInt8]]>([:])
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
    let name = ".s.PGSQL.\(port)"
    let place = try SocketAddress(unixDomainSocketPath: "\(directory)/\(name)")
    let server = try SocketAddress(unixDomainSocketPath: "\(serverDirectory)/\(name)")
    return try await start(at: place, in: directory, to: server).lend(body)
  }

  /// Lends a relay to a port of this machine.
  static func with<T: Sendable>(
    toPort port: Int, _ body: (Relay) async throws -> T
  ) async throws -> T {
    let place = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
    let server = try SocketAddress(ipAddress: "127.0.0.1", port: port)
    return try await start(at: place, to: server).lend(body)
  }

  private func lend<T: Sendable>(_ body: (Relay) async throws -> T) async throws -> T {
    let result: Result<T, any Error>
    do {
      result = .success(try await body(self))
    } catch {
      result = .failure(error)
    }
    try await listener.close()
    return try result.get()
  }

  private static func start(
    at place: SocketAddress, in directory: String = "", to server: SocketAddress
  ) async throws -> Relay {
    let losses = Losses()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      // Nothing is read from a client before its server is there.
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { front in connect(front, to: server, losses) }
      .bind(to: place).get()
    return Relay(directory: directory, listener: listener, losses: losses)
  }

  private static func connect(
    _ front: any Channel, to server: SocketAddress, _ losses: Losses
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: front.eventLoop)
      .channelInitializer { back in
        back.eventLoop.makeCompletedFuture {
          try back.pipeline.syncOperations.addHandler(Pipe(to: front, losing: losses))
        }
      }
      .connect(to: server)
      .flatMap { back in
        front.eventLoop.makeCompletedFuture {
          try front.pipeline.syncOperations.addHandler(Pipe(to: back, losing: nil))
        }
      }
      .flatMap { front.setOption(.autoRead, value: true) }
  }
}

extension Relay {
  /// Where clients connect to.
  var url: String { "http://127.0.0.1:\(listener.localAddress?.port ?? 0)" }

  /// From now on every present connection is cut at its next answer, which is lost.
  func loseAnswers() {
    losses.ordered.add(1, ordering: .relaxed)
  }

  /// Answers lost so far.
  var lostAnswers: Int { losses.count.load(ordering: .relaxed) }

  /// From now on nothing that the server says is handed on; its connections stay open.
  func swallowAnswers() {
    losses.swallows.store(true, ordering: .relaxed)
  }

  /// Answers are handed on again. A connection that missed some is cut at its next one.
  func handOnAnswers() {
    loseAnswers()
    losses.swallows.store(false, ordering: .relaxed)
  }

  /// What the server said that was not handed on, one text for each connection.
  var swallowed: [[UInt8]] { losses.swallowed.withLock { Array($0.values) } }
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
    if let losses, losses.swallows.load(ordering: .relaxed) {
      let connection = ObjectIdentifier(context.channel as AnyObject)
      let bytes = unwrapInboundIn(data).readableBytesView
      return losses.swallowed.withLock { $0[connection, default: []] += bytes }
    }
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

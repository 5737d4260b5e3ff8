// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import NIOCore
import NIOPosix
import Synchronization

/// A Unix socket in front of a PostgreSQL that ends everything at a given message of a client: as if the
/// client, or the server, had been killed there. From then on nobody gets through.
package final class CuttingRelay: Sendable {
  /// Where the end comes.
  package enum Cut: Sendable, Hashable {
    /// The message does not arrive.
    case before(Int)
    /// It arrives, and whatever the server answers is lost.
    case after(Int)
  }

  private let directory: String
  private let database: TestDatabase
  private let listener: any Channel
  private let state: State

  fileprivate final class State: Sendable {
    let cut: Cut
    /// Messages of clients so far, over all connections; the one that begins a session counts too.
    let messages = Atomic<Int>(0)
    let isCut = Atomic<Bool>(false)
    let channels = Mutex<[any Channel]>([])

    init(cut: Cut) { self.cut = cut }

    func endEverything() {
      isCut.store(true, ordering: .sequentiallyConsistent)
      for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
    }
  }

  private init(
    directory: String, database: TestDatabase, listener: any Channel, state: State
  ) {
    self.directory = directory
    self.database = database
    self.listener = listener
    self.state = state
  }

  /// Lends a relay to the server of `database`.
  package static func with<T: Sendable>(
    to database: TestDatabase, cutting cut: Cut, _ body: (CuttingRelay) async throws -> T
  ) async throws -> T {
    let directory = try TemporaryDirectory.make("cut")
    defer { TemporaryDirectory.remove(directory) }
    let server = database.server.postgres
    let name = ".s.PGSQL.\(server.port)"
    let target = try SocketAddress(unixDomainSocketPath: "\(server.socketDirectory)/\(name)")
    let state = State(cut: cut)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      // Nothing is read from a client before its server is there.
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { connect($0, to: target, state) }
      .bind(to: try SocketAddress(unixDomainSocketPath: "\(directory)/\(name)")).get()
    let relay = CuttingRelay(
      directory: directory, database: database, listener: listener, state: state)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(relay))
    } catch {
      result = .failure(error)
    }
    state.endEverything()
    try await listener.close()
    return try result.get()
  }

  /// As `TestDatabase.conninfo`, by way of the relay.
  package func conninfo(role: String) -> String {
    "host=\(directory) port=\(database.server.postgres.port) user=\(role) dbname=\(database.name)"
  }

  /// Messages of clients so far, over all connections.
  package var messageCount: Int { state.messages.load(ordering: .sequentiallyConsistent) }

  /// Whether the end has come.
  package var isCut: Bool { state.isCut.load(ordering: .sequentiallyConsistent) }

  private static func connect(
    _ front: any Channel, to server: SocketAddress, _ state: State
  ) -> EventLoopFuture<Void> {
    guard !state.isCut.load(ordering: .sequentiallyConsistent) else { return front.close() }
    return ClientBootstrap(group: front.eventLoop)
      .channelInitializer { back in
        back.eventLoop.makeCompletedFuture {
          try back.pipeline.syncOperations.addHandler(Answers(to: front))
        }
      }
      .connect(to: server)
      .flatMap { back in
        state.channels.withLock { $0 += [front, back] }
        return front.eventLoop.makeCompletedFuture {
          try front.pipeline.syncOperations.addHandler(Messages(to: back, state))
        }
      }
      .flatMap { front.setOption(.autoRead, value: true) }
  }
}

/// Hands on what the server says.
private final class Answers: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let front: any Channel

  init(to front: any Channel) { self.front = front }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    front.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { front.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// Hands on what a client says, message by message (PostgreSQL's manual, section 55.7).
private final class Messages: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let back: any Channel
  private let state: CuttingRelay.State
  private var received = ByteBuffer()
  private var hasBegun = false

  init(to back: any Channel, _ state: CuttingRelay.State) {
    self.back = back
    self.state = state
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    received.writeBuffer(&bytes)
    while let message = next() {
      let number = state.messages.add(1, ordering: .sequentiallyConsistent).newValue
      if state.cut == .before(number) { return state.endEverything() }
      guard !state.isCut.load(ordering: .sequentiallyConsistent) else { return }
      back.writeAndFlush(message, promise: nil)
      if state.cut == .after(number) { return state.endEverything() }
    }
  }

  /// The first message has no type before its length, which counts itself.
  private func next() -> ByteBuffer? {
    let type = hasBegun ? 1 : 0
    guard
      let length = received.getInteger(at: received.readerIndex + type, as: UInt32.self),
      let message = received.readSlice(length: type + Int(length))
    else { return nil }
    hasBegun = true
    return message
  }

  func channelInactive(context: ChannelHandlerContext) { back.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

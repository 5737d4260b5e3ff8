// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import API

/// A port with routes of its own, and clients that speak to it byte by byte.
struct TestListener {
  let listener: Listener
  let port: Int

  /// Serves `routes` while `body` runs. The one token that opens anything is `good`.
  static func serving(
    _ routes: [Route], admitting limit: Int = 64, deadlines: DeadlineLimits = DeadlineLimits(),
    limits: RequestLimits = .none, _ body: (TestListener) async throws -> Void
  ) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let responder = RequestResponder(
      router: Router(routes), authenticate: Self.authenticate,
      observer: Observer(logger: logger), admission: Admission(requests: limit, bytes: 1 << 20),
      limits: limits, redeem: Self.authenticate)
    let connection = HTTPConnection(
      limits: deadlines, onRefusal: { _ in },
      responder: { await responder.respond(to: $0, $1) })
    let (ports, opened) = AsyncStream.makeStream(of: Int.self)
    let listener = Listener(
      connection, host: "127.0.0.1", port: 0, maximumConnections: 100,
      group: MultiThreadedEventLoopGroup.singleton, logger: logger
    ) { opened.yield($0) }
    let port = try #require(await ports.first { _ in true })
    do {
      try await body(TestListener(listener: listener, port: port))
    } catch {
      await listener.stop(within: .zero)
      throw error
    }
    await listener.stop(within: .zero)
  }

  /// Connects, lets `body` speak, and closes.
  func connect<Result: Sendable>(
    _ body: (inout TestClient) async throws -> Result
  ) async throws -> Result {
    try await TestClient.connect(to: port, body)
  }

  /// Sends `text` and returns all that comes until the other side closes.
  func exchange(_ text: String) async throws -> String {
    try await TestClient.exchange(text, with: port)
  }

  /// Knows the one token `good`.
  @Sendable static func authenticate(_ token: String) throws -> Principal {
    guard token == "good" else {
      throw DomainError(.unauthenticated, "It is wrong in a way of its own: \(token).")
    }
    return Principal(tenant: .make(), key: .make(), role: .admin, user: nil, agent: nil)
  }
}

/// One end of a TCP connection.
struct TestClient {
  var input: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  let output: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var received = ""

  init(
    input: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
    output: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.input = input
    self.output = output
  }

  /// Connects to a port of this machine, lets `body` speak, and closes.
  static func connect<Result: Sendable>(
    to port: Int, _ body: (inout TestClient) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var client = TestClient(input: inbound.makeAsyncIterator(), output: outbound)
      return try await body(&client)
    }
  }

  /// Sends `text` and returns all that comes until the other side closes.
  static func exchange(_ text: String, with port: Int) async throws -> String {
    try await connect(to: port) { client in
      try await client.send(text)
      return try await client.receiveAll()
    }
  }

  /// Whether somebody accepts connections at `port`.
  static func isAccepted(at port: Int) async -> Bool {
    do {
      try await connect(to: port) { _ in }
      return true
    } catch {
      return false
    }
  }

  func send(_ text: String) async throws {
    try await output.write(ByteBuffer(string: text))
  }

  /// Closes this end's half.
  func finish() {
    output.finish()
  }

  /// Reads until `text` has come; returns all that came.
  mutating func receive(until text: String) async throws -> String {
    while !received.contains(text) {
      guard let buffer = try await input.next() else { break }
      received += String(buffer: buffer)
    }
    return received
  }

  /// Reads until the other side closes.
  mutating func receiveAll() async throws -> String {
    while let buffer = try await input.next() { received += String(buffer: buffer) }
    return received
  }
}

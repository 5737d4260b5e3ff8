// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Writes the answer to one request to its connection.
struct ResponseWriter: Sendable {
  private let channel: any Channel

  /// Creates a writer for a connection whose turn it is.
  init(_ channel: any Channel) {
    self.channel = channel
  }

  /// Asks for a body that waits to be asked for.
  func writeContinue() {
    channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }

  /// What is larger is waited for: as long as it is kept its request counts.
  private static let largeBody = 64 * 1024

  /// Writes a whole answer; nil: without a body, whatever its head says. That the client has gone
  /// meanwhile makes no difference to anybody.
  func write(_ head: HTTPResponse, body: [UInt8]?) async {
    channel.write(HTTPResponsePart.head(head), promise: nil)
    if let body, !body.isEmpty {
      channel.write(HTTPResponsePart.body(ByteBuffer(bytes: body)), promise: nil)
    }
    guard body?.count ?? 0 > Self.largeBody else {
      return channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }
    do {
      try await end()
    } catch {
      return  // The client has gone.
    }
  }

  /// Begins an answer whose body follows in parts.
  func begin(_ head: HTTPResponse) {
    channel.write(HTTPResponsePart.head(head), promise: nil)
  }

  /// Writes a part of the body; returns when the socket has taken it. Throws when the client has
  /// gone.
  func write(part: [UInt8]) async throws {
    try await channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer(bytes: part)))
  }

  /// Ends an answer that was begun.
  func end() async throws {
    try await channel.writeAndFlush(HTTPResponsePart.end(nil))
  }

  /// Makes the connection a WebSocket.
  func upgrade(
    _ handshake: WebSocketHandshake, _ head: HTTPResponse
  ) async throws -> WebSocketConnection {
    try await WebSocketConnection.begin(on: channel, handshake, head, WebSocketLimits())
  }

  /// Writes `part` again and again, unless the client has not taken what was written before.
  func repeating(_ part: [UInt8], every period: TimeAmount) -> RepeatedTask {
    channel.eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { [channel] _ in
      guard channel.isWritable else { return }
      channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer(bytes: part)), promise: nil)
    }
  }

  /// Calls `body` when the connection has ended.
  func onClose(_ body: @escaping @Sendable () -> Void) {
    channel.closeFuture.whenComplete { _ in body() }
  }

  /// Cuts the connection: without its end, what was written is no valid answer, and the client does
  /// not take it for whole.
  func cut() {
    channel.close(promise: nil)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A connection that sends exactly the bytes it is given, for what no HTTP client would send.
enum RawConnection {
  /// How bytes are sent.
  struct Script: Sendable {
    var port: Int
    var bytes: [UInt8]
    /// nil: all at once; else one byte per interval, from the first on.
    var pace: Duration?
    /// Bytes that go ahead at once when the rest is paced.
    var head: [UInt8] = []
    /// Whether our half is closed behind the last byte.
    var closesOutput = true
    /// When to give up on a server that does not end the connection.
    var limit: Duration = .seconds(10)
    /// Whether what was received is all that is waited for; nil: the server ends the connection.
    var isEnough: (@Sendable (_ received: [UInt8]) -> Bool)?
  }

  /// What came of it.
  struct Outcome: Sendable {
    enum End: Sendable { case closed, reset, limit, enough }

    var end: End
    var received: [UInt8]
    /// From the connect to the end.
    var duration: Duration

    /// The answers in what was received; nil where it is no sequence of whole answers.
    func answers(toHead isHead: Bool = false) -> [Answer]? {
      AnswerReader.answers(in: received, toHead: isHead)
    }
  }

  /// Connects, sends, and reads until the server ends the connection or enough was received.
  static func exchange(_ script: Script) async throws -> Outcome {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let ended = loop.makePromise(of: Outcome.self)
    do {
      _ = try await ClientBootstrap(group: loop)
        .connectTimeout(.seconds(5))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = ScriptHandler(script, ended: ended)
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }
        .connect(host: "127.0.0.1", port: script.port).get()
    } catch {
      ended.fail(error)
    }
    return try await ended.futureResult.get()
  }

  /// Sends `text` and returns the answers.
  static func exchange(port: Int, _ text: String) async throws -> Outcome {
    try await exchange(.init(port: port, bytes: Array(text.utf8)))
  }
}

/// Plays a script on its channel and tells the end once.
private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: RawConnection.Script
  private var ended: EventLoopPromise<RawConnection.Outcome>?
  private var received: [UInt8] = []
  private var sent = 0
  private var start = NIODeadline.now()
  private var pace = TimeAmount.zero
  private var tick: Scheduled<Void>?
  private var timeout: Scheduled<Void>?

  init(_ script: RawConnection.Script, ended: EventLoopPromise<RawConnection.Outcome>) {
    self.script = script
    self.ended = ended
  }

  func channelActive(context: ChannelHandlerContext) {
    start = .now()
    let loop = context.eventLoop.assumeIsolated()
    timeout = loop.scheduleTask(in: TimeAmount(script.limit)) {
      self.finish(.limit)
      context.close(promise: nil)
    }
    guard let pace = script.pace else {
      send(script.head + script.bytes, context)
      return closeOutput(context)
    }
    send(script.head, context)
    self.pace = TimeAmount(pace)
    sendNext(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytesView
    guard let isEnough = script.isEnough, isEnough(received) else { return }
    finish(.enough)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { finish(.closed) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.reset)
    context.close(promise: nil)
  }

  private func sendNext(_ context: ChannelHandlerContext) {
    guard ended != nil, sent < script.bytes.count else { return closeOutput(context) }
    send([script.bytes[sent]], context)
    sent += 1
    tick = context.eventLoop.assumeIsolated().scheduleTask(in: pace) { self.sendNext(context) }
  }

  private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    guard !bytes.isEmpty else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  private func closeOutput(_ context: ChannelHandlerContext) {
    if script.closesOutput { context.close(mode: .output, promise: nil) }
  }

  private func finish(_ end: RawConnection.Outcome.End) {
    tick?.cancel()
    timeout?.cancel()
    let duration = Duration.nanoseconds((NIODeadline.now() - start).nanoseconds)
    ended?.succeed(.init(end: end, received: received, duration: duration))
    ended = nil
  }
}

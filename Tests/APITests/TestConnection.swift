// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import Synchronization
import Testing

@testable import API

/// A connection whose clock only moves when told to, seen from both ends.
final class TestConnection {
  private let channel: EmbeddedChannel
  private let bytes = ByteCounter()
  private let refused = RefusedCodes()
  /// What the handlers of requests were told went wrong with their bodies.
  private(set) var failures: [RequestBodyFailure] = []

  init() throws {
    channel = EmbeddedChannel()
    let refused = refused
    let handler = HTTPConnectionHandler(limits: DeadlineLimits()) { refused.note($0.code) }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandlers([HeadBytesHandler(telling: handler), bytes])
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: false, withErrorHandling: false,
      withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
      withDecoderLimitConfiguration: HTTPConnection.decoderLimits)
    try pipeline.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  /// Bytes from the client.
  func send(_ text: String) {
    collectFailures { try channel.writeInbound(ByteBuffer(string: text)) }
  }

  /// Lets time pass.
  func wait(_ time: TimeAmount) {
    channel.embeddedEventLoop.advanceTime(by: time)
    collectFailures { try channel.throwIfErrorCaught() }
  }

  /// Lets what was written leave.
  func flush() { channel.flush() }

  /// The client closes its half.
  func closeInput() {
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
  }

  /// How many bytes the parser was given.
  var keptBytes: Int { bytes.count }

  /// Tells the connection that the service is stopping.
  func quiesce() {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
  }

  /// Answers the oldest request.
  func answer(
    _ status: HTTPResponse.Status = .ok, _ fields: HTTPFields = [.contentLength: "2"],
    body: String = "ok", isFlushed: Bool = true
  ) {
    channel.write(HTTPResponsePart.head(.init(status: status, headerFields: fields)), promise: nil)
    if status.kind != .informational {
      channel.write(HTTPResponsePart.body(ByteBuffer(string: body)), promise: nil)
      channel.write(HTTPResponsePart.end(nil), promise: nil)
    }
    if isFlushed { channel.flush() }
  }

  /// The paths of the requests that were handed on since the last time.
  func requests() throws -> [String] {
    var paths: [String] = []
    while let part = try channel.readInbound(as: HTTPRequestPart.self) {
      if case .head(let head) = part { paths.append(head.path ?? "") }
    }
    return paths
  }

  /// What was sent to the client since the last time.
  func sent() throws -> String {
    var text = ""
    while let data = try channel.readOutbound(as: IOData.self) {
      if case .byteBuffer(let buffer) = data { text += String(buffer: buffer) }
    }
    return text
  }

  var isOpen: Bool { channel.isActive }

  /// The codes of the requests that were refused.
  var refusals: [ProblemCode] { refused.all }

  private func collectFailures(_ body: () throws -> Void) {
    do {
      try body()
    } catch let failure as RequestBodyFailure {
      failures.append(failure)
    } catch {
      // Everything else ends at the connection's handler; the codec may say it once more.
    }
  }
}

/// Counts what is given to the parser.
private final class ByteCounter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private(set) var count = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count += unwrapInboundIn(data).readableBytes
    context.fireChannelRead(data)
  }
}

private final class RefusedCodes: Sendable {
  private let codes = Mutex<[ProblemCode]>([])

  func note(_ code: ProblemCode) { codes.withLock { $0.append(code) } }

  var all: [ProblemCode] { codes.withLock { $0 } }
}

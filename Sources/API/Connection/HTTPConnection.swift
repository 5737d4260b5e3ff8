// Hansard
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// How Hummingbird's server speaks HTTP/1 on an accepted connection: through a pipeline of our own,
/// since Hummingbird's has no deadline for a head, a body or a write, and wakes a task for each part
/// of a message.
struct HTTPConnection: ServerChildChannel {
  let limits: DeadlineLimits
  let onRefusal: @Sendable (Problem) -> Void
  let responder: RequestDispatcher.Responder

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
    channel.eventLoop.makeCompletedFuture {
      // Bytes that come while a request's credentials are checked are kept: few, for everybody may
      // send them.
      try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiving)
      try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
      let handler = HTTPConnectionHandler(limits: limits, onRefusal: onRefusal)
      let dispatcher = RequestDispatcher(on: channel.eventLoop, responder: responder)
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(HeadBytesHandler(telling: handler))
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false,
        withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: Self.decoderLimits)
      try pipeline.addHandlers([handler, dispatcher])
      return AcceptedConnection(channel, dispatcher)
    }
  }

  func handle(value: AcceptedConnection, logger: Logger) async {
    await withTaskCancellationHandler {
      await value.ended()
    } onCancel: {
      value.cancel()
    }
  }

  private static var receiving: AdaptiveRecvByteBufferAllocator {
    AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 16 * 1024)
  }

  /// What the parser refuses by itself.
  static var decoderLimits: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = HeadGuard.maximumHeadBytes
    limits.maxHeaderListSize = HeadGuard.maximumHeadBytes
    limits.maxHeaderFieldCount = HeadGuard.maximumFields
    return limits
  }
}

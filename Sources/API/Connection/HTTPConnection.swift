// Hansard
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// How Hummingbird's server speaks HTTP/1 on an accepted connection: with our own guard between the
/// parser and the requests' handlers, since Hummingbird's channel has no deadline for a head, a
/// body or a write.
struct HTTPConnection: HTTPChannelHandler {
  typealias Value = AcceptedConnection

  let responder: HTTPChannelHandler.Responder
  let limits: DeadlineLimits
  let onRefusal: @Sendable (Problem) -> Void

  /// Creates connections whose requests `responder` answers.
  init(
    limits: DeadlineLimits, onRefusal: @escaping @Sendable (Problem) -> Void,
    responder: @escaping HTTPChannelHandler.Responder
  ) {
    self.limits = limits
    self.onRefusal = onRefusal
    self.responder = responder
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      // Bytes that come while a request's credentials are checked are kept: few, for everybody may
      // send them.
      try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiving)
      try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
      let handler = HTTPConnectionHandler(limits: limits, onRefusal: onRefusal)
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(HeadBytesHandler(telling: handler))
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false,
        withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: Self.decoderLimits)
      try pipeline.addHandler(handler)
      let asyncChannel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
        wrappingChannelSynchronously: channel,
        configuration: .init(
          backPressureStrategy: .init(lowWatermark: 2, highWatermark: 4),
          isOutboundHalfClosureEnabled: true))
      return AcceptedConnection(asyncChannel)
    }
  }

  func handle(value: Value, logger: Logger) async {
    // The owner closes the channel when it goes: not before the handling is over.
    defer { withExtendedLifetime(value) {} }
    await handleHTTP(asyncChannel: value.asyncChannel, logger: logger)
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

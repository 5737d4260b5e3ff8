// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Guards one HTTP/1 connection: turns the parser's heads into requests or refuses them, keeps the
/// deadlines of `ConnectionDeadlines`, decides when the connection ends, and ends it so that the
/// client can still read the last answer.
///
/// It stands between the HTTP/1 parser and the requests' handlers. Requests may be pipelined; their
/// answers come in order. A refusal waits for the answers before it.
final class HTTPConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// A request that was handed on and whose answer is not complete.
  struct PendingRequest {
    var isHead: Bool
    var isKeepAlive: Bool
    var isVersion10: Bool
    /// The client waits for 100 before it sends the body.
    var awaitsContinue: Bool
    /// Bytes of the body still to come; nil when chunked.
    var remainingBytes: Int?
  }

  /// What becomes of bytes from the client.
  enum Intake {
    /// They are parts of requests.
    case open
    /// No further request is taken: the answers outstanding are the last ones.
    case stopped
    /// The last answer is out; this much of what comes is thrown away before the connection is cut.
    case lingering(allowance: Int)
  }

  /// Most bytes of a body that are read past an early answer to keep the connection.
  static let maximumDrainBytes = 64 * 1024
  /// Most bytes that are thrown away of a body whose length is known, so that its sender comes to
  /// read the answer: many clients write all of a request before they read.
  static let maximumKnownDiscard = 16 * 1024 * 1024
  /// Most bytes that are thrown away of anything else.
  static let maximumBlindDiscard = 256 * 1024
  /// Most requests of one connection that wait for their answers; what follows is not taken.
  static let maximumPipelined = 1024
  /// Most bytes that the parser takes before it has given out anything.
  static let maximumUnparsedBytes = HeadGuard.maximumHeadBytes + 16 * 1024
  /// A body part is given to the socket in pieces of at most this size, so that a slow but steady
  /// reader counts as steady.
  static let writePieceBytes = 64 * 1024

  let onRefusal: @Sendable (Problem) -> Void
  var deadlines: ConnectionDeadlines
  var pending = CircularBuffer<PendingRequest>(initialCapacity: 2)
  var intake = Intake.open
  var refusal: Problem?
  var isQuiescing = false
  /// The client sends nothing more.
  var isInputClosed = false
  var closesAfterAnswer = false
  /// Bytes of the head that is being read, up to its first line feed.
  var lineBytes = 0
  var sawLineFeed = false
  /// Bytes that the parser has taken since it gave out anything.
  var unparsedBytes = 0
  /// Whether the parser has ended: what it is given it would keep, or answer with an error each time.
  var parsesNoMore = false
  private(set) var context: ChannelHandlerContext?
  private var timer: (task: Scheduled<Void>, deadline: Duration)?

  /// Creates a handler; `onRefusal` hears of each request refused before it had a handler.
  init(limits: DeadlineLimits, onRefusal: @escaping @Sendable (Problem) -> Void) {
    self.onRefusal = onRefusal
    self.deadlines = ConnectionDeadlines(limits: limits, now: .zero)
    self.limits = limits
  }

  private let limits: DeadlineLimits

  /// The connection's monotonic clock: its event loop's, which tests can set.
  func now(_ context: ChannelHandlerContext) -> Duration {
    .nanoseconds(Int64(clamping: context.eventLoop.now.uptimeNanoseconds))
  }
}

// MARK: - Lifetime and time

extension HTTPConnectionHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadlines = ConnectionDeadlines(limits: limits, now: now(context))
    schedule(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    timer?.task.cancel()
    timer = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  /// Sees to it that the timer rings at the next deadline or before.
  func schedule(_ context: ChannelHandlerContext) {
    guard let next = deadlines.next else { return }
    // A timer that rings too early only asks again; one that rings too late would be a fault.
    if let timer, timer.deadline <= next { return }
    timer?.task.cancel()
    let wait = next - now(context)
    let task = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) {
      self.timer = nil
      self.ring(context)
    }
    timer = (task, next)
  }

  private func ring(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    switch deadlines.expire(at: now(context)) {
    case nil: break
    case .close: context.close(promise: nil)
    case .headTimeout:
      refuse(Problem(.requestTimeout, "The head of the request came too slowly."), context)
    case .bodyTimeout:
      intake = .stopped
      context.fireErrorCaught(RequestBodyFailure.timeout)
    }
    schedule(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isQuiescing = true
      deadlines.quiesce(at: now(context))
      schedule(context)
    case ChannelEvent.inputClosed:
      isInputClosed = true
      if case .lingering = intake, !deadlines.isWriting { context.close(promise: nil) }
      closeIfServed(context)
      context.fireUserInboundEventTriggered(event)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }
}

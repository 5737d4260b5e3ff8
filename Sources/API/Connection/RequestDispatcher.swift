// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A request whose head has come.
struct IncomingRequest: Sendable {
  let head: HTTPRequest
  let body: RequestBody
  /// Where it comes from.
  var peer: PeerNetwork?
}

/// Hands a connection's requests to their handler, each in a task of its own on the connection's
/// event loop, one after the other: pipelined ones wait until the answer before them is complete.
///
/// It reads from the client no further than somebody waits for what comes.
final class RequestDispatcher: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Answers one request; what it returns lasts, and is done when the request is forgotten.
  typealias Responder = @Sendable (IncomingRequest, ResponseWriter) async -> Lasting?
  /// Goes on with a connection until one of its sides ends it.
  typealias Lasting = @Sendable () async -> Void

  private struct Current {
    let body: RequestBody
    var task: Task<Void, Never>?
    /// Whether all of the request has come.
    var isRead = false
    var isAnswered = false
    /// Whether its answer ends only when somebody has enough.
    var isLasting = false
  }

  private let responder: Responder
  private let executor: EventLoopExecutor
  /// Kept when the connection and its last task have ended.
  private let ended: EventLoopPromise<Void>
  private var context: ChannelHandlerContext?
  private var current: Current?
  /// Parts of requests behind the current one.
  private var waiting = CircularBuffer<HTTPRequestPart>()
  /// Why the last of these cannot be read to its end.
  private var waitingFailure: RequestBodyFailure?
  private var isReadHeld = false
  /// Whether the client sends nothing more.
  private var isInputClosed = false
  /// The other end of the connection, which stays the same.
  private lazy var peer = PeerNetwork(context?.remoteAddress)

  /// Creates the handler of a connection on `eventLoop`.
  init(on eventLoop: any EventLoop, responder: @escaping Responder) {
    self.responder = responder
    executor = EventLoopExecutor(eventLoop)
    ended = eventLoop.makePromise()
  }

  /// Succeeds when the connection is closed and nothing works for it any more.
  var whenEnded: EventLoopFuture<Void> { ended.futureResult }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    if isFree { ended.succeed() }
  }

  /// Gives up: what works for the connection is told to stop, and the connection is cut.
  func cancel() {
    current?.task?.cancel()
    context?.close(promise: nil)
  }
}

// MARK: - What comes

extension RequestDispatcher {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if waiting.isEmpty, isTurn(of: part, context) {
      take(part, context)
    } else {
      waiting.append(part)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      isInputClosed = true
      fail(.malformed)
      // Who only listens and closes their half has gone.
      if current?.isLasting ?? false { current?.task?.cancel() }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let failure = error as? RequestBodyFailure else { return context.close(promise: nil) }
    fail(failure)
  }

  /// The request that is being read will not be complete: the last one.
  private func fail(_ failure: RequestBodyFailure) {
    if waiting.isEmpty {
      current?.body.end(.failure(failure))
    } else {
      waitingFailure = waitingFailure ?? failure
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    waiting.removeAll()
    current?.body.end(.failure(.malformed))
    context.fireChannelInactive()
  }

  /// A part belongs to the current request unless it begins the next one, which waits for the
  /// current one's end, and for a client that takes the answers.
  private func isTurn(of part: HTTPRequestPart, _ context: ChannelHandlerContext) -> Bool {
    guard case .head = part else { return true }
    return current == nil && context.channel.isWritable
  }

  private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
    switch part {
    case .head(let head): begin(head, context)
    case .body(let buffer):
      if current?.isAnswered == false { current?.body.push(buffer) }
    case .end:
      current?.isRead = true
      current?.body.end(.success(()))
      if current?.isAnswered ?? false { current = nil }
    }
  }

  private func takeWaiting(_ context: ChannelHandlerContext) {
    while let part = waiting.first, isTurn(of: part, context) {
      waiting.removeFirst()
      take(part, context)
    }
    // What was complete before that has ended already.
    if waiting.isEmpty, let failure = waitingFailure { current?.body.end(.failure(failure)) }
  }
}

// MARK: - Answering

extension RequestDispatcher {
  private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
    let eventLoop = context.eventLoop
    let this = NIOLoopBound(self, eventLoop: eventLoop)
    let body = RequestBody { eventLoop.execute { this.value.resumeReading() } }
    let request = IncomingRequest(head: head, body: body, peer: peer)
    let writer = ResponseWriter(context.channel)
    current = Current(body: body)
    current?.task = Task(executorPreference: executor) { [responder] in
      let lasting = await responder(request, writer)
      eventLoop.execute { this.value.responded(lasting) }
    }
  }

  /// What lasts has a task of its own: one keeps the memory of its deepest call as long as it lives.
  private func responded(_ lasting: Lasting?) {
    guard let lasting else { return answered() }
    let eventLoop = ended.futureResult.eventLoop
    let this = NIOLoopBound(self, eventLoop: eventLoop)
    current?.task = Task(executorPreference: executor) {
      await lasting()
      eventLoop.execute { this.value.answered() }
    }
    current?.isLasting = true
    if isInputClosed { current?.task?.cancel() }
  }

  private func answered() {
    current?.isAnswered = true
    if current?.isRead ?? false { current = nil }
    guard let context else { return ended.succeed() }
    takeWaiting(context)
    resumeReading()
  }
}

// MARK: - Reading

extension RequestDispatcher {
  func read(context: ChannelHandlerContext) {
    if isReadable { context.read() } else { isReadHeld = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    takeWaiting(context)
    resumeReading()
    context.fireChannelWritabilityChanged()
  }

  private func resumeReading() {
    guard isReadHeld, isReadable, let context else { return }
    isReadHeld = false
    context.read()
  }

  private var isReadable: Bool {
    waiting.isEmpty && (isFree || current?.body.isSated == false)
  }

  /// Whether no task works for the connection.
  private var isFree: Bool { current?.isAnswered ?? true }
}

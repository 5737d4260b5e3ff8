// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

extension HTTPConnectionHandler {
  func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    guard let request = pending.first else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(let response): write(response, to: request, context, promise)
    case .body(let buffer):
      guard !request.isHead else { return succeed(promise) }
      write(buffer, context, promise)
    case .end: finish(request, context, promise)
    }
    schedule(context)
  }

  /// Answers in place of a handler and takes no further request; waits for the answers before it.
  func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    intake = .stopped
    refusal = problem
    if pending.isEmpty { writeRefusal(context) }
  }

  // MARK: Parts

  private func write(
    _ response: HTTPResponse, to request: PendingRequest, _ context: ChannelHandlerContext,
    _ promise: EventLoopPromise<Void>?
  ) {
    var head = HTTPResponseHead(
      version: .http1_1,
      status: HTTPResponseStatus(
        statusCode: response.status.code, reasonPhrase: response.status.reasonPhrase),
      headers: HTTPHeaders(response.headerFields.map { ($0.name.rawName, $0.value) }))
    guard response.status.kind != .informational else {
      pending[pending.startIndex].awaitsContinue = false
      // HTTP/1.0 has no informational answers.
      guard !request.isVersion10 else { return succeed(promise) }
      return context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
    // An HTTP/1.0 client knows no chunks: its answer's body ends with the connection.
    if request.isVersion10 { head.version = .http1_0 }
    closesAfterAnswer =
      !request.isKeepAlive || !head.isKeepAlive || !canDrain(request)
      || (pending.count == 1 && (isInputClosed || isStopped))
      || (isQuiescing && pending.count == 1 && !deadlines.isReadingHead)
    if closesAfterAnswer {
      // Nothing is read any more that this answer would wait for.
      if pending.count == 1 { deadlines.readingEnded() }
      head.headers.replaceOrAdd(name: "connection", value: "close")
      if case .open = intake { intake = .stopped }
    }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  private var isStopped: Bool {
    if case .stopped = intake { return refusal == nil }
    return false
  }

  /// Whether the rest of the request's body is little enough to be read for the sake of keeping the
  /// connection.
  private func canDrain(_ request: PendingRequest) -> Bool {
    guard pending.count == 1, deadlines.isReadingBody else { return true }
    guard case .open = intake, !request.awaitsContinue, let remaining = request.remainingBytes
    else { return false }
    return remaining <= Self.maximumDrainBytes
  }

  private func write(
    _ buffer: ByteBuffer, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
  ) {
    var rest = buffer
    while rest.readableBytes > Self.writePieceBytes,
      let piece = rest.readSlice(length: Self.writePieceBytes)
    {
      watch(.body(.byteBuffer(piece)), context, nil)
    }
    watch(.body(.byteBuffer(rest)), context, promise)
  }

  private func finish(
    _ request: PendingRequest, _ context: ChannelHandlerContext,
    _ promise: EventLoopPromise<Void>?
  ) {
    // The answer to a HEAD has the framing fields of a body, and no body: not even its end.
    let end: HTTPServerResponsePart =
      request.isHead ? .body(.byteBuffer(ByteBuffer())) : .end(nil)
    pending.removeFirst()
    deadlines.responseEnded(at: now(context))
    let written = watch(end, context, promise)
    if closesAfterAnswer {
      close(after: written, discarding: request.remainingBytes, context)
    } else if refusal != nil, pending.isEmpty {
      writeRefusal(context)
    }
  }

  private func writeRefusal(_ context: ChannelHandlerContext) {
    guard let problem = refusal else { return }
    refusal = nil
    onRefusal(problem)
    let body = problem.json
    var headers = HTTPHeaders(problem.fields.map { ($0.name.rawName, $0.value) })
    headers.add(name: "content-length", value: String(body.count))
    headers.add(name: "connection", value: "close")
    let status = HTTPResponseStatus(statusCode: problem.status)
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    let written = watch(.end(nil), context, nil)
    context.flush()
    close(after: written, discarding: nil, context)
  }

  // MARK: Ends

  /// Writes a part and notes when the socket has taken it, for the write deadline.
  @discardableResult
  private func watch(
    _ part: HTTPServerResponsePart, _ context: ChannelHandlerContext,
    _ promise: EventLoopPromise<Void>?
  ) -> EventLoopFuture<Void> {
    let written = context.eventLoop.makePromise(of: Void.self)
    deadlines.writeBegan(at: now(context))
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.deadlines.writeEnded(at: self.now(context))
      guard context.channel.isActive else { return }
      self.closeIfServed(context)
      self.schedule(context)
    }
    if let promise { written.futureResult.cascade(to: promise) }
    context.write(wrapOutboundOut(part), promise: written)
    return written.futureResult
  }

  /// Closes in two steps once the last answer is out: our half at once, the client's when it has
  /// closed or the lingering is over. Closing both while bytes still come would make the system
  /// reset the connection and the client lose the answer.
  private func close(
    after written: EventLoopFuture<Void>, discarding remaining: Int?,
    _ context: ChannelHandlerContext
  ) {
    let known = remaining.flatMap { $0 <= Self.maximumKnownDiscard ? $0 : nil }
    intake = .lingering(allowance: known ?? Self.maximumBlindDiscard)
    deadlines.readingEnded()
    written.assumeIsolated().whenComplete { result in
      guard case .success = result, context.channel.isActive else {
        return context.close(promise: nil)
      }
      context.close(mode: .output, promise: nil)
      self.deadlines.closingBegan(at: self.now(context))
      self.schedule(context)
    }
  }

  /// Closes once a client that sends nothing more has all its answers.
  func closeIfServed(_ context: ChannelHandlerContext) {
    guard isInputClosed, pending.isEmpty, !deadlines.isWriting else { return }
    context.close(promise: nil)
  }

  private func succeed(_ promise: EventLoopPromise<Void>?) { promise?.succeed() }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

extension HTTPConnectionHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    unparsedBytes = 0
    if case .end = part, let last = pending.last, !last.isKeepAlive { parsesNoMore = true }
    guard case .open = intake else { return discard(part, context) }
    switch part {
    case .head(let head): receive(head, context)
    case .body(let buffer):
      deadlines.bodyArrived(bytes: buffer.readableBytes)
      consume(buffer.readableBytes)
      context.fireChannelRead(wrapInboundOut(.body(buffer)))
    case .end:
      deadlines.messageEnded(at: now(context))
      lineBytes = 0
      sawLineFeed = false
      consume(nil)
      // What follows a request that asked to close is no request (RFC 9112, section 9.6).
      if let last = pending.last, !last.isKeepAlive { intake = .stopped }
      // Trailers are nothing that any of our requests has.
      context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
    schedule(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    parsesNoMore = true
    guard case .open = intake else { return }
    if deadlines.isReadingBody {
      intake = .stopped
      context.fireErrorCaught(RequestBodyFailure.malformed)
    } else {
      refuse(problem(for: error), context)
    }
    schedule(context)
  }

  /// Told by `HeadBytesHandler` of bytes before they are parsed; false: they are not to be.
  func admits(_ buffer: ByteBuffer) -> Bool {
    guard let context else { return true }
    guard !parsesNoMore else {
      discard(buffer.readableBytes, context)
      return false
    }
    bytesArrived(buffer, at: now(context))
    unparsedBytes &+= buffer.readableBytes
    if unparsedBytes > Self.maximumUnparsedBytes, !deadlines.isReadingBody {
      parsesNoMore = true
      if case .open = intake {
        refuse(Problem(.headTooLarge, "The head of the request is larger than 32 KiB."), context)
      } else {
        discard(buffer.readableBytes, context)
      }
      return false
    }
    schedule(context)
    return true
  }

  /// Bytes have come that are going to be parsed.
  private func bytesArrived(_ buffer: ByteBuffer, at now: Duration) {
    guard case .open = intake else { return }
    if !deadlines.isReadingBody, !sawLineFeed {
      let line = buffer.readableBytesView.prefix { $0 != UInt8(ascii: "\n") }
      lineBytes &+= line.count
      sawLineFeed = line.count < buffer.readableBytes
    }
    deadlines.bytesArrived(at: now)
  }

  private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    do {
      let request = try HeadGuard.request(from: head)
      // What is behind these is not taken; the last of them is answered with `Connection: close`.
      guard pending.count < Self.maximumPipelined else { return intake = .stopped }
      pending.append(pendingRequest(head))
      deadlines.headArrived(at: now(context))
      context.fireChannelRead(wrapInboundOut(.head(request)))
    } catch {
      refuse(error, context)
    }
  }

  private func pendingRequest(_ head: HTTPRequestHead) -> PendingRequest {
    let isVersion10 = head.version.minor == 0
    // The parser stops for good behind a request that asks to upgrade.
    let isUpgrade = head.headers.contains(name: "upgrade") || head.method == .CONNECT
    return PendingRequest(
      isHead: head.method == .HEAD, isKeepAlive: head.isKeepAlive && !isVersion10 && !isUpgrade,
      isVersion10: isVersion10, awaitsContinue: head.headers.contains(name: "expect"),
      remainingBytes: declaredLength(of: head))
  }

  private func declaredLength(of head: HTTPRequestHead) -> Int? {
    guard head.headers["transfer-encoding"].isEmpty else { return nil }
    return head.headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
  }

  /// Notes that part of the newest request's body was read; nil: all of it.
  private func consume(_ bytes: Int?) {
    guard let last = pending.indices.last else { return }
    guard let bytes else { return pending[last].remainingBytes = 0 }
    if let remaining = pending[last].remainingBytes {
      pending[last].remainingBytes = max(0, remaining - bytes)
    }
  }

  private func discard(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    if case .body(let buffer) = part { discard(buffer.readableBytes, context) }
  }

  /// Throws bytes away, within the allowance of a connection whose last answer is out.
  func discard(_ bytes: Int, _ context: ChannelHandlerContext) {
    guard case .lingering(let allowance) = intake else { return }
    intake = .lingering(allowance: allowance - bytes)
    if bytes > allowance { context.close(promise: nil) }
  }

  private func problem(for error: HTTPParserError) -> Problem {
    switch error {
    case .invalidVersion:
      return Problem(.httpVersionNotSupported, "HTTP/1.1 and HTTP/1.0 are spoken here.")
    case .headerOverflow:
      return lineBytes > HeadGuard.maximumTargetBytes
        ? Problem(.targetTooLong, "The request target is longer than 8 KiB.")
        : Problem(.headTooLarge, "The head of the request is larger than 32 KiB or 100 fields.")
    default: return Problem(.malformedRequest, "This is not an HTTP request.")
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

extension RequestResponder {
  /// Writes an answer.
  func send(
    _ reply: Reply, of method: HTTPRequest.Method, _ writer: ResponseWriter,
    _ trace: inout RequestTrace
  ) async {
    switch reply.body {
    case .streamed(let produce) where method != .head:
      await stream(reply, produce, writer, &trace)
    case .whole(let bytes) where method != .head:
      await sendHead(of: reply, with: bytes, writer, &trace)
    case .whole, .streamed:
      await sendHead(of: reply, with: nil, writer, &trace)
    case .live(_, let orElse):
      orElse()
      await sendHead(of: reply, with: nil, writer, &trace)
    }
  }

  /// Begins an answer that lasts: its request is over.
  func hold(
    _ reply: Reply, _ body: Reply.LiveBody, _ orElse: @escaping @Sendable () -> Void,
    _ writer: ResponseWriter, _ trace: inout RequestTrace
  ) async -> RequestDispatcher.Lasting? {
    trace.status = reply.status.code
    let head = head(of: reply, trace)
    leave(&trace)
    observer.observe(.requestFinished(trace.summary))
    switch body {
    case .eventStream(let run):
      writer.begin(head)
      return {
        await run(writer)
        orElse()
      }
    case .webSocket(let handshake, let run):
      do {
        let connection = try await writer.upgrade(handshake, head)
        return {
          await run(connection)
          orElse()
        }
      } catch {
        writer.cut()  // The client has gone.
        orElse()
        return nil
      }
    }
  }

  private func sendHead(
    of reply: Reply, with body: [UInt8]?, _ writer: ResponseWriter, _ trace: inout RequestTrace
  ) async {
    trace.status = reply.status.code
    trace.bytesOut = body?.count ?? 0
    await writer.write(head(of: reply, trace), body: body)
  }

  private func head(of reply: Reply, _ trace: RequestTrace) -> HTTPResponse {
    var head = reply.head(for: trace.request)
    if !trace.limits.isEmpty { head.headerFields.add(trace.limits) }
    return head
  }

  /// Writes the head with the first part, so that a failure before it is answered as a problem. Each
  /// part waits until the client has taken enough of those before. What fails later cuts the
  /// connection.
  private func stream(
    _ reply: Reply, _ produce: @Sendable (_ emit: Reply.Emit) async throws -> Void,
    _ writer: ResponseWriter, _ trace: inout RequestTrace
  ) async {
    var sent: Int?
    trace.status = reply.status.code
    let head = head(of: reply, trace)
    do {
      // Not by the event loop, which others wait for.
      try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try await produce { bytes in
          if sent == nil { writer.begin(head) }
          sent = (sent ?? 0) + bytes.count
          try await writer.write(part: bytes)
        }
      }
      trace.bytesOut = sent ?? 0
      if sent == nil { writer.begin(head) }
      try await writer.end()
    } catch {
      trace.bytesOut = sent ?? 0
      let problem = self.reply(to: error, &trace)
      guard sent == nil else { return writer.cut() }
      await send(problem, of: .get, writer, &trace)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore

extension RequestResponder {
  /// Writes an answer. Throws where it could not be completed; what is on the wire then has no
  /// valid end.
  func send(
    _ reply: Reply, of method: HTTPRequest.Method, _ writer: consuming ResponseWriter,
    _ trace: inout RequestTrace
  ) async throws {
    switch reply.body {
    case .streamed(let produce) where method != .head:
      try await stream(reply, produce, writer, &trace)
    case .whole(let bytes) where method != .head:
      trace.status = reply.status.code
      trace.bytesOut = bytes.count
      try await writer.write(
        response: reply.head(for: trace.request),
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .whole, .streamed:
      trace.status = reply.status.code
      try await writer.writeResponse(reply.head(for: trace.request))
    }
  }

  /// Writes the head with the first part, so that a failure before it is answered as a problem.
  /// Each part waits until the client has taken enough of those before.
  private func stream(
    _ reply: Reply, _ produce: @Sendable (_ emit: Reply.Emit) async throws -> Void,
    _ writer: consuming ResponseWriter, _ trace: inout RequestTrace
  ) async throws {
    var unused: ResponseWriter? = consume writer
    var body: (any ResponseBodyWriter)?
    var sent = 0
    trace.status = reply.status.code
    let head = reply.head(for: trace.request)
    do {
      try await produce { bytes in
        if let writer = unused.take() { body = try await writer.writeHead(head) }
        sent += bytes.count
        try await body?.write(ByteBuffer(bytes: bytes))
      }
    } catch {
      trace.bytesOut = sent
      let problem = self.reply(to: error, &trace)
      guard let writer = unused.take() else { throw error }
      return try await send(problem, of: .get, writer, &trace)
    }
    trace.bytesOut = sent
    try await body?.finish(nil)
  }
}

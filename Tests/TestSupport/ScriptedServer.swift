// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that answers as a test tells it to, for what a real service does only when
/// something breaks at the right moment.
package final class ScriptedServer: Sendable {
  package struct Request: Sendable {
    package var method: String
    package var path: String
    package var body: String
    package var headers = HTTPHeaders()
  }

  package enum Reply: Sendable {
    case answer(Int, String, retryAfter: Int? = nil)
    /// The same with other fields.
    case fields(Int, String, [String: String])
    /// These bytes in place of an answer, whatever they are; then the connection is closed, or
    /// stays open.
    case bytes(String, thenCloses: Bool = true)
    /// The connection is closed without an answer, after the request was read to its end.
    case hangUp
    /// Nothing is answered, and the connection stays open.
    case silence
    /// 302 to another place.
    case redirect(String)
  }

  private let channel: any Channel
  private let mailbox: Mailbox

  private init(channel: any Channel, mailbox: Mailbox) {
    self.channel = channel
    self.mailbox = mailbox
  }

  /// Lends a server on this machine, on a free port unless one is named; `reply` is given each request and
  /// its number from 0.
  package static func with<T: Sendable>(
    host: String = "127.0.0.1", port: Int = 0, _ reply: @escaping @Sendable (Request, Int) -> Reply,
    _ body: (ScriptedServer) async throws -> T
  ) async throws -> T {
    let mailbox = Mailbox()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(mailbox: mailbox, reply: reply))
        }
      }
      .bind(host: host, port: port).get()
    let server = ScriptedServer(channel: channel, mailbox: mailbox)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    try await channel.close()
    return try result.get()
  }

  package var port: Int { channel.localAddress?.port ?? 0 }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// Everything received so far, in order.
  package var requests: [Request] { mailbox.all }
}

/// What came in, over all connections.
private final class Mailbox: Sendable {
  private let requests = Mutex<[ScriptedServer.Request]>([])

  var all: [ScriptedServer.Request] { requests.withLock { $0 } }

  /// Keeps a request and returns its number.
  func add(_ request: ScriptedServer.Request) -> Int {
    requests.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
  }
}

private final class Handler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let mailbox: Mailbox
  private let reply: @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply
  private var request = ScriptedServer.Request(method: "", path: "", body: "")

  init(
    mailbox: Mailbox,
    reply: @escaping @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply
  ) {
    self.mailbox = mailbox
    self.reply = reply
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = .init(
        method: head.method.rawValue, path: head.uri, body: "", headers: head.headers)
    case .body(let buffer):
      request.body += String(buffer: buffer)
    case .end:
      answer(reply(request, mailbox.add(request)), context)
    }
  }

  private func answer(_ reply: ScriptedServer.Reply, _ context: ChannelHandlerContext) {
    switch reply {
    case .answer(let status, let body, let retryAfter):
      let fields = retryAfter.map { [("Retry-After", String($0))] } ?? []
      send(status, body, HTTPHeaders(fields), context)
    case .fields(let status, let body, let fields):
      send(status, body, HTTPHeaders(fields.map { ($0.key, $0.value) }), context)
    case .bytes(let text, let thenCloses):
      sendRaw(text, context)
      if thenCloses { context.close(promise: nil) }
    case .redirect(let location): send(302, "", ["Location": location], context)
    case .hangUp: context.close(promise: nil)
    case .silence: break
    }
  }

  /// Past the encoder, which would only let HTTP through.
  private func sendRaw(_ text: String, _ context: ChannelHandlerContext) {
    do {
      let encoder = try context.pipeline.syncOperations.context(
        handlerType: HTTPResponseEncoder.self)
      encoder.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
    } catch {
      // Without the encoder there is nothing to write to: the client sees no answer.
    }
  }

  private func send(
    _ status: Int, _ body: String, _ fields: HTTPHeaders, _ context: ChannelHandlerContext
  ) {
    var headers = fields
    headers.add(name: "Content-Length", value: String(body.utf8.count))
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}

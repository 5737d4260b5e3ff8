// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// What happens, as it happens: by WebSocket, or as an event stream.
struct LiveRoutes: Sendable {
  let live: Live
  /// Whose pages may open a WebSocket.
  let origins: [String]

  var routes: [Route] {
    [
      Route(
        .get, "\(RecordingRoutes.prefix)/ws", .watchNotices, query: ["last_event_id"],
        isJSON: false, takesTickets: true, handler: socket),
      Route(.post, "\(RecordingRoutes.prefix)/ws-tickets", .createTicket, handler: makeTicket),
      Route(
        .get, "\(RecordingRoutes.prefix)/stream", .watchNotices,
        query: ["last_event_id", "recording_id", "after_seq"], isJSON: false, handler: stream),
    ]
  }

  private func socket(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let handshake = try WebSocketHandshake(exchange.head, origins: origins)
    if let page = handshake.foreignOrigin { throw try await live.refuse(page: page, by: caller) }
    var query = exchange.query
    let cursor = query.read("last_event_id", as: .cursor)
    try query.finish()
    let subscriber = try await live.watch(after: cursor, by: caller)
    let session = WebSocketSession(live: live, subscriber: subscriber)
    return Reply(
      .switchingProtocols, live: .webSocket(handshake) { await session.run(on: $0) },
      orElse: { subscriber.finish(.left) })
  }

  private func makeTicket(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    try await exchange.once(caller) { caller in
      try await live.makeTicket(by: caller)
    } reply: { ticket in
      Reply(.created) { writer in
        writer.object { writer in
          writer.member("ticket", ticket.text)
          writer.member("expires_at", ticket.expiresAt)
          writer.member("protocol", WebSocketProtocols.ours)
        }
      }
    }
  }

  private func stream(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let given = query.read("last_event_id", as: .cursor)
    let recording: RecordingID? = query.read("recording_id", as: .serverID())
    let seq = query.count("after_seq")
    try query.finish()
    // A browser that comes back says the last id in its head, and the address is still the old one.
    let last = exchange.head.headerFields[.lastEventID].map { Cursor(text: $0) }
    let subscriber = try await live.watch(after: last ?? given, by: caller)
    do {
      if let recording { try await live.follow(recording, afterSeq: seq, subscriber) }
    } catch {
      subscriber.finish(.left)
      throw error
    }
    return Reply(
      .ok, fields: [.contentType: "text/event-stream", .xAccelBuffering: "no"],
      live: .eventStream { await EventStream(subscriber: subscriber).run($0) },
      orElse: { subscriber.finish(.left) })
  }
}

extension HTTPField.Name {
  /// The last id that a browser has received of a stream.
  fileprivate static let lastEventID = Self("Last-Event-ID") ?? .eTag
  /// Asks a proxy not to hold back what is sent.
  fileprivate static let xAccelBuffering = Self("X-Accel-Buffering") ?? .eTag
}

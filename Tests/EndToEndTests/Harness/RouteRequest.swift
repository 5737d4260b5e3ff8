// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A route, and how it is asked so that it does what it is for.
struct RouteRequest: Sendable {
  /// Method and path, as the tables name it.
  let name: String
  let method: Client.Method
  /// With `{id}` where it names a thing.
  let path: String
  let request: AuditedRequests.Request

  /// One that is behind the gate has a row among the requests; one that is open to anybody needs none.
  init(_ name: String, isOpen: Bool = false) throws {
    let words = name.split(separator: " ").map(String.init)
    guard words.count == 2, let method = Client.Method(rawValue: words[0]),
      let request = AuditedRequests.rows[name] ?? (isOpen ? .init() : nil)
    else { throw TestSupportError("no request for \(name)") }
    self.name = name
    self.method = method
    path = words[1]
    self.request = request
  }

  /// Whether its answer goes on until somebody ends it.
  var isLasting: Bool { [Paths.socket, Paths.stream].contains(path) }

  /// Asks about the thing that `id` names, and about this user's where the body names one. What is opened
  /// is ended at once; a WebSocket counts as 200.
  func send(
    by client: Client, on service: Service, id: String = "", user: String = "alice",
    query: String = "", headers: [(String, String)] = []
  ) async throws -> Answer {
    if path == Paths.socket { return try await Self.shakeHands(by: client, service) }
    if path == Paths.stream { return try await client.opened(path) }
    let body = request.body?.replacing(Self.owner("alice"), with: Self.owner(user))
      .replacing("{id}", with: id)
    while true {
      let query = query.isEmpty ? request.query : query
      let answer = try await client.send(
        method, path.replacing("{id}", with: id) + query, body.map { Array($0.utf8) },
        headers: request.headers + headers)
      // Too many at once is nobody's fault here.
      if answer.code != "overloaded" { return answer }
    }
  }

  /// Whether its body says whose recording it is about.
  var namesOwner: Bool { request.body?.contains(Self.owner("alice")) ?? false }

  private static func owner(_ user: String) -> String { "\"user_id\":\"\(user)\"" }

  private static func shakeHands(by client: Client, _ service: Service) async throws -> Answer {
    let authorization = client.key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    let head = """
      GET \(Paths.socket) HTTP/1.1\r\nHost: x\r\n\(authorization)Connection: Upgrade\r
      Upgrade: websocket\r\nSec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
      """
    let outcome = try await RawConnection.exchange(
      .init(
        port: service.settings.ports.main, bytes: Array(head.utf8), closesOutput: false,
        isEnough: { AnswerReader.first(in: $0) != nil }))
    guard var answer = AnswerReader.first(in: outcome.received) else {
      throw TestSupportError("no answer")
    }
    if answer.status == 101 { answer.status = 200 }
    return answer
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import Postgres
import Protection
import Synchronization
import TestSupport

/// A tenant whose notices are sent to a receiver of ours.
struct WebhookStage: Sendable {
  static let path = "/api/governance/webhooks"

  let deployment: Deployment
  let live: LiveStage
  let receiver: Receiver
  let id: String
  let secret: String

  /// Where receivers of this machine may be reached.
  static let environment = [
    "HANSARD_ENV": "test", "HANSARD_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
  ]

  /// Makes a tenant and a webhook of it.
  static func make(
    _ service: Service, in deployment: Deployment, _ receiver: Receiver, types: String = "null"
  ) async throws -> WebhookStage {
    let live = try await LiveStage.make(service, in: deployment)
    let body = #"{"url":"\#(receiver.url)/hook","types":\#(types)}"#
    let made = try await live.client("admin").send(.post, path, json: body)
    guard made.status == 201 else { throw TestSupportError("no webhook: \(made.text)") }
    return WebhookStage(
      deployment: deployment, live: live, receiver: receiver, id: try made.text("webhook_id"),
      secret: try made.text("secret"))
  }

  /// The webhook as the register has it.
  func webhook() async throws -> JSONValue {
    try await live.client("admin").send(.get, "\(Self.path)/\(id)").json
  }

  /// Lets time pass: what is due later is due now, and leases have run out.
  func hasten() async throws {
    try await change("attempt_at = now(), leased_until = leased_until - interval '1 hour'")
  }

  /// Changes its row.
  func change(_ assignments: String) async throws {
    try await deployment.withDatabase { connection in
      _ = try await connection.execute(
        Query(
          "update hansard.webhooks set \(assignments) where webhook_id = '\(id)'", prepared: false))
    }
  }

  /// Waits until so many messages have come.
  func arrived(_ count: Int) async throws {
    try await eventually("\(count) messages") {
      receiver.messages.count >= count
    }
  }

  /// The recordings that were announced, in order of their messages.
  func announced() throws -> [String] {
    try receiver.messages.map { try $0.json["data"]?["recording_id"]?.text() ?? "" }
  }
}

/// Somebody who takes messages, and answers as a test tells it to.
final class Receiver: Sendable {
  struct Message: Sendable {
    let path: String
    let headers: HTTPHeaders
    let body: String

    var json: JSONValue {
      get throws { try JSONDocument(parsing: Array(body.utf8), limits: .unlimited).root }
    }

    var id: String { headers["webhook-id"].first ?? "" }

    /// Whether it was signed with this secret, as a receiver finds out.
    func isSigned(with secret: String) throws -> Bool {
      guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst(6)))
      else { return false }
      let key = try Array(bytes).withUnsafeBytes { (bytes) throws in try SecretKey(copying: bytes) }
      let timestamp = headers["webhook-timestamp"].first ?? ""
      let code = try HMACSHA256.code(for: Array("\(id).\(timestamp).\(body)".utf8), key: key)
      return headers["webhook-signature"] == ["v1,\(Data(code).base64EncodedString())"]
    }
  }

  private let server: ScriptedServer
  private let reply: Mutex<ScriptedServer.Reply>

  private init(server: ScriptedServer, reply: ScriptedServer.Reply) {
    self.server = server
    self.reply = Mutex(reply)
  }

  /// Lends a receiver.
  static func with<T: Sendable>(_ body: (Receiver) async throws -> T) async throws -> T {
    let current = Mutex<Receiver?>(nil)
    let reply: @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply = { _, _ in
      current.withLock { $0 }?.reply.withLock { $0 } ?? .answer(503, "")
    }
    return try await ScriptedServer.with(reply) { server in
      let receiver = Receiver(server: server, reply: .answer(204, ""))
      current.withLock { $0 = receiver }
      return try await body(receiver)
    }
  }

  var url: String { server.url }

  /// From now on.
  func answers(_ reply: ScriptedServer.Reply) { self.reply.withLock { $0 = reply } }

  /// What has come, in order, whatever was answered.
  var messages: [Message] {
    server.requests.map { Message(path: $0.path, headers: $0.headers, body: $0.body) }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

extension LiveStage {
  /// A ticket of the key of that name.
  func ticket(_ name: String) async throws -> String {
    let made = try await client(name).send(.post, Paths.tickets)
    guard made.status == 201 else { throw TestSupportError(made.text) }
    return try made.text("ticket")
  }

  /// What a page in a browser sends.
  static func offer(_ ticket: String) -> String { "hansard.v1, hansard.ticket.\(ticket)" }

  func settings(ticket: String, origin: String? = nil) -> LiveClient.Settings {
    var settings = LiveClient.Settings(port: service.settings.ports.main)
    settings.fields = ["Sec-WebSocket-Protocol: \(Self.offer(ticket))"]
    if let origin { settings.fields.append("Origin: \(origin)") }
    return settings
  }

  /// Opens a WebSocket with a ticket and takes what it says first.
  func listen(ticket: String) async throws -> (client: LiveClient, first: LiveClient.Message) {
    let client = try await LiveClient.connect(settings(ticket: ticket))
    return (client, try await client.next())
  }

  /// The status of an attempt, 101 where it has worked.
  func status(_ settings: LiveClient.Settings) async throws -> Int {
    do {
      let client = try await LiveClient.connect(settings)
      await client.drop()
      return 101
    } catch let refused as LiveClient.Refused {
      return refused.status
    }
  }

  func status(ticket: String) async throws -> Int {
    try await status(settings(ticket: ticket))
  }

  /// The whole answer to a handshake that is not taken.
  func refusal(_ fields: String) async throws -> Answer {
    let outcome = try await RawConnection.exchange(
      port: service.settings.ports.main,
      """
      GET \(Paths.socket) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r
      Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n
      """)
    guard let answer = outcome.answers()?.first else { throw TestSupportError("no answer") }
    return answer
  }

  /// What twenty attempts at the same moment come to, on all of `stages` by turns.
  static func rush(_ ticket: String, on stages: [LiveStage]) async throws -> [Int] {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<20 {
        group.addTask { try await stages[index % stages.count].status(ticket: ticket) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Lets the tickets of the tenant expire, or that one.
  func expire(_ ticket: String? = nil) async throws {
    let which = ticket.map { "ticket_hash = sha256('\($0.suffix(43))')" } ?? "true"
    try await tenant.deployment.withDatabase {
      _ = try await $0.execute(
        Query(
          """
          update hansard.websocket_tickets
          set expires_at = clock_timestamp()
          where tenant_id = '\(tenant.id)' and \(which)
          """, prepared: false))
    }
  }
}

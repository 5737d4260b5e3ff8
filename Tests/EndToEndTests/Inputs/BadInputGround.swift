// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport

/// What the lines of the table are tried on: a service, a tenant with an open recording, keys.
struct BadInputGround: Sendable {
  let service: Service
  let connection: PostgresConnection
  let tenant: Tenant
  let admin: String
  let keys: [String: String]
  /// Open, Alice's, of `agent-1`; Bob's; stopped.
  let recording: String
  let colleagues: String
  let stopped: String
  /// A place in another tenant's list.
  let foreignCursor: String

  /// Lends a ground on a service of its own, which must be the same process at the end.
  static func with(_ body: (BadInputGround) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withDatabase { connection in
        let ground = try await make(deployment, service, connection)
        try await deployment.settleRetention()
        try await body(ground)
      }
      if let status = service.exitStatus { throw TestSupportError("the service ended: \(status)") }
    }
  }

  private static func make(
    _ deployment: Deployment, _ service: Service, _ connection: PostgresConnection
  ) async throws -> BadInputGround {
    let furniture = try await furnishing.value
    let admin = furniture.keys["admin"] ?? ""
    let client = service.client(admin)
    let stopped = try await client.startRecording()
    _ = try await client.send(.post, Paths.recording(stopped, "stop"), json: "{}")
    return BadInputGround(
      service: service, connection: connection, tenant: furniture.tenant, admin: admin,
      keys: furniture.keys, recording: try await client.startRecording(),
      colleagues: try await client.startRecording(user: "bob"), stopped: stopped,
      foreignCursor: try await foreignCursor(service.client(furniture.foreignKey)))
  }

  /// Made once: it takes longer than most tests.
  private static let furnishing = Task {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("bad inputs")
    let other = try await deployment.makeTenant("bad inputs, other")
    return (
      tenant: tenant, keys: try await tenant.makeKeys(drafts).mapValues(\.text),
      foreignKey: try await other.makeKey(.init("admin", user: "alice")).text
    )
  }

  private static let drafts: [String: Tenant.Draft] = [
    "admin": .init("admin", user: "alice"), "recorder": .init("recorder"),
    "otherRecorder": .init("recorder", agent: "agent-2"), "reviewer": .init("reviewer"),
    "member": .init("member", user: "alice"),
    "expired": .init("admin", user: "alice", expiresAt: "2020-01-01T00:00:00Z"),
  ]

  private static func foreignCursor(_ client: Client) async throws -> String {
    for _ in 0..<2 { _ = try await client.startRecording() }
    let page = try await client.send(.get, Paths.recordings + "?limit=1")
    guard let next = page.next, let equals = next.lastIndex(of: "=") else {
      throw TestSupportError("no cursor")
    }
    return String(next[next.index(after: equals)...])
  }
}

// MARK: - Requests

extension BadInputGround {
  func post(_ path: String, _ body: [UInt8], key: String? = nil) -> RawRequest {
    RawRequest("POST", path, key: key ?? admin, body: body)
  }

  func post(_ path: String, _ body: String, key: String? = nil) -> RawRequest {
    post(path, Array(body.utf8), key: key)
  }

  func get(_ path: String, key: String? = nil) -> RawRequest {
    RawRequest("GET", path, key: key ?? admin)
  }

  /// An event to the open recording.
  func event(_ body: [UInt8]) -> RawRequest { post(Paths.recording(recording, "event"), body) }

  /// An event that is right.
  var rightEvent: RawRequest { event(Array(Self.rightBody.utf8)) }

  static let rightBody = #"{"event_type":"step","event_data":{"a":1}}"#

  /// A batch to the open recording.
  func batch(_ body: String) -> RawRequest { post(Paths.recording(recording, "events"), body) }
}

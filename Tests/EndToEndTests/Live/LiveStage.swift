// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport

/// A tenant with a key for each role, for those who listen to a service.
struct LiveStage: Sendable {
  let service: Service
  let tenant: Tenant
  private let keys: [String: Tenant.Key]

  /// Makes one on a service; `alice` is a member, `rita` the reviewer.
  static func make(_ service: Service, in deployment: Deployment) async throws -> LiveStage {
    let tenant = try await deployment.makeTenant("live")
    let keys = try await tenant.makeKeys([
      "recorder": .init("recorder"), "member": .init("member", user: "alice"),
      "other": .init("member", user: "bob"), "reviewer": .init("reviewer", user: "rita"),
      "auditor": .init("auditor"), "admin": .init("admin"),
    ])
    return LiveStage(service: service, tenant: tenant, keys: keys)
  }

  /// The same tenant, seen from another instance.
  func on(_ service: Service) -> LiveStage {
    LiveStage(service: service, tenant: tenant, keys: keys)
  }

  func key(_ name: String) -> Tenant.Key { keys[name] ?? Tenant.Key(id: "", text: "") }

  func client(_ name: String) -> Client { service.client(keys[name]?.text) }

  /// Opens a WebSocket and takes what it says first.
  func listen(
    _ name: String, after id: String? = nil
  ) async throws -> (client: LiveClient, first: LiveClient.Message) {
    let client = try await LiveClient.connect(settings(name, after: id))
    return (client, try await client.next())
  }

  func settings(_ name: String, after id: String? = nil) -> LiveClient.Settings {
    var settings = LiveClient.Settings(port: service.settings.ports.main, key: keys[name]?.text)
    if let id { settings.path += "?last_event_id=\(id)" }
    return settings
  }

  /// Notices of 8 kB each, for those who do not take them.
  func fill(_ count: Int, from first: Int) async throws {
    let text = String(repeating: "x", count: 8000)
    try await tenant.deployment.withDatabase { connection in
      _ = try await connection.transact([
        Query("set local hansard.tenant_id = '\(tenant.id)'", prepared: false),
        Query(
          """
          insert into hansard.notices (tenant_id, notice_type, content)
          select hansard.tenant(), 'test:text', json_build_object('n', n, 'text', $1::text)
          from generate_series($2::bigint, $2 + $3 - 1) as n
          """, text, Int64(first), Int64(count)),
      ])
    }
  }

  /// How many listen to the service.
  func subscribers() async throws -> Int {
    let name = "hansard_subscribers "
    let metrics = try await service.client(nil).send(.get, "/metrics").text
    let line = metrics.split(separator: "\n").first { $0.hasPrefix(name) }
    guard let count = line.flatMap({ Double($0.dropFirst(name.count)) }) else {
      throw TestSupportError("no count of subscribers")
    }
    return Int(count)
  }

  /// Appends an event.
  func append(_ data: String, to recording: String) async throws {
    let body = #"{"event_type":"step","event_data":\#(data)}"#
    let answer = try await client("recorder").send(
      .post, Paths.recording(recording, "event"), json: body)
    guard answer.status == 201 else { throw TestSupportError(answer.text) }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

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

  /// Appends an event.
  func append(_ data: String, to recording: String) async throws {
    let body = #"{"event_type":"step","event_data":\#(data)}"#
    let answer = try await client("recorder").send(
      .post, Paths.recording(recording, "event"), json: body)
    guard answer.status == 201 else { throw TestSupportError(answer.text) }
  }
}

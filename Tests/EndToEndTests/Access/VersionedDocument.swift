// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// What an admin settles for a tenant and replaces only over the version that was seen: over HTTP with `ETag`
/// and `If-Match`, and at the command line.
struct VersionedDocument: Sendable {
  /// What the commands call it: `hansard <command> show | set`.
  let command: String
  let path: String

  /// Lends a service to an admin of a new tenant.
  func withAdmin(
    _ name: String, _ body: (Client, Tenant) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let key = try await tenant.makeKey(.init("admin", user: "alice"))
    try await deployment.withService { try await body($0.client(key.text), tenant) }
  }

  func put(_ client: Client, _ text: String, over tag: String?) async throws -> Answer {
    try await client.send(
      .put, path, json: text, headers: tag.map { [("If-Match", $0)] } ?? [])
  }

  /// Settles `good` at the command line, where it is seen over HTTP; over what was not seen, and `bad`, are
  /// refused. Returns what the command printed.
  func settleByCommand(
    _ good: String, refusing bad: String, for client: Client, of tenant: Tenant
  ) async throws -> JSONValue {
    let deployment = tenant.deployment
    let file = deployment.file("\(command)-\(tenant.id).json")
    func write(_ text: String) throws {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let arguments = [command, "set", file, "--tenant", tenant.id, "--replacing"]
    try write(good)
    let set = try await deployment.answer(arguments + ["0"])
    let shown = try await deployment.answer([command, "show", "--tenant", tenant.id])
    #expect(try await client.send(.get, path).json.raw == shown.raw)
    await #expect(throws: (any Error).self) { try await deployment.answer(arguments + ["0"]) }
    try write(bad)
    await #expect(throws: (any Error).self) { try await deployment.answer(arguments + ["1"]) }
    #expect(try await client.send(.get, path).json["version"]?.integer() == 1)
    return set
  }
}

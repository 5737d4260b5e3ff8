// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A tenant with an agent, a key that records and a key that may do everything.
struct Tenant: Sendable {
  let id: String
  let recorderKey: String
  let adminKey: String

  /// The agent that is recorded, and the user in whose name.
  static let agent = "bench-agent"
  static let user = "bench-user"

  /// Makes one by the commands that operators use.
  static func make(_ name: String, on ground: Ground) async throws -> Tenant {
    let id = try await ground.answer(["tenant", "create", name], as: Made.self).tenantID
    let selection = ["--tenant", id]
    try await ground.run(["agent", "create", agent, "--status", "autonomous"] + selection)
    try await ground.run(["user", "create", user] + selection)
    let recorder = ["key", "create", "--role", "recorder"] + selection
    let admin = ["key", "create", "--role", "admin"] + selection
    return Tenant(
      id: id, recorderKey: try await ground.answer(recorder, as: MadeKey.self).key,
      adminKey: try await ground.answer(admin, as: MadeKey.self).key)
  }

  private struct Made: Decodable {
    let tenantID: String

    enum CodingKeys: String, CodingKey {
      case tenantID = "tenant_id"
    }
  }

  private struct MadeKey: Decodable {
    let key: String
  }
}

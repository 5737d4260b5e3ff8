// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the key routes.
enum KeyBodies {
  /// The longest time that a rotated key stays live beside its successor, in seconds: 30 days.
  static let maximumGrace = 30 * 24 * 3600

  /// `{role, name?, user_id?, agent_id?, expires_at?}`.
  static func draft(_ bytes: [UInt8]) throws(Problem) -> APIKeyDraft {
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["role", "name", "user_id", "agent_id", "expires_at"])
    let role: Role? = reader.required("role", as: .word())
    let name = reader.optional("name", as: .displayName)
    let user: UserID? = reader.optional("user_id", as: .callerID())
    let agent: AgentID? = reader.optional("agent_id", as: .callerID())
    let expiresAt = reader.optional("expires_at", as: .timestamp)
    return try reader.finish {
      role.map {
        APIKeyDraft(role: $0, name: name, user: user, agent: agent, expiresAt: expiresAt)
      }
    }
  }

  /// `{grace_seconds?}`: how long the old key stays live, a day unless said.
  static func grace(_ bytes: [UInt8]) throws(Problem) -> Duration {
    guard !bytes.isEmpty else { return .seconds(24 * 3600) }
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["grace_seconds"])
    let seconds = reader.optionalCount("grace_seconds", 0...maximumGrace)
    return try reader.finish { .seconds(seconds ?? 24 * 3600) }
  }
}

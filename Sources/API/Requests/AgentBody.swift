// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The body of `PUT /api/governance/agents/{id}`: `{name?, status}`.
struct AgentBody {
  /// The display name; nil: as it was, or the id.
  var name: DisplayName?
  /// How far the agent is trusted.
  var status: Agent.Status

  /// Reads the body.
  init(_ bytes: [UInt8]) throws(Problem) {
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["name", "status"])
    let name = reader.optional("name", as: .displayName)
    let status: Agent.Status? = reader.required("status", as: .word())
    self.status = try reader.finish { status }
    self.name = name
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The body of `PUT /api/governance/agents/{id}`: `{name?, status, owner_user_ids?}`.
struct AgentBody {
  /// The display name; nil: as it was, or the id.
  var name: DisplayName?
  /// How far the agent is trusted.
  var status: Agent.Status
  /// Who owns it from now on; nil: as it was.
  var owners: [UserID]?

  /// Reads the body.
  init(_ bytes: [UInt8]) throws(Problem) {
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["name", "status", "owner_user_ids"])
    let name = reader.optional("name", as: .displayName)
    let status: Agent.Status? = reader.required("status", as: .word())
    let owners: [UserID]? = reader.optionalList(
      "owner_user_ids", maximumCount: Agent.maximumOwners, as: .callerID())
    self.status = try reader.finish { status }
    self.name = name
    self.owners = owners
  }
}

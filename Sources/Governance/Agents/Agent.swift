// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// An agent as its tenant registered it, or as it appeared at first sight.
package struct Agent: Sendable {
  /// How far an agent is trusted, or why it is out of service (**seed** `agent_registry.status`).
  package enum Status: String, Sendable, CaseIterable {
    case student
    case intern
    case supervised
    case autonomous
    case paused
    case deprecated
  }

  /// The most owners of an agent at a time.
  package static let maximumOwners = 16

  package var id: AgentID
  package var name: String
  package var status: Status
  /// False when a recorder named it before any admin did.
  package var isRegistered: Bool
  /// When its status became `autonomous`; nil for one that is not, or was before this was kept.
  package var autonomousSince: Timestamp?
  /// Who answers for it, in order; they do not review its recordings.
  package var owners: [UserID]
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
}

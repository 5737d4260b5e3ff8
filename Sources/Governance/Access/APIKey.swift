// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// An API key as the register has it; the secret is not in it.
package struct APIKey: Sendable {
  package var id: KeyID
  package var role: Role
  package var name: String?
  package var user: UserID?
  package var agent: AgentID?
  package var createdAt: Timestamp
  package var expiresAt: Timestamp?
  package var revokedAt: Timestamp?
}

/// What one asks for to create a key.
package struct APIKeyDraft: Sendable {
  package var role: Role
  package var name: DisplayName?
  package var user: UserID?
  package var agent: AgentID?
  package var expiresAt: Timestamp?

  /// Creates a draft.
  package init(
    role: Role, name: DisplayName?, user: UserID?, agent: AgentID?, expiresAt: Timestamp?
  ) {
    self.role = role
    self.name = name
    self.user = user
    self.agent = agent
    self.expiresAt = expiresAt
  }

  /// - Throws: `validationFailed` for bindings that the role cannot have.
  func validate() throws(DomainError) {
    if role == .member, user == nil {
      throw .invalid("/user_id", "missing_field", "A member's key is bound to its user.")
    }
    if agent != nil, role != .recorder {
      throw .invalid("/agent_id", "not_allowed", "Only a recorder's key can be bound to an agent.")
    }
  }
}

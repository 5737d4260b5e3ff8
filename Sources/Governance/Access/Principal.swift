// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// Who is asking: settled once per request, from its credentials alone.
package struct Principal: Sendable, Hashable {
  /// The tenant that everything this principal does stays inside.
  package let tenant: TenantID
  /// The API key presented, or the entry that stands for its user's tokens; nil for an operator at the
  /// command line, who holds the database.
  package let key: KeyID?
  /// The role of that key or token.
  package let role: Role
  /// The user it is bound to: whose recordings are "its own".
  package let user: UserID?
  /// The agent it is bound to, for a recorder that may write for one agent only.
  package let agent: AgentID?
  /// When its token ends, for whatever lasts longer than a request; a key's end stands in its register.
  package var expiresAt: Timestamp?
  /// Whether it is the service itself, doing what nobody has asked for.
  private var isService = false

  /// Creates a principal.
  package init(tenant: TenantID, key: KeyID?, role: Role, user: UserID?, agent: AgentID?) {
    self.tenant = tenant
    self.key = key
    self.role = role
    self.user = user
    self.agent = agent
  }

  /// The person at the command line: an admin of the tenant, named `operator` in the audit log.
  package static func operatorOf(_ tenant: TenantID) -> Principal {
    Principal(tenant: tenant, key: nil, role: .admin, user: nil, agent: nil)
  }

  /// The service itself, named `system` in the audit log.
  static func service(of tenant: TenantID) -> Principal {
    var principal = Principal.operatorOf(tenant)
    principal.isService = true
    return principal
  }

  /// How audit entries and events name it: `user:…` where a user is known, else `key:…`.
  package var actor: String {
    if isService { return "system" }
    if let user { return "user:\(user)" }
    return key.map { "key:\($0)" } ?? "operator"
  }
}

/// A caller and the request it came in, handed to every operation of the domain.
package struct Caller: Sendable {
  /// Who asks.
  package let principal: Principal
  /// The request, for log lines and audit entries.
  package let request: RequestID
  /// Where the request came from; nil for who did not come over the network.
  package let peer: PeerNetwork?
  /// Set where what is asked for is to be done once, however often it is asked.
  package var once: Once?

  /// Creates a caller.
  package init(principal: Principal, request: RequestID, peer: PeerNetwork? = nil) {
    self.principal = principal
    self.request = request
    self.peer = peer
  }

  /// The caller's tenant.
  package var tenant: TenantID { principal.tenant }
}

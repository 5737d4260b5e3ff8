// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Governance
import Postgres

/// The two demonstration tenants: found again by what `demo.env` says of them, made where it says
/// nothing that still holds.
struct DemoTenants: Sendable {
  let hansard: Hansard
  /// What an earlier run wrote.
  let earlier: [String: String]

  /// The names and values of both tenants for `demo.env`, keys included.
  func provide() async throws -> [(name: String, value: String)] {
    do {
      return try await provide("HANSARD_", name: "Demonstration", member: "alice")
        + provide("HANSARD_OTHER_", name: "Other demonstration", member: "olga")
    } catch {
      throw CommandFailure(explaining: error)
    }
  }

  private func provide(
    _ prefix: String, name: String, member: String
  ) async throws -> [(name: String, value: String)] {
    let tenant: TenantID
    if let known = try await find(prefix) {
      tenant = known
    } else {
      tenant = try await make(name, member: member)
    }
    let caller = Caller(principal: .operatorOf(tenant), request: .make())
    let user = earlier[prefix + "MEMBER_USER"] ?? member
    let live = Set(try await hansard.keys.listAll(by: caller).filter(\.isLive).map(\.id))
    var entries = [(prefix + "TENANT", tenant.description), (prefix + "MEMBER_USER", user)]
    for role in Role.allCases {
      let name = prefix + role.rawValue.uppercased() + "_KEY"
      var key = try await kept(earlier[name], role, of: tenant, live: live)
      if key == nil {
        let draft = APIKeyDraft(
          role: role, name: DisplayName("Demonstration \(role.rawValue)"),
          user: role == .member ? UserID(user) : nil, agent: nil, expiresAt: nil)
        key = try await hansard.keys.create(draft, by: caller).text
      }
      if let key { entries.append((name, key)) }
    }
    return entries
  }

  /// The tenant of an earlier run, if the database still has it.
  private func find(_ prefix: String) async throws -> TenantID? {
    guard let id = earlier[prefix + "TENANT"].flatMap({ TenantID($0) }) else { return nil }
    do {
      return try await hansard.tenants.find(id).id
    } catch let error as DomainError where error.code == .notFound {
      return nil
    }
  }

  /// A key of an earlier run, if it still is what it was.
  private func kept(
    _ text: String?, _ role: Role, of tenant: TenantID, live: Set<KeyID>
  ) async throws -> String? {
    guard let text else { return nil }
    do {
      let principal = try await hansard.authenticator.authenticate(bearer: text)
      let isTheSame = principal.tenant == tenant && principal.role == role
      return isTheSame && principal.key.map(live.contains) == true ? text : nil
    } catch let error as DomainError where error.code == .unauthenticated {
      return nil
    }
  }

  private func make(_ name: String, member: String) async throws -> TenantID {
    guard let display = DisplayName(name) else { throw CommandFailure("not a name: \(name)") }
    let tenant = try await hansard.tenants.create(name: display).id
    let caller = Caller(principal: .operatorOf(tenant), request: .make())
    for (id, name) in [(member, member.capitalized), ("bob", "Bob")] {
      guard let user = UserID(id) else { continue }
      _ = try await hansard.users.put(user, name: DisplayName(name), email: nil, by: caller)
    }
    let agents: [(String, String, Agent.Status)] = [
      (DemoSession.agent, "Invoice agent", .autonomous),
      ("research-agent", "Research agent", .supervised), ("mail-agent", "Mail agent", .intern),
      ("new-agent", "New agent", .student),
    ]
    for (id, name, status) in agents {
      guard let agent = AgentID(id) else { continue }
      _ = try await hansard.agents.put(agent, name: DisplayName(name), status: status, by: caller)
    }
    return tenant
  }
}

extension APIKey {
  /// Neither revoked nor past its end.
  fileprivate var isLive: Bool {
    revokedAt == nil && (expiresAt.map { $0 > .now() } ?? true)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// What `Agent.init(_:)` reads, of `agent_registry` as a.
  private static let agentColumns = """
    a.agent_id, a.name, a.status, a.registered, a.autonomous_since, a.created_at, a.updated_at,
    array(
      select o.user_id
      from hansard.agent_owners as o
      where o.tenant_id = a.tenant_id
        and o.agent_id = a.agent_id
        and o.until is null
      order by o.user_id)
    """

  static func agent(_ id: AgentID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(agentColumns)
      from hansard.agent_registry as a
      where a.tenant_id = $1
        and a.agent_id = $2
      """, tenant.uuid, id.rawValue)
  }

  static func agents(after id: AgentID?, of tenant: TenantID) -> Query {
    Query(
      """
      select \(agentColumns)
      from hansard.agent_registry as a
      where a.tenant_id = $1
        and a.agent_id > $2
      order by a.agent_id
      limit 1000
      """, tenant.uuid, id?.rawValue ?? "")
  }

  static func putAgent(
    _ id: AgentID, name: DisplayName?, status: Agent.Status, of tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.agent_registry as a (
        tenant_id, agent_id, name, status, registered, autonomous_since)
      values (
        $1, $2, coalesce($3, $2), $4, true, case when $4 = 'autonomous' then clock_timestamp() end)
      on conflict (tenant_id, agent_id) do update
      set
        name = coalesce($3, a.name),
        status = excluded.status,
        registered = true,
        autonomous_since = case
          when a.status = 'autonomous' and excluded.status = 'autonomous' then a.autonomous_since
          else excluded.autonomous_since end,
        updated_at = now()
      """, tenant.uuid, id.rawValue, name?.rawValue, status.rawValue)
  }
}

extension Agent {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.callerID()
    name = try column.next()
    status = try column.word()
    isRegistered = try column.next()
    autonomousSince = try column.next(Timestamp?.self)
    if status != .autonomous { autonomousSince = nil }
    createdAt = try column.next()
    updatedAt = try column.next()
    owners = try column.next([String].self).map { text in
      guard let owner = UserID(text) else { throw DomainError.unreadable }
      return owner
    }
  }
}

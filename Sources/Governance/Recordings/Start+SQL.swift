// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  static func introduceUser(_ user: UserID, of tenant: TenantID) -> Query {
    Query(
      """
      insert into hansard.users (tenant_id, user_id)
      values ($1, $2)
      on conflict (tenant_id, user_id) do nothing
      """, tenant.uuid, user.rawValue)
  }

  static func introduceAgent(_ agent: AgentID, of tenant: TenantID) -> Query {
    Query(
      """
      insert into hansard.agent_registry (tenant_id, agent_id, name)
      values ($1, $2, $2)
      on conflict (tenant_id, agent_id) do nothing
      """, tenant.uuid, agent.rawValue)
  }

  /// Read by `StartParty.init(_:)`.
  static func startParty(_ agent: AgentID, of tenant: TenantID) -> Query {
    Query(
      """
      select
        a.name, a.status, t.retention_days, t.minimum_retention_days, clock_timestamp(),
        \(WrappedTenantKey.columns(of: "k"))
      from hansard.agent_registry as a
      join hansard.tenants as t on t.tenant_id = a.tenant_id
      left join hansard.active_tenant_key() as k on true
      where a.tenant_id = $1
        and a.agent_id = $2
      """, tenant.uuid, agent.rawValue)
  }

  /// Of the transaction's tenant.
  static let activeTenantKey = Query(
    """
    select \(WrappedTenantKey.columns(of: "k"))
    from hansard.active_tenant_key() as k
    """)

  static func insertTenantKey(_ key: WrappedTenantKey, of tenant: TenantID) -> Query {
    Query(
      """
      insert into hansard.tenant_keys (
        tenant_id, tenant_key_id, master_key_id, master_key_fingerprint, wrapped)
      values ($1, $2, $3, $4, $5)
      on conflict (tenant_id) where state = 'active' do nothing
      """, tenant.uuid, key.id, key.masterKeyID, key.fingerprint, key.wrapped)
  }

  static func ensurePartition(_ day: Timestamp) -> Query {
    Query("select hansard.ensure_event_partition(($1 at time zone 'UTC')::date)", day)
  }

  /// Starts a recording, or finds the open automatic one of the same agent, user and scope and adds
  /// the tags it lacks; a unique index decides between two who come at once.
  static func insertRecording(
    _ plan: StartPlan, _ party: StartParty, _ times: StartTimes, of tenant: TenantID
  ) -> Query {
    let metadata = Recording.Metadata(
      agentName: party.agentName, agentMaturity: party.agentStatus, startedAt: times.startedAt)
    return Query(
      """
      insert into hansard.canvas_recordings as r (
        tenant_id, id, recording_id, agent_id, user_id, canvas_id, session_id, reason, tags,
        started_at, recording_metadata, expires_at, expires_on, automatic_scope, created_at,
        updated_at, retain_until)
      values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, ($13 at time zone 'UTC')::date, $14,
        $10, $10, $15)
      on conflict (tenant_id, agent_id, user_id, automatic_scope)
        where status = 'recording' and automatic_scope is not null
        do update set
          tags = case
            when r.tags @> excluded.tags or cardinality(r.tags) > 900 then r.tags
            else r.tags || array(
              select added.tag
              from unnest(excluded.tags) as added (tag)
              where not added.tag = any (r.tags)) end,
          updated_at = clock_timestamp()
      returning
        r.recording_id, r.reason, r.tags, r.started_at, r.expires_at, r.retain_until, r.created_at,
        r.updated_at, r.recording_metadata ->> 'agent_name', r.recording_metadata ->> 'agent_maturity'
      """,
      tenant.uuid, UUID.version7(), plan.id.uuid, plan.agent.rawValue, plan.user.rawValue,
      plan.canvas?.rawValue, plan.session?.rawValue, plan.reason, plan.tags, times.startedAt,
      metadata.json, times.expiresAt, times.expiresOn, plan.scope,
      times.retainUntil)
  }

  static func insertProgress(
    _ id: RecordingID, _ times: StartTimes, of tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.recording_progress (tenant_id, recording_id, closes_at, expires_on)
      values ($1, $2, $3, ($4 at time zone 'UTC')::date)
      """, tenant.uuid, id.uuid, times.closesAt, times.expiresOn)
  }

  static func insertKey(
    of id: RecordingID, _ tenantKey: UUID, _ wrapped: [UInt8], _ commitment: [UInt8],
    _ tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.recording_keys (
        tenant_id, recording_id, tenant_key_id, wrapped, commitment)
      values ($1, $2, $3, $4, $5)
      """, tenant.uuid, id.uuid, tenantKey, wrapped, commitment)
  }
}

extension StartParty {
  init(_ row: Row) throws {
    var column = row.reader()
    agentName = try column.next()
    agentStatus = try column.word()
    retentionDays = try column.next(Int32?.self).map { Int($0) }
    minimumDays = try column.next(Int32?.self).map { Int($0) }
    readAt = try column.next()
    tenantKey = try row.decode(5, as: UUID?.self) == nil ? nil : WrappedTenantKey(reading: &column)
  }
}

extension Recording {
  /// Reads what `insertRecording` returns; created when it bears the id that was planned.
  static func started(_ row: Row, _ plan: StartPlan) throws -> (Recording, created: Bool) {
    var column = row.reader()
    let id: RecordingID = try column.serverID()
    let reason = try column.next(String.self)
    let tags = try column.next([String].self)
    let startedAt = try column.next(Timestamp.self)
    let expiresAt = try column.next(Timestamp.self)
    let retainUntil = try column.next(Timestamp?.self)
    let createdAt = try column.next(Timestamp.self)
    let updatedAt = try column.next(Timestamp.self)
    let metadata = Metadata(
      agentName: try column.next(), agentMaturity: try column.word(), startedAt: startedAt)
    let recording = Recording(
      id: id, agent: plan.agent, user: plan.user, canvas: plan.canvas, session: plan.session,
      reason: reason, status: .recording, tags: tags, startedAt: startedAt, eventCount: 0,
      metadata: metadata, isFlagged: false, expiresAt: expiresAt, retainUntil: retainUntil,
      createdAt: createdAt, updatedAt: updatedAt)
    return (recording, id == plan.id)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// A session as the database has it.
struct StoredRecovery: Sendable {
  var session: RecoverySession
  /// Ours.
  var uuid: UUID
  var lastNumber: Int64
  /// The database's clock when the row was read.
  var readAt: Timestamp

  var facts: AccessFacts { AccessFacts(owner: session.user, agent: session.agent) }

  var mention: AuditMention {
    AuditMention(agent: session.agent, user: session.user, session: session.id)
  }

  /// - Throws: `sessionCleared`, `sessionExpired`: then nothing of it is shown or added. Whether the
  ///   retention worker has been there makes no difference.
  func requireThere() throws(DomainError) {
    guard session.tombstone?.cause != .cleared else { throw .recoveryCleared }
    guard session.tombstone == nil, session.expiresAt > readAt else { throw .recoveryExpired }
  }

  /// Asks again whether the session is there, for whoever has not found the rest of it any more, or is done
  /// with it and must not have seen half.
  ///
  /// - Throws: `sessionCleared`, `sessionExpired`.
  static func requireStill(
    _ id: SessionID, of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws {
    guard let row = try await transaction.execute(.recovery(id, of: tenant)).first else {
      throw DomainError.recoveryNotFound
    }
    try StoredRecovery(row).requireThere()
  }
}

extension DomainError {
  /// The single answer for sessions that do not exist and sessions of another tenant.
  package static let recoveryNotFound = DomainError(
    .notFound, "There is no such recovery session.")
  static let recoveryCleared = DomainError(.sessionCleared, "The session was cleared.")
  static let recoveryExpired = DomainError(
    .sessionExpired, "The session has reached the end of its retention.")
}

extension Query {
  /// Lets one at a time write to a session, also before there is one, up to the end of the transaction.
  static func lockRecovery(_ id: SessionID, of tenant: TenantID) -> Query {
    Query(
      "select pg_advisory_xact_lock(hashtextextended($1, 0))",
      "hansard.recovery_sessions \(tenant) \(id)")
  }

  static func recovery(_ id: SessionID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(StoredRecovery.columns)
      from hansard.recovery_sessions as s
      where s.tenant_id = $1
        and s.session_id = $2
      """, tenant.uuid, id.rawValue)
  }

  static func recoveryKey(of id: SessionID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(WrappedRecordingKey.columns)
      from hansard.recovery_keys as k
      join hansard.tenant_keys as t
        on t.tenant_id = k.tenant_id
        and t.tenant_key_id = k.tenant_key_id
      where k.tenant_id = $1
        and k.session_id = $2
      """, tenant.uuid, id.rawValue)
  }

  /// No row where the id is in use, also by a session that was cleared.
  static func insertRecovery(
    _ id: SessionID, _ uuid: UUID, _ agent: AgentID?, _ user: UserID?, of tenant: TenantID,
    by actor: String, retentionDays: Int
  ) -> Query {
    Query(
      """
      insert into hansard.recovery_sessions as s (
        tenant_id, session_id, id, agent_id, user_id, started_at, started_by, expires_at)
      select
        t.tenant_id, $2, $3, $4, $5, c.now, $6,
        c.now + make_interval(
          days => greatest(coalesce(t.retention_days, $7), t.minimum_retention_days))
      from hansard.tenants as t,
        (select clock_timestamp() as now) as c
      where t.tenant_id = $1
      on conflict (tenant_id, session_id) do nothing
      returning \(StoredRecovery.columns)
      """, tenant.uuid, id.rawValue, uuid, agent?.rawValue, user?.rawValue, actor,
      Int32(clamping: retentionDays))
  }

  static func insertRecoveryKey(
    of id: SessionID, _ tenantKey: UUID, _ wrapped: [UInt8], _ commitment: [UInt8],
    _ tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.recovery_keys (
        tenant_id, session_id, tenant_key_id, wrapped, commitment)
      values ($1, $2, $3, $4, $5)
      """, tenant.uuid, id.rawValue, tenantKey, wrapped, commitment)
  }
}

extension StoredRecovery {
  static let columns = """
    s.session_id, s.id, s.agent_id, s.user_id, s.started_at, s.started_by, s.attempt_count,
    s.expires_at, s.cleared_at, s.cleared_by, s.clear_reason, s.cleared_attempts,
    s.cleared_on_expiry, s.last_attempt_number, clock_timestamp()
    """

  init(_ row: Row) throws {
    var column = row.reader()
    let id: SessionID = try column.callerID()
    uuid = try column.next()
    session = RecoverySession(
      id: id, agent: try column.optionalCallerID(), user: try column.optionalCallerID(),
      startedAt: try column.next(), startedBy: try column.next(),
      attemptCount: try column.next(), expiresAt: try column.next(), tombstone: nil)
    let (at, by) = (try column.next(Timestamp?.self), try column.next(String?.self))
    let (reason, attempts) = (try column.next(String?.self), try column.next(Int64?.self))
    let hasExpired = try column.next(Bool.self)
    if let at, let by, let reason, let attempts {
      session.tombstone = .init(
        cause: hasExpired ? .expired : .cleared, clearedAt: at, clearedBy: by, reason: reason,
        attempts: attempts)
    }
    lastNumber = try column.next()
    readAt = try column.next()
  }
}

extension WrappedRecordingKey {
  /// The keys of a recovery session, opened under the vault's.
  func recoveryKeys(
    in vault: KeyVault, tenant: TenantID, session: UUID
  ) throws -> RecoveryKeys {
    let tenantKey = try vault.tenantKey(tenantKey, of: tenant)
    do {
      let data = try tenantKey.unwrapDataKey(
        wrapped, commitment: commitment, tenant: tenant.uuid, recoverySession: session)
      return RecoveryKeys(data: data, tenant: tenantKey)
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What row level security has to achieve, asked of the database as `hansard_service`.
///
/// It works inside one transaction of a superuser, so that a mutant of the schema can be made, judged
/// and taken back.
struct IsolationSuite {
  let connection: PostgresConnection
  let tables: [Table]
  let tenant: TenantID
  let stranger: TenantID

  /// A table with the rows that belong to each tenant.
  struct Table {
    let name: String
    /// A partition is reached through its parent only.
    let isPartition: Bool
    let own: Int64
    let strangers: Int64
    /// One of our own rows, as JSON.
    let row: String?
  }

  /// Counts as superuser what there is to see.
  init(
    _ connection: PostgresConnection, tenant: TenantID, stranger: TenantID
  ) async throws {
    self.connection = connection
    self.tenant = tenant
    self.stranger = stranger
    var tables: [Table] = []
    for row in try await connection.execute(Self.tenantTables) {
      let name = try row.decode(0, as: String.self)
      let counts = try await connection.execute(
        Query(
          """
          select
            count(*) filter (where tenant_id = $1),
            count(*) filter (where tenant_id = $2),
            min(to_jsonb(t)::text) filter (where tenant_id = $1)
          from hansard.\(name) as t
          """, tenant.uuid, stranger.uuid, prepared: false))
      let count = try #require(counts.first)
      tables.append(
        Table(
          name: name, isPartition: try row.decode(1), own: try count.decode(0),
          strangers: try count.decode(1), row: try count.decode(2)))
    }
    self.tables = tables
  }

  private static let tenantTables = Query(
    """
    select c.relname::text, c.relispartition
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid
    where c.relnamespace = 'hansard'::regnamespace
      and c.relkind in ('r', 'p')
      and a.attname = 'tenant_id'
      -- Of all tenants, and for the owner's functions alone; see IsolationSuite+Erasures.
      and c.relname <> 'erasures'
    order by c.relname
    """)

  /// What does not hold; empty when the wall stands.
  ///
  /// - Parameter mutation: Done to the schema first, and undone at the end.
  func violations(after mutation: String? = nil) async throws -> [String] {
    try await run("begin")
    for statement in mutation?.split(separator: ";") ?? [] { try await run(String(statement)) }
    try await allowMoves()
    try await run("set local role hansard_service")
    var found: [String] = []
    for table in tables {
      found += try await withoutTenant(table)
      found += try await withTenant(table)
    }
    found += try await beforeTheTenantIsKnown()
    try await run("reset role")
    found += try await asAnalyst()
    try await run("rollback")
    return found
  }

  private func withoutTenant(_ table: Table) async throws -> [String] {
    try await run("set local hansard.tenant_id = ''")
    let seen = try await count(table)
    var found =
      seen == 0 || seen == nil && table.isPartition
      ? [] : ["\(table.name): \(seen ?? -1) rows without a tenant"]
    if try await admits(rowWithoutTenantInto: table) {
      found.append("\(table.name): admits a row without a tenant")
    }
    return found
  }

  private func withTenant(_ table: Table) async throws -> [String] {
    try await run(Query.setTenant(tenant).sql)
    let seen = try await count(table)
    if table.isPartition { return seen == nil ? [] : ["\(table.name): reached directly"] }
    var found = seen == table.own ? [] : ["\(table.name): \(seen ?? -1) of \(table.own) own rows"]
    if try await admits(insertInto: table) { found.append("\(table.name): admits a foreign row") }
    if try await admits(moveOf: table) { found.append("\(table.name): lets a row be moved") }
    return found
  }

  /// The service may not change a row's tenant, and append-only rows nothing at all; here it may, so that
  /// the policies are what has to hold. Nothing else is asked that this would answer.
  private func allowMoves() async throws {
    for table in tables where !table.isPartition {
      try await run("grant update (tenant_id) on hansard.\(table.name) to hansard_service")
      try await run("alter table hansard.\(table.name) disable trigger user")
    }
  }

  /// The questions that are asked of no tenant, and no others.
  private func beforeTheTenantIsKnown() async throws -> [String] {
    try await run("set local hansard.tenant_id = ''")
    let key = try await number(
      """
      select count(*) from hansard.find_api_key(
        (select '\(try await anyKey())'::uuid))
      """)
    let fingerprints = try await number("select count(*) from hansard.master_key_fingerprints()")
    // Each of the two tenants has one, and a notice for it.
    let webhooks = try await number("select count(*) from hansard.due_webhooks(100)")
    // Each has a recovery session that has expired.
    try await run("set local role hansard_retention")
    let purges = try await number(
      "select count(*) from hansard.due_recovery_purges(null, null, 100)")
    // Each has a recording that is due, one that was purged, and events of others in partitions.
    let recordings = try await number("select 10 * due + purged from hansard.recording_retention()")
    let tenants = try await number(
      "select count(distinct tenant_id) from hansard.recordings_in_the_way('9999-12-31', 100)")
    // One has an answer whose time is over, the other a ticket.
    let trims = try await number("select count(*) from hansard.due_trims(null, null, 100)")
    // Each has a change of retention that applies at once.
    let changes = try await number(
      "select count(*) from hansard.due_retention_changes(null, null, 100)")
    // Each has the archive of what was purged.
    let archives = try await number("select count(*) from hansard.due_archives(null, null, 100)")
    let abandoned = try await number(
      """
      select count(*)
      from hansard.due_abandoned_recordings(null, null, 100, null, interval '7 days')
      """)
    try await run("set local role hansard_service")
    let answers: [(what: String, found: Int64?, expected: Int64)] = [
      ("no key is found", key, 1), ("no fingerprint", fingerprints, 1),
      ("no webhook is due", webhooks, 2), ("no recovery session is due", purges, 2),
      ("recordings that are due, or were purged", recordings, 22),
      ("no events of partitions", tenants, 2), ("nothing to trim", trims, 2),
      ("no change of retention is due", changes, 2), ("nothing is abandoned", abandoned, 2),
      ("no archive is to be destroyed", archives, 2),
    ]
    let all = answers + (try await erasureAnswers())
    return all.filter { $0.found != $0.expected }.map { "\($0.what): \($0.found ?? -1)" }
  }

  /// What the tenant's analyst sees, who says to be the stranger: of each table that analysts read, all of
  /// the tenant's rows and no other.
  private func asAnalyst() async throws -> [String] {
    let readable = try await connection.execute(
      Query(
        """
        select distinct c.relname::text
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid
        cross join lateral aclexplode(a.attacl) as g
        where c.relnamespace = 'hansard'::regnamespace
          and g.grantee = 'hansard_analyst'::regrole
        """, prepared: false)
    ).map { row throws(PostgresError) in try row.decode(0, as: String.self) }
    // So that the tables can be named; the login is made for this transaction.
    try await run("grant usage on schema hansard to hansard_analyst")
    let login = try AnalystLogin.make()
    try await run("create role \(login) login inherit in role hansard_analyst")
    try await run("update hansard.analysts set login = '\(login)' where tenant_id = '\(tenant)'")
    try await run("set local session authorization \(login)")
    try await run(Query.setTenant(stranger).sql)
    var found: [String] = []
    for table in tables {
      // No column is named: row level security alone decides.
      let seen = try await number("select count(tenant_id) from hansard.\(table.name)")
      let expected = readable.contains(table.name) ? table.own : nil
      if seen != expected {
        found.append("\(table.name): an analyst sees \(seen ?? -1), not \(expected ?? -1)")
      }
    }
    try await run("reset session authorization")
    return found
  }

  private func anyKey() async throws -> KeyID {
    try await run("savepoint key")
    try await run("reset role")
    let rows = try await connection.execute(
      Query("select key_id from hansard.api_keys order by key_id limit 1", prepared: false))
    try await run("rollback to key")
    return KeyID(try #require(rows.first).decode(0))
  }

  /// The rows that can be seen; nil where even looking is refused.
  private func count(_ table: Table) async throws -> Int64? {
    try await number("select count(*) from hansard.\(table.name)")
  }

  /// Whether a copy of one of our own rows under the stranger's name gets past the policies.
  private func admits(insertInto table: Table) async throws -> Bool {
    try await admits(
      """
      insert into hansard.\(table.name)
      select r.* from hansard.\(table.name) as s,
        jsonb_populate_record(s, jsonb_build_object('tenant_id', '\(stranger)')) as r
      limit 1
      """)
  }

  /// The same for one of our own rows, while no tenant is set.
  private func admits(rowWithoutTenantInto table: Table) async throws -> Bool {
    guard let row = table.row else { return false }
    return try await admits(
      """
      insert into hansard.\(table.name)
      select r.* from jsonb_populate_record(
        null::hansard.\(table.name), $row$\(row)$row$::jsonb) as r
      """)
  }

  /// Whether our own rows can be given to the stranger.
  private func admits(moveOf table: Table) async throws -> Bool {
    try await admits("update hansard.\(table.name) set tenant_id = '\(stranger)'")
  }

  /// Whether a statement gets past the policies. What comes after them (keys, checks) may refuse it with
  /// another error.
  private func admits(_ statement: String) async throws -> Bool {
    try await run("savepoint one")
    do throws(PostgresError) {
      try await run(statement)
      try await run("rollback to one")
      return true
    } catch {
      try await run("rollback to one")
      return error.sqlState != .insufficientPrivilege
    }
  }

  func number(_ sql: String) async throws(PostgresError) -> Int64? {
    try await run("savepoint two")
    do throws(PostgresError) {
      return try await connection.execute(Query(sql, prepared: false)).first?.decode(0)
    } catch {
      guard error.sqlState == .insufficientPrivilege else { throw error }
      try await run("rollback to two")
      return nil
    }
  }

  func run(_ sql: String) async throws(PostgresError) {
    _ = try await connection.execute(Query(sql, prepared: false))
  }
}

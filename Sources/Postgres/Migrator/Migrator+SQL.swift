// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Every statement of the migrator but the migrations themselves.
extension Migrator {
  /// "hansard" and a version byte: the key of the session lock, one per database.
  static let lockKey: Int64 = 0x6861_6e73_6172_6401

  private static let findTable = """
    select to_regclass('hansard_migrations.applied') is not null
    """

  private static let createTable = """
    create schema if not exists hansard_migrations;
    comment on schema hansard_migrations is 'Which migrations are applied; kept by the migrator.';
    create table if not exists hansard_migrations.applied (
      version bigint not null,
      name text not null,
      checksum bytea not null,
      down_sql text not null,
      down_destructive boolean not null,
      transactional boolean not null,
      state text not null,
      applied_at timestamptz not null default now(),
      applied_by text not null default session_user,
      constraint applied_pkey primary key (version),
      constraint applied_version_positive check (version > 0),
      constraint applied_checksum_length check (length(checksum) = 32),
      constraint applied_state_known check (state in ('applied', 'applying', 'reverting'))
    );
    comment on column hansard_migrations.applied.checksum is 'SHA-256 of the up file.';
    comment on column hansard_migrations.applied.down_sql is
      'What takes the migration back, so that a build which does not know it can do so.';
    comment on column hansard_migrations.applied.state is
      'applied; or applying or reverting: begun outside of a transaction and not finished.';
    """

  private static let selectApplied = """
    select version, name, checksum, down_sql, down_destructive, state, applied_at, applied_by
    from hansard_migrations.applied
    order by version
    """

  private static let selectChecksums = """
    select sha256(file.content)
    from unnest($1::bytea[]) with ordinality as file (content, number)
    order by file.number
    """

  private static let tryLock = "select pg_try_advisory_lock($1)"
  private static let unlock = "select pg_advisory_unlock($1)"

  /// Superusers may set it, and who was granted to; nobody else is asked to.
  private static let setDeadlockTimeout = """
    select set_config('deadlock_timeout', $1, false)
    where has_parameter_privilege('deadlock_timeout', 'set')
    """

  private static let selectLockHolder = """
    select concat_ws(' ', 'process', activity.pid::text, activity.usename, activity.application_name)
    from pg_locks as lock
      join pg_stat_activity as activity on activity.pid = lock.pid
    where lock.locktype = 'advisory'
      and lock.granted
      and lock.database = (select oid from pg_database where datname = current_database())
      and lock.classid::bigint = $1::bigint >> 32
      and lock.objid::bigint = $1::bigint & 4294967295
    order by activity.pid
    limit 1
    """

  /// What is remembered of a migration before and after its SQL.
  struct Bookkeeping: Sendable {
    /// The row as it is while the SQL runs; in a transaction, also as it stays.
    var before: Query
    /// Only outside of a transaction: what says that it is complete.
    var after: Query?

    init(applying migration: Migration) {
      let state = migration.isTransactional ? "applied" : "applying"
      before = Query(
        """
        insert into hansard_migrations.applied
          (version, name, checksum, down_sql, down_destructive, transactional, state)
        values ($1, $2, sha256($3), $4, $5, $6, $7)
        on conflict (version) do update
        set name = excluded.name, checksum = excluded.checksum, down_sql = excluded.down_sql,
          down_destructive = excluded.down_destructive, transactional = excluded.transactional,
          state = excluded.state, applied_at = excluded.applied_at,
          applied_by = excluded.applied_by
        where applied.state <> 'applied'
        returning version
        """,
        Int64(migration.version), migration.name, Array(migration.up.text.utf8),
        migration.down.text, migration.isDownDestructive, migration.isTransactional, state,
        prepared: false)
      guard !migration.isTransactional else { return }
      after = Query(
        """
        update hansard_migrations.applied
        set state = 'applied', applied_at = now()
        where version = $1 and state = 'applying'
        returning version
        """,
        Int64(migration.version), prepared: false)
    }

    init(reverting row: AppliedMigration) {
      let delete = Query(
        "delete from hansard_migrations.applied where version = $1 returning version",
        Int64(row.version), prepared: false)
      guard !row.down.isTransactional else {
        before = delete
        return
      }
      before = Query(
        """
        update hansard_migrations.applied
        set state = 'reverting'
        where version = $1
        returning version
        """,
        Int64(row.version), prepared: false)
      after = delete
    }
  }

  /// The rows of the version table; none when there is no table yet.
  func applied() async throws(MigrationError) -> [AppliedMigration] {
    try await asking { () async throws(PostgresError) in
      guard try await hasTable() else { return [] }
      var rows: [AppliedMigration] = []
      for row in try await connection.execute(Query(Self.selectApplied, prepared: false)) {
        rows.append(try AppliedMigration(row))
      }
      return rows
    }
  }

  /// The build's migrations with the checksums that the server computes for them.
  func known() async throws(MigrationError) -> [KnownMigration] {
    let texts = set.migrations.map { Array($0.up.text.utf8) }
    return try await asking { () async throws(PostgresError) in
      let checksums = try await connection.execute(
        Query(Self.selectChecksums, texts, prepared: false))
      var known: [KnownMigration] = []
      for (migration, row) in zip(set.migrations, checksums) {
        known.append(
          KnownMigration(
            version: migration.version, name: migration.name, checksum: try row.decode(0),
            isTransactional: migration.isTransactional))
      }
      return known
    }
  }

  /// Makes the version table; under the lock, so once.
  func makeTable() async throws(MigrationError) {
    try await asking { () async throws(PostgresError) in
      guard try await !hasTable() else { return }
      try await options.beforeMessage()
      try await connection.script(Self.createTable)
    }
  }

  func tryLock() async throws(PostgresError) -> Bool {
    let answer = try await connection.execute(Query(Self.tryLock, Self.lockKey, prepared: false))
    return try answer.first?.decode(0) ?? false
  }

  func unlock() async throws(PostgresError) {
    _ = try await connection.execute(Query(Self.unlock, Self.lockKey, prepared: false))
  }

  func setDeadlockTimeout() async throws(PostgresError) {
    guard let timeout = options.deadlockTimeout else { return }
    let milliseconds = "\(Int(timeout / .milliseconds(1)))ms"
    _ = try await connection.execute(
      Query(Self.setDeadlockTimeout, milliseconds, prepared: false))
  }

  /// - Parameter table: From a marker, so a plain name in a schema.
  static func countRows(of table: String) -> Query {
    Query(
      "select count(*) from (select from \(table) limit \(MigrationLoss.countLimit + 1)) as lost",
      prepared: false)
  }

  func lockHolder() async throws(PostgresError) -> String {
    let answer = try await connection.execute(
      Query(Self.selectLockHolder, Self.lockKey, prepared: false))
    return try answer.first?.decode(0) ?? "it has just ended"
  }

  private func hasTable() async throws(PostgresError) -> Bool {
    let answer = try await connection.execute(Query(Self.findTable, prepared: false))
    return try answer.first?.decode(0) ?? false
  }
}

extension AppliedMigration {
  fileprivate init(_ row: Row) throws(PostgresError) {
    var columns = row.reader()
    version = Int(try columns.next(Int64.self))
    name = try columns.next()
    checksum = try columns.next()
    downSQL = try columns.next()
    isDownDestructive = try columns.next()
    let state: String = try columns.next()
    guard let known = State(rawValue: state) else {
      throw PostgresError(.decoding, context: "unknown state of migration \(version)")
    }
    self.state = known
    appliedAt = try columns.next()
    appliedBy = try columns.next()
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// Refuses a database on which an acknowledged event could be lost or a tenant's wall be walked
/// through. Asked on each new connection, before its first use.
package struct ConnectionSafety: Sendable {
  /// What was found unsafe; the text names the setting.
  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { "unsafe database: \(reason)" }
  }

  private let toleratesSuperuser: Bool
  private let toleratesUnsafeStorage: Bool
  private let observer: Observer
  private let timelines = TimelineWatch()

  /// - Parameters:
  ///   - toleratesSuperuser: In development one may log in as a superuser; the session then acts as
  ///     `hansard_service` all the same.
  ///   - toleratesUnsafeStorage: Only for tests, which run on a server that never syncs.
  package init(toleratesSuperuser: Bool, toleratesUnsafeStorage: Bool = false, observer: Observer) {
    self.toleratesSuperuser = toleratesSuperuser
    self.toleratesUnsafeStorage = toleratesUnsafeStorage
    self.observer = observer
  }

  /// Checks `connection`; a refusal is thrown as a `PostgresError` that says so.
  package func check(_ connection: PostgresConnection) async throws {
    let rows = try await connection.execute(SessionSettings.query)
    let settings = try rows.first.map { row throws(PostgresError) in try SessionSettings(row) }
    guard let settings else { throw refuse("the role of the session is unknown") }
    if let reason = reason(settings) ?? timelines.reason(settings) { throw refuse(reason) }
  }

  private func refuse(_ reason: String) -> Refusal {
    observer.observe(.databaseUnsafe(reason: reason))
    return Refusal(reason: reason)
  }

  /// Why a session with these settings must not be used; nil when it may.
  func reason(_ settings: SessionSettings) -> String? {
    if !toleratesUnsafeStorage {
      if settings.fsync != "on" { return "fsync is off" }
      if settings.fullPageWrites != "on" { return "full_page_writes is off" }
      if settings.dataSyncRetry != "off" { return "data_sync_retry is on" }
    }
    if ["off", "local"].contains(settings.synchronousCommit) {
      return "synchronous_commit is \(settings.synchronousCommit)"
    }
    if settings.isReadOnly != "off" { return "the server is read-only" }
    if settings.version < 150_000 { return "PostgreSQL is older than 15" }
    if settings.roleBypasses { return "the role bypasses row level security" }
    if settings.loginBypasses, !toleratesSuperuser { return "the login is a superuser" }
    return nil
  }
}

/// What a session says of itself and its server.
struct SessionSettings: Sendable {
  var fsync: String
  var fullPageWrites: String
  var synchronousCommit: String
  var dataSyncRetry: String
  var isReadOnly: String
  /// 150018 for PostgreSQL 15.18.
  var version: Int32
  /// Whether the role in use is above row level security.
  var roleBypasses: Bool
  /// Whether the role that logged in is.
  var loginBypasses: Bool
  /// What a server has in common with its copies.
  var system: Int64
  /// One more with each promotion of a copy; nil while the server follows another one.
  var timeline: Int64?
}

extension SessionSettings {
  static let query = Query(
    """
    select
      current_setting('fsync'),
      current_setting('full_page_writes'),
      current_setting('synchronous_commit'),
      current_setting('data_sync_retry'),
      current_setting('transaction_read_only'),
      current_setting('server_version_num')::integer,
      r.rolsuper or r.rolbypassrls,
      s.rolsuper or s.rolbypassrls,
      (select system_identifier from pg_catalog.pg_control_system()),
      -- Its control file tells of a promotion only after the next checkpoint.
      case
        when not pg_catalog.pg_is_in_recovery() then (
          'x' || left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8)
        )::bit(32)::bigint
      end
    from pg_catalog.pg_roles as r, pg_catalog.pg_roles as s
    where r.rolname = current_user
      and s.rolname = session_user
    """, prepared: false)

  init(_ row: Row) throws(PostgresError) {
    var column = row.reader()
    fsync = try column.next()
    fullPageWrites = try column.next()
    synchronousCommit = try column.next()
    dataSyncRetry = try column.next()
    isReadOnly = try column.next()
    version = try column.next()
    roleBypasses = try column.next()
    loginBypasses = try column.next()
    system = try column.next()
    timeline = try column.next()
  }
}

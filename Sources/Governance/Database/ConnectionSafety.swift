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
    let row = try await connection.execute(Self.settings)
    let refusal = try row.first.map { try reason($0) } ?? "the role of the session is unknown"
    guard let refusal else { return }
    observer.observe(.databaseUnsafe(reason: refusal))
    throw Refusal(reason: refusal)
  }

  private static let settings = Query(
    """
    select
      current_setting('fsync'),
      current_setting('full_page_writes'),
      current_setting('synchronous_commit'),
      current_setting('data_sync_retry'),
      current_setting('transaction_read_only'),
      current_setting('server_version_num')::integer,
      r.rolsuper or r.rolbypassrls,
      s.rolsuper or s.rolbypassrls
    from pg_catalog.pg_roles as r, pg_catalog.pg_roles as s
    where r.rolname = current_user
      and s.rolname = session_user
    """, prepared: false)

  private func reason(_ row: Row) throws(PostgresError) -> String? {
    var column = row.reader()
    let fsync = try column.next(String.self)
    let fullPageWrites = try column.next(String.self)
    let synchronousCommit = try column.next(String.self)
    let dataSyncRetry = try column.next(String.self)
    let isReadOnly = try column.next(String.self)
    let version = try column.next(Int32.self)
    let bypasses = try column.next(Bool.self)
    let sessionBypasses = try column.next(Bool.self)
    if !toleratesUnsafeStorage {
      if fsync != "on" { return "fsync is off" }
      if fullPageWrites != "on" { return "full_page_writes is off" }
      if dataSyncRetry != "off" { return "data_sync_retry is on" }
    }
    if synchronousCommit == "off" || synchronousCommit == "local" {
      return "synchronous_commit is \(synchronousCommit)"
    }
    if isReadOnly == "on" { return "the server is read-only" }
    if version < 150_000 { return "PostgreSQL is older than 15" }
    if bypasses { return "the role bypasses row level security" }
    if sessionBypasses, !toleratesSuperuser { return "the login is a superuser" }
    return nil
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

// Statements that name a role cannot have parameters. What is put into them has a form without quotes.
extension Query {
  static let isSuperuser = Query(
    "select rolsuper from pg_catalog.pg_roles where rolname = current_user", prepared: false)

  /// A verifier is `SCRAM-SHA-256$4096:…`, of base64, dollars and colons.
  static func makeLogin(
    _ login: AnalystLogin, verifier: String, terms: AnalystLogins.Terms, isSuperuser: Bool
  ) throws(PostgresError) -> [Query] {
    guard !verifier.utf8.contains(UInt8(ascii: "'")) else {
      throw PostgresError(.misuse, context: "no verifier of a password")
    }
    let end = terms.expiresAt.map { " valid until '\($0.rfc3339)'" } ?? ""
    let role = """
      create role \(login) login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls
        connection limit \(terms.connections) password '\(verifier)'\(end) in role hansard_analyst
      """
    // Nobody but a superuser may set this for others, and nobody may unset it for themselves.
    let more = isSuperuser ? [("temp_file_limit", "'4GB'")] : []
    return [Query(role, prepared: false)]
      + (sessionSettings + more).map { name, value in
        Query("alter role \(login) set \(name) = \(value)", prepared: false)
      }
  }

  /// What an analyst's session begins with. The login can set these itself: they keep it from mishaps.
  private static let sessionSettings = [
    ("default_transaction_read_only", "on"), ("statement_timeout", "'60s'"),
    ("idle_in_transaction_session_timeout", "'60s'"), ("idle_session_timeout", "'1h'"),
    ("lock_timeout", "'5s'"), ("search_path", "compliance"), ("work_mem", "'32MB'"), ("jit", "off"),
  ]

  static func findLogin(_ login: AnalystLogin) -> Query {
    Query("select 1 from pg_catalog.pg_roles where rolname = $1", login.rawValue)
  }

  static func closeLogin(_ login: AnalystLogin) -> Query {
    Query("alter role \(login) nologin", prepared: false)
  }

  static func endSessions(of login: AnalystLogin) -> Query {
    Query(
      """
      select pg_catalog.pg_terminate_backend(pid)
      from pg_catalog.pg_stat_activity
      where usename = $1
      """, login.rawValue)
  }

  /// Large objects, which anybody can make.
  static func dropBelongings(of login: AnalystLogin) -> Query {
    Query("drop owned by \(login)", prepared: false)
  }

  static func dropLogin(_ login: AnalystLogin) -> Query {
    Query("drop role \(login)", prepared: false)
  }
}

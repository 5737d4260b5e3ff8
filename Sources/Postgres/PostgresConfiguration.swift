// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How to reach the database and how long to wait for it.
package struct PostgresConfiguration: Sendable {
  /// URI or `key=value` list, as libpq reads it (manual, 34.1.1). It may hold a password.
  package var conninfo: String
  /// Shown in `pg_stat_activity`.
  package var applicationName: String
  /// Becomes the session's role by `SET ROLE`; `[a-z_][a-z0-9_]*`, at most 63 characters.
  package var role: String?
  /// Longest time from the look-up of the host to a usable session.
  package var connectTimeout: Duration
  /// Longest wait for one exchange that is given no deadline of its own.
  package var exchangeDeadline: Duration
  package var statementCache: StatementCache

  package init(
    conninfo: String, applicationName: String = "hansard", role: String? = nil,
    connectTimeout: Duration = .seconds(5), exchangeDeadline: Duration = .seconds(5),
    statementCache: StatementCache = .cached(limit: 256)
  ) {
    self.conninfo = conninfo
    self.applicationName = applicationName
    self.role = role
    self.connectTimeout = connectTimeout
    self.exchangeDeadline = exchangeDeadline
    self.statementCache = statementCache
  }
}

/// Whether a connection keeps prepared statements.
package enum StatementCache: Sendable, Hashable {
  /// At most so many, the least recently used leave first. 0 keeps none.
  case cached(limit: Int)
  /// For poolers that give each transaction another server session.
  case none
}

/// An identifier that needs no quoting and is no longer than PostgreSQL keeps.
struct SQLIdentifier {
  let text: String

  /// - Throws: `.misuse` unless `text` is `[a-z_][a-z0-9_]*` of at most 63 bytes.
  init(_ text: String) throws(PostgresError) {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let isPlain = text.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }
    guard isPlain, let first = text.utf8.first, !digits.contains(first), text.utf8.count <= 63
    else { throw PostgresError(.misuse, context: "not a plain identifier") }
    self.text = text
  }
}

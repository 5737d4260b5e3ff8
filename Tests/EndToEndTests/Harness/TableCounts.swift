// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// How many rows each table has: what must not change when nothing was done.
struct TableCounts: Sendable, Equatable, CustomStringConvertible {
  private(set) var rows: [String: Int64]

  /// Counts the rows of every table of ours but the audit log, which is for refusals too.
  static func read(_ connection: PostgresConnection) async throws -> TableCounts {
    let names = try await connection.execute(Query(tables))
    let counts = try names.map { row in
      let name = try row.decode(0, as: String.self)
      return "select '\(name)', count(*) from hansard.\(name)"
    }
    let result = try await connection.execute(
      Query(counts.joined(separator: "\nunion all\n"), prepared: false))
    var rows: [String: Int64] = [:]
    for row in result { rows[try row.decode(0)] = try row.decode(1) }
    return TableCounts(rows: rows)
  }

  private static let tables = """
    select c.relname::text
    from pg_catalog.pg_class as c
    where c.relnamespace = 'hansard'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
      and c.relname <> 'canvas_audit'
    order by c.relname
    """

  /// The tables whose number of rows differs, with the difference.
  func changes(since before: TableCounts) -> [String: Int64] {
    rows.merging(before.rows.mapValues { -$0 }, uniquingKeysWith: +).filter { $0.value != 0 }
  }

  var description: String {
    rows.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

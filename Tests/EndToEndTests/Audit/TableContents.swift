// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What stands in each table, the audit log too: how many rows, and a digest of all their columns.
struct TableContents: Sendable, Equatable {
  private let tables: [String: String]

  /// - Parameter tenants: Whose rows are looked at; empty: everybody's.
  static func read(
    _ connection: PostgresConnection, of tenants: [Tenant] = []
  ) async throws -> TableContents {
    let names = try await connection.execute(
      Query(
        """
        select c.relname::text
        from pg_catalog.pg_class as c
        where c.relnamespace = 'hansard'::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
          -- They are of no tenant, and go on by themselves.
          and c.relname not in ('retention_clock', 'erasures', 'erasure_log')
        order by c.relname
        """, prepared: false))
    let list = tenants.map { "'\($0.id)'" }.joined(separator: ", ")
    let condition = tenants.isEmpty ? "" : "where t.tenant_id in (\(list))"
    var tables: [String: String] = [:]
    for row in names {
      let name = try row.decode(0, as: String.self)
      let digest = Query(
        """
        select concat_ws(' ', count(*), md5(string_agg(t::text, chr(10) order by t::text)))
        from hansard.\(name) as t
        \(condition)
        """, prepared: false)
      tables[name] = try await connection.execute(digest).first?.decode(0, as: String.self)
    }
    return TableContents(tables: tables)
  }

  /// The tables that differ.
  func changes(since before: TableContents) -> [String] {
    tables.keys.filter { tables[$0] != before.tables[$0] }.sorted()
  }
}

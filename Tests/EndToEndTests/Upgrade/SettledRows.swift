// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Every row of one tenant that nobody works for any more, in the columns that a schema had when it was first
/// looked at: what an upgrade and the way back must leave as it was.
struct SettledRows: Sendable {
  /// Of each table with a tenant: the columns, in their order.
  private let columns: [(table: String, columns: [String])]
  private let tenant: String

  /// Remembers the columns of the schema as it is.
  init(of tenant: String, _ connection: PostgresConnection) async throws {
    self.tenant = tenant
    columns = try await connection.execute(Query(Self.tables, prepared: false)).map { row in
      (table: try row.decode(0, as: String.self), columns: try row.decode(1, as: [String].self))
    }
  }

  /// How many rows, and what stands in them, as `TABLE: hash` in an order of its own.
  func read(_ connection: PostgresConnection) async throws -> [String] {
    var rows: [String] = []
    for (table, columns) in columns {
      let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      let sql = """
        select md5(row(\(list))::text)
        from hansard."\(table)"
        where tenant_id = '\(tenant)'
        """
      rows += try await connection.execute(Query(sql, prepared: false)).map { row in
        "\(table): \(try row.decode(0, as: String.self))"
      }
    }
    return rows.sorted()
  }

  private static let tables = """
    select c.relname::text, array_agg(a.attname::text order by a.attnum)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'hansard'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
      and exists (
        select
        from pg_catalog.pg_attribute as t
        where t.attrelid = c.oid and t.attname = 'tenant_id')
    group by c.relname
    order by c.relname
    """
}

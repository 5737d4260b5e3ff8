// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// Within a version of schema compliance columns are added, never renamed, removed or of another type.
@Suite(.serialized, .database)
struct ComplianceVersionTests {
  /// What there is of version 1 once `change` was made, as `ComplianceColumns` has it.
  private func columns(after change: String = "") async throws -> Set<String> {
    let text = try await TestDatabase.current.psql(
      """
      begin;
      \(change);
      select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      from pg_class as c join pg_attribute as a on a.attrelid = c.oid
      where c.relnamespace = 'compliance'::regnamespace and c.relkind = 'v'
        and a.attnum > 0 and not a.attisdropped;
      rollback
      """)
    return Set(text.split(separator: "\n").map(String.init))
  }

  @Test func nothingOfVersionOneIsMissing() async throws {
    let missing = ComplianceColumns.versionOne.subtracting(try await columns())
    #expect(missing.sorted() == [])
  }

  /// The planted defects, each with what it makes missing.
  @Test(arguments: [
    ("alter view compliance.agents rename column name to title", ["agents.name text"]),
    (
      """
      drop view compliance.version;
      create view compliance.version as select 1::bigint as version
      """, ["version.version integer"]
    ),
    ("alter view compliance.version rename to edition", ["version.version integer"]),
    (
      """
      drop view compliance.tenant;
      create view compliance.tenant as select name, created_at from hansard.tenants
      """, ["tenant.minimum_retention_days integer", "tenant.retention_days integer"]
    ),
  ])
  func aChangeIsFound(change: String, lost: [String]) async throws {
    let missing = ComplianceColumns.versionOne.subtracting(try await columns(after: change))
    #expect(missing.sorted() == lost)
  }

  @Test func additionsAreAllowed() async throws {
    let found = try await columns(
      after: """
        create or replace view compliance.version with (security_invoker = true) as
          select 1 as version, 'x'::text as more;
        create view compliance.holds as select 1 as one
        """)
    #expect(found.isSuperset(of: ComplianceColumns.versionOne))
    #expect(found.contains("version.more text") && found.contains("holds.one integer"))
  }
}

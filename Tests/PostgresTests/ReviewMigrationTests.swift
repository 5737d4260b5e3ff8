// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

/// What is left of the review queue when its later migrations are taken back.
@Suite struct ReviewMigrationTests {
  private static let tenant = "0190b0a4-7c3d-7e55-9c11-000000000001"

  /// A recording with a review for each source, by a superuser, whom no policy stops.
  private func furnish(_ database: TestDatabase, _ sources: [String]) async throws {
    let values = sources.map { "('\($0)')" }.joined(separator: ", ")
    try await database.psql(
      """
      insert into hansard.tenants (tenant_id, name) values ('\(Self.tenant)', 'T');
      insert into hansard.users (tenant_id, user_id) values ('\(Self.tenant)', 'u');
      insert into hansard.agent_registry (tenant_id, agent_id, name, status)
      values ('\(Self.tenant)', 'a', 'a', 'autonomous');
      with made as (
        insert into hansard.canvas_recordings (
          tenant_id, id, recording_id, agent_id, user_id, reason, started_at, recording_metadata,
          expires_at, expires_on)
        select '\(Self.tenant)', gen_random_uuid(), gen_random_uuid(), 'a', 'u', s.source, now(), '{}',
          now(), now()::date
        from (values \(values)) as s (source)
        returning recording_id, reason
      )
      insert into hansard.reviews (tenant_id, review_id, recording_id, source, due_at)
      select '\(Self.tenant)', gen_random_uuid(), recording_id, reason, now()
      from made
      """)
  }

  private func sources(_ database: TestDatabase) async throws -> String {
    try await database.psql(
      """
      select string_agg(r.reason || '=' || v.source, ' ' order by r.reason)
      from hansard.reviews as v
      join hansard.canvas_recordings as r using (tenant_id, recording_id)
      """)
  }

  @Test(.emptyDatabase) func causesThatTheOlderSchemaDoesNotKnowBecomeErrors() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    try await database.migrateUp(set, to: 9)
    try await database.psql("select hansard.ensure_event_partition('2026-11-21')")
    try await furnish(database, ["autonomy", "denial", "flag", "sample"])
    try await database.migrateDown(set, to: 8)
    #expect(try await sources(database) == "autonomy=error denial=error flag=flag sample=sample\n")
    let left = "select count(*) from pg_class where relname like '%denials'"
    #expect(try await database.psql(left) == "0\n")
    try await database.migrateUp(set, to: 9)
    #expect(try await sources(database) == "autonomy=error denial=error flag=flag sample=sample\n")
    // Who was autonomous before is not new to it.
    let since = try await database.psql(
      "select count(*) from hansard.agent_registry where autonomous_since is not null")
    #expect(since == "0\n")
  }
  @Test(.emptyDatabase) func aVerdictThatWaitsForASecondStaysInTheHistory() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    try await database.migrateUp(set, to: 9)
    try await furnish(database, ["flag"])
    try await database.psql(
      """
      update hansard.reviews
      set proposed_by = '{user:rita}', proposed_status = '{approved}', proposed_event_count = 0,
        proposed_root = sha256(''), proposed_recording_at = now();
      insert into hansard.review_entries (
        tenant_id, entry_id, review_id, kind, actor, review_status, event_count, merkle_root)
      select tenant_id, gen_random_uuid(), review_id, 'proposed', 'user:rita', 'approved', 0,
        sha256('')
      from hansard.reviews
      """)
    let history =
      """
      select e.kind || ' ' || e.actor || ' ' || e.review_status || ' ' || v.state
      from hansard.review_entries as e
      join hansard.reviews as v using (tenant_id, review_id)
      """
    #expect(try await database.psql(history) == "proposed user:rita approved open\n")
    try await database.migrateDown(set, to: 8)
    #expect(try await database.psql(history) == "decided user:rita approved open\n")
    try await database.migrateUp(set, to: 9)
    #expect(try await database.psql(history) == "decided user:rita approved open\n")
    // The history is guarded as before.
    let guards = try await database.psql(
      """
      select count(*) from pg_trigger
      where tgrelid = 'hansard.review_entries'::regclass and tgenabled = 'O' and not tgisinternal
      """)
    #expect(guards == "2\n")
  }

  @Test(
    .emptyDatabase,
    arguments: [
      "'{user:a}', '{}', 0, sha256(''), now()", "'{user:a}', '{approved}', null, sha256(''), now()",
      "'{}', '{}', 0, null, null", "'{user:a}', '{fine}', 0, sha256(''), now()",
    ])
  func whatIsHalfAVerdictIsRefused(_ values: String) async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    try await database.migrateUp(set, to: 9)
    try await furnish(database, ["flag"])
    await #expect(throws: TestSupportError.self) {
      try await database.psql(
        """
        update hansard.reviews
        set (proposed_by, proposed_status, proposed_event_count, proposed_root,
          proposed_recording_at) = (select \(values))
        """)
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What an append costs does not depend on how many events the recording has.
@Suite(.serialized, .database)
struct AppendCostTests {
  /// Scans of whole tables, and rows read, by one append of one event to `recording`.
  private func cost(
    of recording: RecordingID, _ fixture: Fixture, id: EventID?
  ) async throws -> (scans: Int64, rows: Int64) {
    let party = fixture.acme
    let context = try #require(await fixture.recordings.contexts.find(recording, of: party.tenant))
    let event = try await fixture.sealed(.of(id: id), in: context, by: party.recorder)
    let request = AppendRequest(
      tenant: party.tenant, recording: recording, key: party.recorder.principal.key,
      events: [event])
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    let results = try await connection.transact([
      .setTenant(party.tenant), .appendEvents([request], mayBeKnown: false), Self.statistics,
    ])
    await connection.close()
    let row = try #require(results.last?.first)
    return (try row.decode(0), try row.decode(1))
  }

  private static let statistics = Query(
    """
    select
      coalesce(sum(seq_scan), 0)::bigint,
      coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint
    from pg_stat_xact_user_tables
    where schemaname = 'hansard'
      and (relname like 'recording_events%' or relname in ('recording_progress', 'canvas_recordings'))
    """)

  /// So many other recordings that reading them all would not pay.
  private static let others = """
    set session_replication_role = replica;
    insert into hansard.recording_progress (tenant_id, recording_id, closes_at, expires_on)
    select gen_random_uuid(), gen_random_uuid(), now(), now()
    from generate_series(1, 20000);
    analyze
    """

  @Test func aLongRecordingCostsNoMoreThanAShortOne() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let (long, short) = try await (recordings.started(by: acme), recordings.started(by: acme))
      for _ in 0..<6 {
        _ = try await recordings.append(
          (0..<1000).map { _ in try .of() }, to: long, by: acme.recorder)
      }
      try await TestDatabase.current.psql(Self.others)
      for id in [nil, EventID.make()] {
        let expected = try await cost(of: short, fixture, id: id)
        let found = try await cost(of: long, fixture, id: id)
        #expect(
          found.scans == 0 && found.rows <= expected.rows && found.rows < 20,
          "\(found), \(expected)")
      }
    }
  }
}

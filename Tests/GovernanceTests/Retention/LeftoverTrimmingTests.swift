// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Notices, kept answers and tickets go when their time is over, and not before: of every tenant.
@Suite(.serialized, .database)
struct LeftoverTrimmingTests {
  /// Of each kind and tenant, one whose time is over by a second, and one that has a minute left.
  private static let plant = """
    set session_replication_role = replica;
    insert into hansard.notices (tenant_id, notice_id, notice_type, content, created_at)
    select t.tenant_id, 1000000 + n.number, 'planted', '{}', clock_timestamp() - n.age
    from hansard.tenants as t,
      (values (1, interval '7 days 1 second'), (2, interval '7 days -1 minute')) as n (number, age);
    insert into hansard.idempotency_keys (
      tenant_id, key_id, name_hash, request_hash, tenant_key_id, answer, expires_at)
    select t.tenant_id, gen_random_uuid(), sha256('a'), sha256('b'), gen_random_uuid(), 'planted',
      clock_timestamp() + n.remaining
    from hansard.tenants as t,
      (values (interval '-1 second'), (interval '1 minute')) as n (remaining);
    insert into hansard.websocket_tickets (
      tenant_id, ticket_hash, key_id, expires_at)
    select t.tenant_id, sha256(gen_random_uuid()::text::bytea), gen_random_uuid(),
      clock_timestamp() + n.remaining
    from hansard.tenants as t,
      (values (interval '-1 second'), (interval '1 minute')) as n (remaining);
    """

  /// Of each kind: whose time is over, and who has some left.
  private func planted() async throws -> [String] {
    try await TestDatabase.current.psql(
      """
      select count(*) filter (where n.created_at < clock_timestamp() - interval '7 days'), count(*)
      from hansard.notices as n
      where n.notice_type = 'planted';
      select count(*) filter (where i.expires_at <= clock_timestamp()), count(*)
      from hansard.idempotency_keys as i
      where i.answer = 'planted';
      select count(*) filter (where t.expires_at <= clock_timestamp()), count(*)
      from hansard.websocket_tickets as t
      """
    ).split(separator: "\n").map(String.init)
  }

  @Test func whatIsOverGoesAndTheRestStays() async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(Self.plant)
      #expect(try await planted() == ["2|4", "2|4", "2|4"])
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil && run.tally.leftovers == 6)
      #expect(try await planted() == ["0|2", "0|2", "0|2"])
      #expect(await fixture.hansard.retention.run().tally.leftovers == 0)
    }
  }

  /// The planted defects: one kind is left, or goes too soon.
  @Test(arguments: [
    (of: "interval '7 days'", to: "interval '8 days'"),
    (of: "k.expires_at <= clock_timestamp()", to: "false"),
    (of: "o.expires_at <= clock_timestamp()", to: "true"),
  ])
  func whatIsLeftOrGoesTooSoonIsNoticed(of old: String, to new: String) async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(Self.plant)
      try await Mutant.make("trim_leftovers", [(of: old, to: new)])
      _ = await fixture.hansard.retention.run()
      #expect(try await planted() != ["0|2", "0|2", "0|2"])
    }
  }
}

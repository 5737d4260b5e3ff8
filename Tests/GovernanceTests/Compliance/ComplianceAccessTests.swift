// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// What the service itself writes of who looked and who changed what, as an analyst reads it.
@Suite(.serialized, .database)
struct ComplianceAccessTests {
  /// The words that the access log chooses entries by.
  private func chosenActions() async throws -> Set<String> {
    let definition = try await TestDatabase.current.psql(
      "select pg_get_viewdef('compliance.access_log')")
    let parts = definition.split(separator: "WHERE")
    try #require(parts.count == 2)
    // 'one'::text, 'another'::text
    let texts = parts[1].split(separator: "'", omittingEmptySubsequences: false)
    return Set(texts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
  }

  @Test func theAccessLogHasWhateverReadsContent() async throws {
    let reading = Operation.allCases.filter(\.readsContent).map(\.rawValue)
    #expect(try await chosenActions() == Set(reading))
    // The planted defect.
    try await TestDatabase.current.psql(
      """
      do $$
      begin
        execute 'create or replace view compliance.access_log with (security_invoker = true) as '
          || replace(pg_get_viewdef('compliance.access_log'), 'replay_recording', 'replay');
      end
      $$
      """)
    #expect(try await chosenActions() != Set(reading))
  }

  @Test func maturityIsWhatTheServiceSaysOfIt() async throws {
    try await Fixture.run { fixture in
      let agents = fixture.hansard.agents
      let bot = try #require(AgentID("bot"))
      let changes: [(Agent.Status, Party)] = [
        (.intern, fixture.acme), (.paused, fixture.globex), (.supervised, fixture.acme),
      ]
      for (status, party) in changes {
        _ = try await agents.put(bot, name: nil, status: status, by: party.admin)
      }
      // No change of it.
      _ = try await agents.put(bot, name: nil, status: .supervised, by: fixture.acme.admin)
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let periods = try await ground.run(
          """
          select agent_id, previous_maturity, maturity, valid_until is null, changed_by,
            changed_by_role
          from agent_maturity order by valid_from
          """)
        let admin = fixture.acme.admin.principal.actor
        #expect(
          periods == """
            bot||intern|f|\(admin)|admin
            bot|intern|supervised|t|\(admin)|admin

            """)
      }
    }
  }

  @Test func whoLooksIsSeenAndWhoIsRefusedToo() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      _ = try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.ann)
      let code = try await refusal {
        try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.bob)
      }
      #expect(code == .forbidden)
      // No content is read in a list.
      _ = try await recordings.list(.init(), limit: .standard, cursor: nil, by: acme.ann)
      try await AnalystGround.with(acme.tenant) { ground in
        let looks = try await ground.run(
          """
          select action, actor, actor_role, outcome, refusal_reason, recording_id, agent_id, user_id
          from access_log order by occurred_at, audit_id
          """)
        #expect(
          looks == """
            replay_recording|user:ann|member|allowed||\(id)|bot|ann
            replay_recording|user:bob|member|refused|This is not your recording.|\(id)|bot|ann

            """)
      }
    }
  }
}

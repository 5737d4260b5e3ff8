// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct AuditTests {
  private func audit() async throws -> [String] {
    try await TestDatabase.current.psql(
      """
      select concat_ws(' ', actor_role, action, outcome, governance_check_passed, refusal)
      from hansard.canvas_audit
      where action not in ('create_key', 'start_recording')
      order by occurred_at, audit_id
      """
    ).split(separator: "\n").map(String.init)
  }

  @Test func everyOperationButAnAppendLeavesItsEntry() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme, session: "s", canvas: "c")
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      _ = try await recordings.find(id, by: acme.ann)
      _ = try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: acme.ann)
      _ = try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.auditor)
      _ = try await recordings.list(.init(), limit: .standard, cursor: nil, by: acme.ann)
      _ = try await recordings.flag(id, reason: .reason("x"), by: acme.reviewer)
      _ = try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
      _ = try await recordings.startAutomatically(.by(), by: acme.recorder)
      #expect(
        try await audit() == [
          "member read_recording allowed t", "member read_events allowed t",
          "auditor replay_recording allowed t", "member list_recordings allowed t",
          "reviewer flag_recording allowed t", "recorder stop_recording allowed t",
          "recorder auto_recording allowed t",
        ])
      let stop = try await TestDatabase.current.psql(
        """
        select recording_id, agent_id, user_id, canvas_id, session_id, component_type,
          request_id, key_id, audit_metadata
        from hansard.canvas_audit where action = 'stop_recording'
        """)
      let key = try #require(acme.recorder.principal.key)
      #expect(
        stop == """
          \(id)|bot|ann|c|s|canvas_recording|\(acme.recorder.request)|\(key)|\
          {"status": "completed", "recording_id": "\(id)"}

          """)
      let start = try await TestDatabase.current.psql(
        "select recording_id, user_id from hansard.canvas_audit where action = 'start_recording'")
      #expect(start == "\(id)|ann\n")
    }
  }

  @Test func refusalsAreAuditedAndChangeNothing() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      let before = try await self.content()
      let refusals: [(DomainError.Code, () async throws -> Void)] = [
        (.forbidden, { _ = try await recordings.append([.of()], to: id, by: acme.bob) }),
        (.forbidden, { _ = try await recordings.find(id, by: acme.recorder) }),
        (.forbidden, { _ = try await recordings.flag(id, reason: .reason("x"), by: acme.bob) }),
        (
          .forbidden,
          { _ = try await recordings.stop(id, status: .failed, summary: nil, by: acme.reviewer) }
        ),
        (.forbidden, { _ = try await recordings.start(.by(user: "zoe"), by: acme.ann) }),
        (.notFound, { _ = try await recordings.find(.make(), by: acme.admin) }),
        (.notFound, { _ = try await recordings.append([.of()], to: .make(), by: acme.ann) }),
        (.forbidden, { _ = try await fixture.hansard.keys.list(by: acme.ann) }),
        (.forbidden, { _ = try await fixture.hansard.redaction.find(by: acme.ann) }),
        (
          .forbidden,
          { _ = try await fixture.hansard.redaction.set(.of(), replacing: 0, by: acme.auditor) }
        ),
        (
          .forbidden,
          {
            _ = try await fixture.hansard.redaction.attempt(
              .text("x"), under: nil, by: acme.reviewer)
          }
        ),
      ]
      for (code, body) in refusals { #expect(try await refusal(body) == code) }
      #expect(try await self.content() == before)
      #expect(
        try await audit() == [
          "member record_event refused f This is not your recording.",
          "recorder read_recording refused f A recorder reads nothing back.",
          "member flag_recording refused f This is not your recording.",
          "reviewer stop_recording refused f This is not your recording.",
          "admin read_recording refused f There is no such recording.",
          "member record_event refused f There is no such recording.",
          "member read_keys refused f Only admins and auditors may see this.",
          "member read_redaction_policy refused f Only admins and auditors may see this.",
          "auditor set_redaction_policy refused f Only an admin may change this.",
          "reviewer try_redaction refused f Only admins and auditors may see this.",
        ])
      // Too late is a refusal as well.
      _ = try await recordings.stop(id, status: .failed, summary: nil, by: acme.recorder)
      _ = try await refusal {
        try await recordings.stop(id, status: .failed, summary: nil, by: acme.recorder)
      }
      _ = try await refusal { try await recordings.append([.of()], to: id, by: acme.recorder) }
      #expect(
        try await audit().suffix(2) == [
          "recorder stop_recording refused f The recording was stopped before.",
          "recorder record_event refused f The recording is not open any more.",
        ])
    }
  }

  private func content() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select (select jsonb_agg(to_jsonb(r) order by recording_id) from hansard.canvas_recordings r),
        (select jsonb_agg(to_jsonb(p) order by recording_id) from hansard.recording_progress p),
        (select count(*) from hansard.recording_events), (select count(*) from hansard.users),
        (select count(*) from hansard.recording_flags), (select count(*) from hansard.api_keys),
        (select count(*) from hansard.redaction_policies)
      """)
  }

  /// Ways in which an audit entry cannot be written.
  static let failures = [
    "revoke insert on hansard.canvas_audit from hansard_service",
    """
    create function public.no_audit() returns trigger language plpgsql
      as $$ begin raise exception 'no'; end $$;
    create trigger no_audit before insert on hansard.canvas_audit
      for each row execute function public.no_audit()
    """,
    "alter table hansard.canvas_audit add constraint no_audit check (false) not valid",
    "alter table hansard.canvas_audit rename column action to deed",
    """
    create function public.late() returns trigger language plpgsql
      as $$ begin raise exception 'no'; end $$;
    create constraint trigger late after insert on hansard.canvas_audit
      deferrable initially deferred for each row execute function public.late()
    """,
  ]

  @Test(arguments: failures)
  func withoutItsEntryNothingIsDone(failure: String) async throws {
    try await Fixture.run { fixture in
      let (recordings, acme, hansard) = (fixture.recordings, fixture.acme, fixture.hansard)
      _ = try await hansard.agents.put(
        try #require(AgentID("bot")), name: nil, status: .autonomous, by: acme.admin)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of("1"), to: id, by: acme.recorder)
      try await TestDatabase.current.psql(failure)
      let before = try await content()
      let (bot, zoe) = (try #require(AgentID("bot")), try #require(UserID("zoe")))
      let key = try #require(acme.bob.principal.key)
      let operations: [() async throws -> Void] = [
        { _ = try await recordings.start(.by(user: "new"), by: acme.recorder) },
        { _ = try await recordings.startAutomatically(.by(user: "new"), by: acme.recorder) },
        {
          _ = try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
        },
        { _ = try await recordings.flag(id, reason: .reason("x"), by: acme.ann) },
        { _ = try await recordings.find(id, by: acme.ann) },
        { _ = try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: acme.ann) },
        { _ = try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.ann) },
        { _ = try await recordings.list(.init(), limit: .standard, cursor: nil, by: acme.ann) },
        { _ = try await hansard.agents.put(bot, name: nil, status: .paused, by: acme.admin) },
        { _ = try await hansard.agents.list(by: acme.admin) },
        { _ = try await hansard.users.put(zoe, name: nil, email: nil, by: acme.admin) },
        { _ = try await hansard.users.list(by: acme.admin) },
        { _ = try await Party.caller(.member, user: "zoe", by: acme.admin, in: hansard) },
        { _ = try await hansard.keys.revoke(key, by: acme.admin) },
        { _ = try await hansard.keys.list(by: acme.admin) },
        { _ = try await hansard.redaction.find(by: acme.admin) },
        { _ = try await hansard.redaction.set(.of(), replacing: 0, by: acme.admin) },
        { _ = try await hansard.redaction.attempt(.text("x"), under: nil, by: acme.admin) },
        // Not even a refusal is told without its entry.
        { _ = try await recordings.find(id, by: acme.bob) },
        { _ = try await recordings.append([.of()], to: id, by: acme.bob) },
        { _ = try await recordings.find(.make(), by: acme.admin) },
      ]
      // A deferred check fails the commit, and not the entry.
      let isDeferred = failure.contains("deferrable")
      for (index, operation) in operations.enumerated() {
        let code = try await refusal(operation)
        #expect(code == (isDeferred ? .internalError : .auditUnavailable), "operation \(index)")
      }
      let denials = fixture.metrics.sample("hansard_audit_denials_total")
      #expect(denials == (isDeferred ? 0 : Double(operations.count)))
      #expect(try await content() == before)
      let agents = try await TestDatabase.current.psql(
        "select string_agg(status, ' ') from hansard.agent_registry")
      #expect(agents == "autonomous\n")
      #expect(
        try await TestDatabase.current.psql(
          "select count(*) from hansard.api_keys where revoked_at is not null") == "0\n")
      // Events are their own record.
      try await recordings.appendOne(.of("2"), to: id, by: acme.recorder)
    }
  }
}

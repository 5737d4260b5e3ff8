// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What tenants' rules make of `/auto`, on a database.
@Suite(.serialized, .database)
struct AutomaticRulesTests {
  private func set(
    _ rules: [AutomaticRule], over version: Int = 0, in fixture: Fixture
  ) async throws {
    _ = try await fixture.hansard.policies.set(
      .init(retentionDays: nil, reviewSamplePercent: 0, automaticRules: rules),
      replacing: version, by: fixture.acme.admin)
  }

  private func tag(_ text: String) throws -> Governance.Tag { try #require(Tag(text)) }

  @Test func rulesDecideInPlaceOfTheMaturity() async throws {
    try await Fixture.run { fixture in
      let pattern = try #require(AutomaticRule.ActionPattern("pay*"))
      try await set(
        [
          AutomaticRule(tags: [try tag("quiet")], records: false),
          AutomaticRule(maturities: [.student], actions: [pattern], records: true),
        ], in: fixture)
      func auto(_ action: String, _ tags: [String] = []) async throws -> AutomaticOutcome {
        var draft = try AutomaticDraft.by(session: "s", action: action)
        draft.tags = try tags.map(tag)
        return try await fixture.recordings.startAutomatically(draft, by: fixture.acme.recorder)
      }
      #expect(try await auto("read").recording == nil)
      #expect(try await auto("pay_bill", ["quiet"]).recording == nil)
      let paid = try await auto("pay_bill", ["money", "autonomous"])
      #expect(paid.created)
      #expect(paid.decision == "By rule 2 of policy version 1: a recording was started.")
      let again = try await auto("pay_rent", ["rent", "money"])
      #expect(again.recording == paid.recording)
      #expect(again.decision == "By rule 2 of policy version 1: the open recording goes on.")
      let id = try #require(paid.recording)
      let tags = try await fixture.recordings.find(id, by: fixture.acme.ann).recording.tags
      let sorted = ["autonomous", "governance", "money", "pay_bill", "pay_rent", "rent"]
      #expect(tags.sorted() == sorted)
      // Other tenants have rules of their own.
      let other = try await fixture.recordings.startAutomatically(
        .by(action: "pay_bill"), by: fixture.globex.recorder)
      #expect(other.recording == nil)
      let trail = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'decided_by' from hansard.canvas_audit
        where action = 'auto_recording' order by occurred_at
        """)
      let one = "rule 1 of policy version 1", two = "rule 2 of policy version 1"
      #expect(trail == "\n\(one)\n\(two)\n\(two)\n\n")
    }
  }

  @Test func aTagIsRedactedInTheRecordingAndNotForTheRule() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.redaction.set(
        .of(rules: ["badge"]), replacing: 0, by: fixture.acme.admin)
      let pattern = try #require(AutomaticRule.ActionPattern("see-*"))
      try await set([AutomaticRule(actions: [pattern], records: true)], in: fixture)
      var draft = try AutomaticDraft.by(action: "see-badge-12345678")
      draft.tags = [try tag("badge-12345678")]
      let outcome = try await fixture.recordings.startAutomatically(
        draft, by: fixture.acme.recorder)
      let id = try #require(outcome.recording)
      let tags = try await fixture.recordings.find(id, by: fixture.acme.ann).recording.tags
      #expect(tags.count == 4 && !tags.joined().contains("12345678"))
    }
  }

  @Test func aRuleThatNamesATokenIsRefused() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.redaction.set(
        .of(rules: ["badge"]), replacing: 0, by: fixture.acme.admin)
      let rules = [
        AutomaticRule(records: true),
        AutomaticRule(tags: [try tag("a"), try tag("badge-12345678")], records: true),
      ]
      let error = try await domainError { try await set(rules, in: fixture) }
      #expect(error.violations.map(\.pointer) == ["/automatic_recording/1/tags/1"])
      #expect(error.violations.map(\.code) == ["secret_in_id"])
    }
  }

  @Test func rulesAreKeptWithTheirVersionAndInTheAuditLog() async throws {
    try await Fixture.run { fixture in
      let rules = [AutomaticRule(maturities: [.intern], records: true)]
      try await set(rules, in: fixture)
      let found = try await fixture.hansard.policies.find(by: fixture.acme.admin)
      #expect(found.terms.automaticRules == rules)
      try await set([], over: 1, in: fixture)
      let trail = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'automatic_recording_before',
          audit_metadata ->> 'automatic_recording_after'
        from hansard.canvas_audit where action = 'set_policy' order by occurred_at
        """)
      let text = #"[{"maturity":["intern"],"record":true}]"#
      #expect(trail == "none|\(text)\n\(text)|none\n")
      let kept = try await TestDatabase.current.psql(
        "select version, automatic_rules from hansard.tenant_policies order by version")
      #expect(kept == "1|[{\"record\": true, \"maturity\": [\"intern\"]}]\n2|\n")
    }
  }
}

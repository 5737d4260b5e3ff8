// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// A tenant's policy: its versions, its own rules, and what it is tried on.
@Suite(.serialized, .database)
struct RedactionPoliciesTests {
  private func stored(
    _ text: String, in id: RecordingID, _ fixture: Fixture
  ) async throws -> String {
    let (recordings, acme) = (fixture.recordings, fixture.acme)
    try await recordings.appendOne(.of("\"\(text)\""), to: id, by: acme.recorder)
    let event = try #require(await recordings.allEvents(of: id, by: acme.ann).last)
    return String(event.text.dropFirst().dropLast())
  }

  @Test func everythingIsRedactedUntilATenantSaysOtherwise() async throws {
    try await Fixture.run { fixture in
      let policy = try await fixture.hansard.redaction.find(by: fixture.acme.auditor)
      #expect(policy.version == 0 && policy.switchedOff == [] && policy.rules == [])
      #expect(policy.setAt == nil && policy.setBy == nil)
    }
  }

  @Test func aFamilyIsSwitchedOffAndOnAgain() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      let id = try await fixture.recordings.started(by: acme)
      let (address, token) = (PlantedSecret.address(1).text, PlantedSecret.token(1).text)
      #expect(FoundMarker.all(in: try await stored(address, in: id, fixture)).count == 1)
      let off = try await redaction.set(
        .of(switchedOff: ["phone", "email", "phone"]), replacing: 0, by: acme.admin)
      #expect(off.version == 1 && off.switchedOff == ["email", "phone"])
      #expect(off.setBy == acme.admin.principal.actor && off.setAt != nil)
      #expect(try await stored(address, in: id, fixture) == address)
      #expect(FoundMarker.all(in: try await stored(token, in: id, fixture)).count == 1)
      let on = try await redaction.set(.of(), replacing: 1, by: acme.admin)
      #expect(on.version == 2)
      #expect(FoundMarker.all(in: try await stored(address, in: id, fixture)).count == 1)
      let policies = try await TestDatabase.current.psql(
        "select redaction_policy from hansard.recording_events order by seq")
      #expect(policies == "0\n1\n1\n2\n")
      #expect(try await redaction.find(by: acme.auditor).version == 2)
      // The other tenant goes on as before.
      #expect(try await redaction.find(by: fixture.globex.admin).version == 0)
      _ = try await StoredLeaves.check(id)
    }
  }

  @Test func aTenantsOwnRulesFindItsOwnSecrets() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      let id = try await fixture.recordings.started(by: acme)
      let rules = [
        try CustomSecret(
          name: "ticket", position: .context, literal: "Ticket:", characters: .upperAlnum,
          length: 12...16),
        try CustomSecret(
          name: "badge", position: .prefix, literal: "bdg_", characters: .digit, length: 8...8),
      ]
      let texts = ["a bdg_12345678.", "ticket: ABCDEF123456", "bdg_1234567", "ABCDEF123456"]
      for text in texts { #expect(try await stored(text, in: id, fixture) == text) }
      let policy = try await redaction.set(
        .init(switchedOff: [], rules: rules), replacing: 0, by: acme.admin)
      #expect(policy.rules == rules.reversed())
      #expect(try await redaction.find(by: acme.admin).rules == policy.rules)
      let kept = try await stored(texts[0], in: id, fixture)
      #expect(kept.hasPrefix("a [REDACTED:badge:") && kept.hasSuffix("]."))
      #expect(try await stored(texts[1], in: id, fixture).hasPrefix("ticket: [REDACTED:ticket:"))
      for text in texts.suffix(2) { #expect(try await stored(text, in: id, fixture) == text) }
      let counts = try await TestDatabase.current.psql(
        "select redacted_families from hansard.recording_events where redacted_families <> '{}'")
      #expect(counts == "{badge}\n{ticket}\n")
      // They are the tenant's alone.
      let other = try await redaction.attempt(
        .text(texts[0]), under: nil, by: fixture.globex.admin)
      #expect(other.counts == [])
    }
  }

  @Test func draftsThatDoNotHoldAreRefusedWithPlaceAndWithoutTrace() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      let many = try RedactionPolicyDraft.of(rules: (0...100).map { "rule\($0)" })
      let drafts: [(String, RedactionPolicyDraft)] = try [
        ("/switched_off/1", .of(switchedOff: ["email", "nothing"])),
        ("/switched_off/0", .of(switchedOff: ["escaped_marker"])),
        ("/rules/1/name", .of(rules: ["badge", "badge"])), ("/rules", many),
      ]
      for (pointer, draft) in drafts {
        let error = try await domainError {
          try await redaction.set(draft, replacing: 0, by: acme.admin)
        }
        #expect(error.code == .validationFailed)
        #expect(error.violations.map(\.pointer) == [pointer])
        let tried = try await domainError {
          try await redaction.attempt(.text("x"), under: draft, by: acme.admin)
        }
        #expect(tried.violations.map(\.pointer) == ["/policy\(pointer)"])
      }
      let rows = try await TestDatabase.current.psql(
        """
        select (select count(*) from hansard.redaction_policies),
          (select count(*) from hansard.canvas_audit where action like '%redaction%')
        """)
      #expect(rows == "0|0\n")
      // As many as may be.
      let policy = try await redaction.set(
        .of(rules: (1...100).map { "rule\($0)" }), replacing: 0, by: acme.admin)
      #expect(policy.rules.count == 100)
    }
  }

  @Test func theAuditEntryHasThePolicyBeforeAndAfter() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      _ = try await redaction.set(
        .of(switchedOff: ["email", "phone"], rules: ["badge"]), replacing: 0, by: acme.admin)
      _ = try await redaction.set(
        .of(switchedOff: ["phone"], rules: ["pass"]), replacing: 1, by: acme.admin)
      let entry = try await TestDatabase.current.psql(
        """
        select component_type, actor_role, audit_metadata from hansard.canvas_audit
        where action = 'set_redaction_policy' order by occurred_at desc limit 1
        """)
      #expect(
        entry == """
          redaction_policy|admin|{"version": "2", "rules_after": "pass", "rules_before": "badge", \
          "switched_off_after": "phone", "switched_off_before": "email phone"}

          """)
    }
  }

  /// Of many who have seen the same version one wins; the others are told, and it is entered that they were.
  @Test func oneOfManyAtOnceWins() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      let codes = try await withThrowingTaskGroup(of: DomainError.Code?.self) { group in
        for number in 0..<10 {
          group.addTask {
            do {
              _ = try await redaction.set(
                .of(rules: ["rule\(number)"]), replacing: 0, by: acme.admin)
              return nil
            } catch let error as DomainError {
              return error.code
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes.filter { $0 == nil }.count == 1)
      #expect(codes.filter { $0 == .changedMeanwhile }.count == 9)
      #expect(try await redaction.find(by: acme.admin).version == 1)
      let trail = try await TestDatabase.current.psql(
        """
        select outcome, refusal, audit_metadata ->> 'version', count(*) from hansard.canvas_audit
        where action = 'set_redaction_policy' group by 1, 2, 3 order by 1
        """)
      #expect(
        trail == """
          allowed||1|1
          refused|The policy has been changed meanwhile.|1|9

          """)
    }
  }

  @Test func anotherInstanceFollowsWithinTheLifetime() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let address = PlantedSecret.address(1).text
      try await fixture.withTwin { twin in
        func isKept(_ hansard: Hansard) async throws -> Bool {
          let sample = try JSONValue.text(address)
          return try await hansard.redaction.attempt(sample, under: nil, by: acme.admin).counts
            == []
        }
        #expect(try await isKept(twin) == false)
        _ = try await fixture.hansard.redaction.set(
          .of(switchedOff: ["email"]), replacing: 0, by: acme.admin)
        // Here at once; there when what it knows is old enough.
        #expect(try await isKept(fixture.hansard))
        try await eventually(within: Redactors.lifetime + .seconds(2), "a policy that came over") {
          try await isKept(twin)
        }
      }
    }
  }

  @Test func aTrialStoresNothingButItsAuditEntry() async throws {
    try await Fixture.run { fixture in
      let (redaction, acme) = (fixture.hansard.redaction, fixture.acme)
      let id = try await fixture.recordings.started(by: acme)
      try await fixture.recordings.appendOne(.of(), to: id, by: acme.recorder)
      let (address, token) = (PlantedSecret.address(1).text, PlantedSecret.token(1).text)
      let sample = try JSONValue.of(
        #"{"to": "\#(address)", "with": ["\#(token)", "bdg-12345678"]}"#)
      let before = try await rows()
      let standard = try await redaction.attempt(sample, under: nil, by: acme.auditor)
      #expect(standard.counts.map(\.family) == ["email", "github_token"])
      let text = String(decoding: standard.bytes, as: UTF8.self)
      #expect(text.hasPrefix(#"{"to": "[REDACTED:email:"#) && text.hasSuffix(#"bdg-12345678"]}"#))
      let draft = try RedactionPolicyDraft.of(switchedOff: ["email"], rules: ["bdg"])
      let other = try await redaction.attempt(sample, under: draft, by: acme.admin)
      #expect(other.counts.map(\.family) == ["bdg", "github_token"])
      let after = try await rows()
      #expect(after.filter { before[$0.key] != $0.value } == ["canvas_audit": "2 more"])
      #expect(try await redaction.find(by: acme.admin).version == 0)
      let dump = try await TestDatabase.current.pgDump(schemaOnly: false)
      #expect(dump.contains("try_redaction"))
      #expect(!dump.contains(address) && !dump.contains(token) && !dump.contains("bdg"))
    }
  }

  /// A digest of each table's rows; of the audit log how many there are of trials.
  private func rows() async throws -> [String: String] {
    let tables = try await TestDatabase.current.psql(
      """
      select relname from pg_class
      where relnamespace = 'hansard'::regnamespace and relkind in ('r', 'p') and not relispartition
      order by relname
      """
    ).split(separator: "\n").map(String.init)
    var rows: [String: String] = [:]
    for table in tables where table != "canvas_audit" {
      rows[table] = try await TestDatabase.current.psql(
        "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from hansard.\(table) t"
      )
    }
    let trials = try await TestDatabase.current.psql(
      "select count(*) || ' more' from hansard.canvas_audit where action = 'try_redaction'")
    rows["canvas_audit"] = trials.split(separator: "\n").first.map(String.init)
    return rows
  }
}

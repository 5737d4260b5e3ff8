// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Governance

/// How long a refusal takes does not tell which keys there are.
@Suite(.serialized, .database)
struct KeyTimingTests {
  /// Keys that were used a moment ago, with secrets that are not theirs, and ids of nobody with the same.
  private struct Stage {
    let live: [String]
    let known: [String]
    let unknown: [String]
    let revoked: String
    let expired: String

    init(_ fixture: Fixture) async throws {
      let (hansard, acme) = (fixture.hansard, fixture.acme)
      func key(expiresAt: Timestamp? = nil) async throws -> (id: KeyID, text: String) {
        let (caller, text) = try await Party.caller(
          .admin, user: "ann", expiresAt: expiresAt, by: acme.operatorCaller, in: hansard)
        return (try #require(caller.principal.key), text)
      }
      var live: [String] = []
      for _ in 0..<16 { live.append(try await key().text) }
      self.live = live
      known = try live.map(Self.withAnotherSecret)
      // Made at the same time, as ids go.
      unknown = try live.map { _ in try APIKeyToken.make().text }
      let revoked = try await key()
      _ = try await hansard.keys.revoke(revoked.id, by: acme.operatorCaller)
      self.revoked = revoked.text
      expired = try await key(expiresAt: Timestamp.now().adding(days: -1)).text
    }

    static func withAnotherSecret(_ text: String) throws -> String {
      text.dropLast(43) + (try APIKeyToken.make().secret)
    }

    func useAll(_ authenticator: Authenticator) async throws {
      for text in live { _ = try await authenticator.authenticate(bearer: text) }
    }
  }

  private func refuse(_ text: String, _ authenticator: Authenticator) async throws {
    let code = try await refusal { try await authenticator.authenticate(bearer: text) }
    guard code == .unauthenticated else { throw TestSupportError("not refused: \(code)") }
  }

  private func defective(_ hansard: Hansard) -> Authenticator {
    Authenticator(
      database: hansard.authenticator.database, redactors: hansard.authenticator.redactors,
      verifyToken: nil, refusesFromMemory: true)
  }

  /// What holds on any machine: a refusal asks once, whatever is wrong, and only the right secret is
  /// recognised without asking.
  @Test func everyRefusalAsksOnce() async throws {
    try await Fixture.run { fixture in
      let stage = try await Stage(fixture)
      try await countQuestions()
      for (authenticator, isDefective) in [
        (fixture.hansard.authenticator, false), (defective(fixture.hansard), true),
      ] {
        try await stage.useAll(authenticator)
        let asked = try await questions()
        try await stage.useAll(authenticator)
        #expect(try await questions() == asked)
        let cases = [
          ("known", stage.known[0]), ("unknown", stage.unknown[0]), ("revoked", stage.revoked),
          ("expired", stage.expired),
          ("revoked, wrong", try Stage.withAnotherSecret(stage.revoked)),
        ]
        for (name, text) in cases {
          let before = try await questions()
          // Twice: what was refused is not remembered.
          for _ in 0..<2 { try await refuse(text, authenticator) }
          let count = try await questions() - before
          #expect(count == (isDefective && name == "known" ? 0 : 2), "\(name)")
        }
        // A wrong secret pushes nothing out, and puts nothing in.
        let before = try await questions()
        try await stage.useAll(authenticator)
        #expect(try await questions() == before)
      }
    }
  }

  /// X5: 10,000 of each with `TIMING_SAMPLES=10000`.
  @Test(.timeLimit(.minutes(10)))
  func aWrongSecretTakesAsLongAsAnUnknownKey() async throws {
    try await Fixture.run { fixture in
      let stage = try await Stage(fixture)
      let authenticator = fixture.hansard.authenticator
      let found = try await compare(stage, authenticator)
      print("X5, wrong secret and unknown key: \(found)")
      #expect(found.last?.isAlike == true)
      // The harness finds what it is there to find.
      let defect = try await compare(stage, defective(fixture.hansard))
      print("X5 with the planted defect: \(defect)")
      #expect(defect.count == 3 && defect.allSatisfy { $0.test.p < 1e-9 })
    }
  }

  private func compare(
    _ stage: Stage, _ authenticator: Authenticator
  ) async throws -> [TimingComparison] {
    try await TimingComparison.repeatedly {
      try await stage.useAll(authenticator)
      return try await TimingComparison.measure { number in
        try await refuse(stage.known[number % stage.known.count], authenticator)
      } _: { number in
        try await refuse(stage.unknown[number % stage.unknown.count], authenticator)
      }
    }
  }

  /// Puts a counter into the one function that is asked.
  private func countQuestions() async throws {
    try await TestDatabase.current.psql(
      """
      create sequence public.questions;
      grant usage on sequence public.questions to hansard_owner;
      grant usage on schema public to hansard_owner;
      alter function hansard.find_api_key(uuid) rename to really_find_api_key;
      create function hansard.find_api_key(wanted uuid)
      returns table (
        tenant_id uuid, secret_hash bytea, role text, user_id text, agent_id text, is_live boolean)
      language plpgsql security definer as
      $$
      begin
        perform nextval('public.questions');
        return query select k.* from hansard.really_find_api_key(wanted) as k;
      end
      $$;
      alter function hansard.find_api_key(uuid) owner to hansard_owner;
      grant execute on function hansard.find_api_key(uuid) to hansard_service;
      """)
  }

  private func questions() async throws -> Int {
    let text = try await TestDatabase.current.psql(
      "select case when is_called then last_value else 0 end from public.questions")
    return try #require(Int(text.filter(\.isNumber)))
  }
}

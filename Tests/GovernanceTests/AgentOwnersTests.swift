// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Who owns an agent, and that it stays so while somebody judges what the agent did.
@Suite(.serialized, .database)
struct AgentOwnersTests {
  private static let decision = Decision(
    verdict: .approved, ratings: .init(overall: nil, performance: nil, safety: nil),
    feedback: nil, identifiedIssues: [], positivePatterns: [], lessonsLearned: nil,
    governanceNotes: nil)

  private static func ids(_ words: String...) throws -> [UserID] {
    try words.map { try #require(UserID($0)) }
  }

  @Test func ownersAreSetKeptAndRemoved() async throws {
    try await Fixture.run { fixture in
      let (agents, acme) = (fixture.hansard.agents, fixture.acme)
      let bot = try #require(AgentID("bot"))
      func put(_ owners: [UserID]?) async throws -> [String] {
        try await agents.put(bot, name: nil, status: .intern, owners: owners, by: acme.admin)
          .owners.map(\.rawValue)
      }
      #expect(try await put(nil) == [])
      #expect(try await put(Self.ids("zoe", "ann", "zoe")) == ["ann", "zoe"])
      #expect(try await put(nil) == ["ann", "zoe"])
      #expect(try await put(Self.ids("zoe", "bob")) == ["bob", "zoe"])
      #expect(try await put([]) == [])
      #expect(try await put(Self.ids("ann")) == ["ann"])
      #expect(try await agents.list(by: acme.auditor).map(\.owners) == [Self.ids("ann")])
      // The periods that have ended stay, with who made and who ended them.
      let actor = acme.admin.principal.actor
      let periods = try await TestDatabase.current.psql(
        """
        select user_id, until is null, coalesce(removed_by = added_by, true) and added_by = '\(actor)'
        from hansard.agent_owners order by user_id, since
        """)
      #expect(periods == "ann|f|t\nann|t|t\nbob|f|t\nzoe|f|t\n")
      // The other tenant's agent of that name has none.
      let other = try await agents.put(bot, name: nil, status: .intern, by: fixture.globex.admin)
      #expect(other.owners == [])
    }
  }

  @Test func whatCannotOwnIsRefusedAndChangesNothing() async throws {
    try await Fixture.run { fixture in
      let (agents, acme) = (fixture.hansard.agents, fixture.acme)
      let bot = try #require(AgentID("bot"))
      func put(_ owners: [UserID], by caller: Caller) async throws -> DomainError {
        try await domainError {
          try await agents.put(bot, name: nil, status: .intern, owners: owners, by: caller)
        }
      }
      let token = try #require(UserID(PlantedSecret.token(1).text))
      let secret = try await put([try #require(UserID("ann")), token], by: acme.admin)
      #expect(secret.violations.map(\.pointer) == ["/owner_user_ids/1"])
      #expect(secret.violations.map(\.code) == ["secret_in_id"])
      let crowd = try (0...Agent.maximumOwners).map { try #require(UserID("user\($0)")) }
      let many = try await put(crowd, by: acme.admin)
      #expect(many.violations.map(\.code) == ["too_many"])
      #expect(try await put([], by: acme.auditor).code == .forbidden)
      let left = try await TestDatabase.current.psql(
        """
        select (select count(*) from hansard.agent_registry),
          (select count(*) from hansard.users where user_id like 'user%')
        """)
      #expect(left == "0|0\n")
    }
  }

  /// A review of ann's recording that the reviewer, rita, has claimed.
  private func claimed(_ fixture: Fixture) async throws -> Review {
    let acme = fixture.acme
    let recording = try await fixture.recordings.started(by: acme)
    _ = try await fixture.recordings.flag(recording, reason: .reason("x"), by: acme.ann)
    return try #require(
      try await fixture.hansard.reviews.claimNext(for: .seconds(600), by: acme.reviewer))
  }

  /// Waits until a transaction waits for somebody who holds the owners.
  private func somebodyWaits() async throws {
    try await eventually("a transaction that waits") {
      try await TestDatabase.current.psql(
        """
        select count(*) from pg_locks
        where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())
        """) == "1\n"
    }
  }

  /// The change is committed between the reviewer's request and the decision.
  @Test func whoComesToOwnItWhileDecidingIsRefused() async throws {
    try await Fixture.run { fixture in
      let (reviews, acme) = (fixture.hansard.reviews, fixture.acme)
      let review = try await claimed(fixture)
      let admin = try await TestDatabase.current.connect(role: "hansard_service")
      for query in [
        Query("begin"), .setTenant(acme.tenant), .lockOwners(of: review.agent, of: acme.tenant),
        .setOwners(try Self.ids("rita"), of: review.agent, of: acme.tenant, by: "user:x"),
      ] { _ = try await admin.execute(query) }
      async let decided = refusal {
        try await reviews.decide(review.id, Self.decision, seen: nil, by: acme.reviewer)
      }
      try await somebodyWaits()
      _ = try await admin.execute(Query("commit"))
      let code = try await decided
      #expect(code == .forbidden)
      await admin.close()
    }
  }

  /// Who owns an agent waits for whoever judges; its status does not.
  @Test func ownersWaitForWhoJudgesAndPausingDoesNot() async throws {
    try await Fixture.run { fixture in
      let (agents, acme) = (fixture.hansard.agents, fixture.acme)
      let review = try await claimed(fixture)
      let judge = try await TestDatabase.current.connect(role: "hansard_service")
      for query in [
        Query("begin"), .setTenant(acme.tenant), .holdOwners(ofReview: review.id, of: acme.tenant),
      ] { _ = try await judge.execute(query) }
      async let owned = agents.put(
        review.agent, name: nil, status: .intern, owners: try Self.ids("rita"), by: acme.admin)
      try await somebodyWaits()
      let paused = try await agents.put(review.agent, name: nil, status: .paused, by: acme.admin)
      #expect(paused.owners == [] && paused.status == .paused)
      // So do others who judge, before and behind whom it waits.
      _ = try await judge.execute(Query("commit"))
      let owners = try await owned.owners.map(\.rawValue)
      #expect(owners == ["rita"])
      await judge.close()
    }
  }

  /// Verdicts and changes of owners at once: none is an owner's, and nobody waits for ever.
  @Test(.timeLimit(.minutes(2))) func noVerdictIsAnOwners() async throws {
    try await Fixture.run { fixture in
      let (hansard, acme) = (fixture.hansard, fixture.acme)
      for _ in 0..<20 {
        let review = try await claimed(fixture)
        async let owned = hansard.agents.put(
          review.agent, name: nil, status: .intern, owners: try Self.ids("rita"), by: acme.admin)
        async let decided: Review? = {
          do {
            return try await hansard.reviews.decide(
              review.id, Self.decision, seen: nil, by: acme.reviewer)
          } catch let error as DomainError where error.code == .forbidden {
            return nil
          }
        }()
        let (_, verdict) = (try await owned, try await decided)
        // Both entries are written after their lock was got: the order is that of the transactions.
        let late = try await TestDatabase.current.psql(
          """
          select count(*)
          from hansard.review_entries as e
          join hansard.agent_owners as o on o.user_id = 'rita' and o.until is null
          where e.review_id = '\(review.id)' and e.kind = 'decided' and e.occurred_at > o.since
          """)
        #expect(late == "0\n", "\(verdict == nil)")
        _ = try await hansard.agents.put(
          review.agent, name: nil, status: .intern, owners: [], by: acme.admin)
      }
    }
  }
}

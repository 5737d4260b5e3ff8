// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Rates and quotas on a database, without HTTP.
@Suite(.serialized, .database)
struct LimiterTests {
  private func set(
    _ limits: TenantLimits, over version: Int = 0, in fixture: Fixture
  ) async throws {
    _ = try await fixture.hansard.policies.set(
      .init(retentionDays: nil, reviewSamplePercent: 0, limits: limits), replacing: version,
      by: fixture.acme.admin)
  }

  private func admit(
    _ caller: Caller, _ operation: Governance.Operation = .readRecording, by limiter: Limiter,
    mayBeDone: Bool = false
  ) async throws -> DomainError? {
    try await limiter.admit(caller.principal, operation, mayBeDone: mayBeDone).refusal
  }

  @Test func nobodyIsLimitedUntilAPolicySaysSo() async throws {
    try await Fixture.run { fixture in
      let limiter = fixture.hansard.limiter
      for _ in 0..<1000 {
        let verdict = try await limiter.admit(
          fixture.acme.recorder.principal, .appendEvents, mayBeDone: false)
        #expect(verdict.refusal == nil && verdict.standings.isEmpty)
      }
      let usage = try await TestDatabase.current.psql("select count(*) from hansard.daily_usage")
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await fixture.recordings.appendOne(.of(), to: id, by: fixture.acme.recorder)
      #expect(usage == "0\n")
    }
  }

  @Test func requestsComeBackWithTime() async throws {
    try await Fixture.run { fixture in
      let clock = TestClock()
      let limiter = Limiter(database: Fixture.database(), now: { clock.now })
      try await set(.init(keyRate: .init(perMinute: 60, burst: 2)), in: fixture)
      let (ann, bob) = (fixture.acme.ann, fixture.acme.bob)
      #expect(try await admit(ann, by: limiter) == nil)
      #expect(try await admit(ann, by: limiter) == nil)
      let refusal = try #require(try await admit(ann, by: limiter))
      #expect(refusal.code == .rateLimited && refusal.retryAfter == .seconds(1))
      #expect(try await admit(bob, by: limiter) == nil)
      #expect(try await admit(fixture.globex.ann, by: limiter) == nil)
      clock.advance(by: .milliseconds(999))
      #expect(try await admit(ann, by: limiter) != nil)
      clock.advance(by: .milliseconds(1))
      #expect(try await admit(ann, by: limiter) == nil)
      #expect(try await admit(ann, by: limiter) != nil)
    }
  }

  /// Otherwise nobody could lift a limit that is used up, or stop the key that does it.
  @Test func anAdminAlwaysReachesThePolicyAndTheKeys() async throws {
    try await Fixture.run { fixture in
      let limiter = fixture.hansard.limiter
      try await set(.init(tenantRate: .init(perMinute: 1, burst: 1)), in: fixture)
      #expect(try await admit(fixture.acme.recorder, .appendEvents, by: limiter) == nil)
      for operation in Operation.allCases {
        let isFree = [.readPolicy, .managePolicy, .readKeys, .revokeKey].contains(operation)
        let admins = try await admit(fixture.acme.admin, operation, by: limiter)
        #expect((admins == nil) == isFree, "\(operation)")
        let recorders = try await admit(fixture.acme.recorder, operation, by: limiter)
        #expect(recorders?.code == .rateLimited, "\(operation)")
      }
    }
  }

  @Test func otherInstancesFollowInTheirNextRound() async throws {
    try await Fixture.run { fixture in
      try await fixture.withTwin { twin in
        let ann = fixture.acme.ann
        #expect(try await admit(ann, by: twin.limiter) == nil)
        try await set(.init(tenantRate: .init(perMinute: 1, burst: 1)), in: fixture)
        #expect(try await admit(ann, by: fixture.hansard.limiter) == nil)
        #expect(try await admit(ann, by: fixture.hansard.limiter) != nil)
        for _ in 0..<5 { #expect(try await admit(ann, by: twin.limiter) == nil) }
        try await twin.limiter.makeRound()
        #expect(try await admit(ann, by: twin.limiter) == nil)
        #expect(try await admit(ann, by: twin.limiter) != nil)
        try await set(.none, over: 1, in: fixture)
        try await twin.limiter.makeRound()
        #expect(try await admit(ann, by: twin.limiter) == nil)
      }
    }
  }

  @Test func idleTenantsAreForgotten() async throws {
    try await Fixture.run { fixture in
      let limiter = fixture.hansard.limiter
      for party in [fixture.acme, fixture.globex] { _ = try await admit(party.ann, by: limiter) }
      #expect(limiter.tenantCount == 2)
      for _ in 0..<TenantMeter.patience {
        _ = try await admit(fixture.globex.ann, by: limiter)
        try await limiter.makeRound()
      }
      #expect(limiter.tenantCount == 1)
    }
  }

  /// Its connections are closed: there is nothing that it could ask.
  @Test func aRefusalAsksTheDatabaseForNothing() async throws {
    try await Fixture.run { fixture in
      let rate = TenantLimits.Rate(perMinute: 1, burst: 1)
      try await set(.init(keyRate: rate, eventsPerDay: 1, recordingsPerDay: 1), in: fixture)
      try await fixture.withTwin { twin in
        let (ann, bob) = (fixture.acme.ann, fixture.acme.bob)
        #expect(try await admit(ann, by: twin.limiter) == nil)
        #expect(try await twin.limiter.take(1, of: .events, for: ann.tenant) != nil)
        let code = try await refusal {
          try await twin.limiter.take(1, of: .events, for: ann.tenant)
        }
        #expect(code == .quotaExceeded)
        await twin.close()
        #expect(try await admit(ann, by: twin.limiter)?.code == .rateLimited)
        #expect(try await admit(bob, .appendEvents, by: twin.limiter)?.code == .quotaExceeded)
        let again = try await refusal {
          try await twin.limiter.take(1, of: .events, for: ann.tenant)
        }
        #expect(again == .quotaExceeded)
      }
    }
  }
}

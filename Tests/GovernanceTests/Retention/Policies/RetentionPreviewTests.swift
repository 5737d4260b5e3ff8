// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A preview says what comes of it: random recordings, each preview against what is gone afterwards.
@Suite(.serialized, .database)
struct RetentionPreviewTests {
  private static func random(_ generator: inout SeededGenerator) -> RetentionGround.Planted {
    let retains = Int.random(in: 0..<3, using: &generator) == 0
    return .init(
      stoppedHoursAgo: Int.random(in: 1...100 * 24, using: &generator),
      retainDays: retains ? Int.random(in: 1...100, using: &generator) : nil,
      // Most by what is in force, some by what was in force before.
      days: [90, 90, 90, 45, 91].randomElement(using: &generator) ?? 90,
      isHeld: Int.random(in: 0..<8, using: &generator) == 0,
      events: Int.random(in: 0...1000, using: &generator))
  }

  /// What the preview says otherwise than what comes of it.
  private func findings(_ days: Int, _ minimum: Int?, _ fixture: Fixture) async throws -> [String] {
    let (ground, psql) = (fixture.ground, TestDatabase.current.psql)
    if let minimum {
      try await ground.settle(days: nil, minimum: minimum)
      try await ground.apply()
    }
    let preview = try await fixture.hansard.policies.previewRetention(
      days: days, profile: nil, by: fixture.acme.auditor)
    _ = try await psql(
      """
      create table public.before as
        select recording_id, expires_at, started_at, stopped_at
        from hansard.canvas_recordings
        where stopped_at is not null and (hold_count > 0 or expires_at > clock_timestamp())
      """)
    try await ground.settle(days: days, minimum: minimum)
    let wait = days < 90 ? "7 days" : "0 days"
    #expect(
      abs(preview.appliesAt.seconds(since: .now()) - (days < 90 ? 604_800 : 0)) < 60)
    try await ground.pass(wait)
    try await ground.apply()
    let outcome = try await psql(
      """
      select
        count(*) filter (where gone), coalesce(sum(event_count) filter (where gone), 0),
        count(*) filter (where gone and before <= clock_timestamp()),
        count(*) filter (where expires_at < before - interval '1 second'),
        count(*) filter (where expires_at < before - interval '1 second' and hold_count > 0),
        min(started_before) filter (where gone), max(started_before) filter (where gone)
      from (
        select r.*, b.expires_at - interval '\(wait)' as before, b.started_at as started_before,
          r.hold_count = 0 and r.expires_at <= clock_timestamp() as gone
        from public.before as b
        join hansard.canvas_recordings as r using (recording_id)
      ) as x
      """)
    // What expires while it waits is not brought forward any more.
    let said = try await psql(
      """
      select '\(preview.expiredRecordings)', '\(preview.expiredEvents)', '\(preview.expiredAnyway)',
        '\(preview.earlierRecordings)'::bigint - (
          select count(*)
          from public.before as b
          join hansard.canvas_recordings as r using (recording_id)
          where r.hold_count = 0 and b.expires_at - interval '\(wait)' <= clock_timestamp()
            and greatest(
              r.retain_until, r.stopped_at + make_interval(days => \(minimum ?? 0)),
              r.stopped_at + make_interval(days => \(days)))
              < r.expires_at - interval '1 second'),
        '\(preview.earlierHeld)',
        \(preview.oldestStartedAt.map { "'\($0.rfc3339)'" } ?? "null")::timestamptz,
        \(preview.newestStartedAt.map { "'\($0.rfc3339)'" } ?? "null")::timestamptz
      """)
    _ = try await psql("drop table public.before")
    let left = try await RetentionGround.findings(days: days)
    return left + (outcome == said ? [] : ["\(days): said \(said), came \(outcome)"])
  }

  private static let cases: [(days: Int, minimum: Int?)] = [
    (30, nil), (1, nil), (60, 50), (89, nil), (40, 40), (120, nil), (90, 80),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: cases)
  func whatItSaysIsWhatComes(days: Int, minimum: Int?) async throws {
    try await Fixture.run { fixture in
      var generator = SeededGenerator(seed: UInt64(days))
      try await fixture.ground.plant((0..<300).map { _ in Self.random(&generator) })
      #expect(try await findings(days, minimum, fixture) == [])
    }
  }

  /// The planted defect: what is kept for longer is forgotten where it is applied.
  @Test func anApplicationThatForgetsWhatIsKeptIsNoticed() async throws {
    try await Fixture.run { fixture in
      var generator = SeededGenerator(seed: 7)
      try await fixture.ground.plant((0..<300).map { _ in Self.random(&generator) })
      try await Mutant.make(
        "apply_retention_change",
        [(of: "expires_at = greatest(\n      r.retain_until,", to: "expires_at = greatest(")])
      try await TestDatabase.current.psql(
        """
        alter table hansard.canvas_recordings
          drop constraint canvas_recordings_expires_after_retention
        """)
      #expect(try await findings(30, nil, fixture) != [])
    }
  }

  @Test func itIsAskedAsItWouldBeSet() async throws {
    try await Fixture.run { fixture in
      let (policies, acme) = (fixture.hansard.policies, fixture.acme)
      try await fixture.ground.plant([
        .init(stoppedHoursAgo: 40 * 24), .init(stoppedHoursAgo: 40 * 24, isHeld: true),
        .init(stoppedHoursAgo: 40 * 24, retainDays: 60), .init(stoppedHoursAgo: 24, events: 7),
      ])
      let preview = try await policies.previewRetention(days: 31, profile: nil, by: acme.auditor)
      #expect(preview.expiredRecordings == 1 && preview.expiredEvents == 1)
      #expect(preview.expiredAnyway == 0 && preview.earlierHeld == 1)
      #expect(preview.earlierRecordings == 4 && preview.keptByMinimum == 1)
      let kept = try await policies.previewRetention(
        days: 60, profile: .gdprMinimum, by: acme.admin)
      #expect(kept.minimumDays == 31 && kept.expiredRecordings == 0)
      for (days, profile) in [(30, RetentionProfile.gdprMinimum), (183, .euAIAct)] {
        #expect(
          try await refusal {
            try await policies.previewRetention(days: days, profile: profile, by: acme.admin)
          } == .validationFailed)
      }
      #expect(
        try await refusal {
          try await policies.previewRetention(days: 30, profile: nil, by: acme.reviewer)
        } == .forbidden)
      // Nothing was changed by asking.
      #expect(try await policies.find(by: acme.admin).version == 0)
      let none = try await policies.previewRetention(
        days: 30, profile: nil, by: fixture.globex.admin)
      #expect(none.expiredRecordings == 0 && none.oldestStartedAt == nil)
    }
  }
}

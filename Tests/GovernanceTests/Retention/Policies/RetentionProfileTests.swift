// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Testing

@testable import Governance

/// A policy that is below its profile is refused, with the article.
struct RetentionProfileTests {
  /// Written down from the texts.
  private static let table: [(RetentionProfile, days: Int, article: String)] = [
    (.euAIAct, 184, "Regulation (EU) 2024/1689, Articles 19(1) and 26(6)"),
    (.hipaa, 2192, "45 CFR 164.316(b)(2)(i)"),
    (.soc2, 365, "AICPA TSP Section 100, CC7.2"),
    (.gdprMinimum, 31, "Regulation (EU) 2016/679, Article 12(3)"),
  ]

  private func refusal(
    _ days: Int?, _ profile: RetentionProfile?, own: Int? = nil, standard: Int
  ) -> DomainError.Violation? {
    var terms = TenantPolicy.Terms(retentionDays: days, reviewSamplePercent: 0)
    terms.retentionProfile = profile
    terms.minimumRetentionDays = own
    do throws(DomainError) {
      try terms.requireMinimum(standard: standard)
      return nil
    } catch {
      return error.violations.first
    }
  }

  @Test func eachHasItsMinimum() {
    #expect(Self.table.map(\.0) == RetentionProfile.allCases)
    for (profile, days, article) in Self.table {
      #expect(profile.minimumDays == days && profile.article == article)
      // With days of its own, whatever the deployment says.
      #expect(refusal(days, profile, standard: 1) == nil)
      let short = refusal(days - 1, profile, standard: 36_500)
      #expect(short?.pointer == "/retention_days")
      #expect(
        short?.reason == "It must be at least \(days), for \(profile.rawValue), by \(article).")
      // Without, by the deployment's.
      #expect(refusal(nil, profile, standard: days) == nil)
      let below = refusal(nil, profile, standard: days - 1)
      #expect(below?.reason.hasPrefix("The deployment's \(days - 1) days are too few") == true)
      #expect(below?.reason.contains(article) == true)
    }
  }

  @Test func theLargerOfTwoMinimumsCounts() {
    #expect(refusal(364, .soc2, own: 10, standard: 90)?.reason.contains("CC7.2") == true)
    #expect(refusal(365, .soc2, own: 10, standard: 90) == nil)
    let own = refusal(399, .soc2, own: 400, standard: 90)
    #expect(own?.reason == "It must be at least 400, for its own minimum_retention_days.")
    #expect(refusal(400, .soc2, own: 400, standard: 90) == nil)
    #expect(refusal(9, nil, own: 10, standard: 90) != nil)
    #expect(refusal(nil, nil, standard: 1) == nil)
  }
}

/// What a new policy changes about retention, of every kind.
struct RetentionStepTests {
  private static let standard = 90

  private func terms(_ days: Int?, _ minimum: Int? = nil) -> RetentionTerms {
    RetentionTerms(days: days, minimumDays: minimum)
  }

  private func waiting(_ terms: RetentionTerms, hasBegun: Bool = false) -> RetentionChange {
    RetentionChange(
      id: .version7(), daysBefore: 90, terms: terms, appliesAt: .now(), hasBegun: hasBegun)
  }

  private func step(
    from inForce: RetentionTerms, _ change: RetentionChange? = nil, to wanted: RetentionTerms
  ) -> RetentionStep {
    RetentionStep(from: inForce, waiting: change, to: wanted, standard: Self.standard)
  }

  @Test func longerHoldsAtOnceAndShorterLater() {
    let longer = step(from: terms(nil), to: terms(91))
    #expect(longer.inForce == terms(91) && longer.extends && longer.shortening == .none)
    let shorter = step(from: terms(nil), to: terms(89))
    #expect(shorter.inForce == terms(nil) && !shorter.extends)
    #expect(shorter.shortening == .begins(terms(89)))
    let same = step(from: terms(nil), to: terms(90))
    #expect(same.inForce == terms(90) && !same.extends && same.shortening == .none)
  }

  @Test func whatWaitsIsKeptReplacedOrUndone() {
    let change = waiting(terms(30))
    #expect(step(from: terms(60), change, to: terms(30)).shortening == .kept)
    #expect(step(from: terms(60), change, to: terms(31)).shortening == .begins(terms(31)))
    #expect(step(from: terms(60), change, to: terms(30, 10)).shortening == .begins(terms(30, 10)))
    #expect(step(from: terms(60), change, to: terms(60)).shortening == .none)
    #expect(step(from: terms(60), change, to: terms(61)).extends)
  }

  /// What has begun comes to its end, unless something else is to be done to all recordings.
  @Test func whatHasBegunIsNotUndone() {
    let change = waiting(terms(30), hasBegun: true)
    #expect(step(from: terms(30), change, to: terms(30)).shortening == .kept)
    let longer = step(from: terms(30), change, to: terms(60))
    #expect(longer.shortening == .none && longer.extends)
    #expect(step(from: terms(30), change, to: terms(20)).shortening == .begins(terms(20)))
    let raised = step(from: terms(30), change, to: terms(30, 20))
    #expect(raised.shortening == .kept && raised.extends)
  }

  /// A minimum is raised at once and given up no sooner than the days.
  @Test func aMinimumIsNeverGivenUpEarly() {
    let raised = step(from: terms(200), to: terms(190, 184))
    #expect(raised.inForce == terms(200, 184) && raised.extends)
    #expect(raised.shortening == .begins(terms(190, 184)))
    let lowered = step(from: terms(200, 184), to: terms(100))
    #expect(lowered.inForce == terms(200, 184) && !lowered.extends)
    #expect(lowered.shortening == .begins(terms(100)))
    // With the days as they are it holds for what stops from now on; what has stopped keeps its own.
    let same = step(from: terms(200, 184), to: terms(200))
    #expect(same.inForce == terms(200) && !same.extends && same.shortening == .none)
    // The deployment's days have fallen below the minimum, which was kept.
    let fallen = step(from: terms(nil, 184), to: terms(nil))
    #expect(fallen.inForce == terms(nil, 184) && fallen.shortening == .begins(terms(nil)))
  }
}

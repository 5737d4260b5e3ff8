// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

/// What is decided of alerts without a database: one step on each side of every edge.
@Suite struct RecoveryAlertTermsTests {
  private static let base = Timestamp(microseconds: 1_800_000_000_000_000)
  private static let terms = RecoveryAlertTerms(
    failures: .init(count: 3, windowSeconds: 400),
    successRate: .init(belowPercent: 33, windowSeconds: 800, minimumAttempts: 4),
    tellsEscalations: true, repeatAfterSeconds: 3600)

  private func verdict(
    _ kind: RecoveryAlert.Kind, raised: Double, seen: Double, holds: Bool = true
  ) -> RecoveryAlertVerdict {
    func ago(_ seconds: Double) -> Timestamp {
      Timestamp(microseconds: Self.base.microseconds - Int64(seconds * 1_000_000))
    }
    let standing = RecoveryAlertStanding(number: 7, raisedAt: ago(raised), seenAt: ago(seen))
    return Self.terms.verdict(kind, holds: holds, standing, at: Self.base)
  }

  @Test func theFirstIsRaisedAndNothingWhereNothingHolds() {
    for kind in RecoveryAlert.Kind.allCases {
      #expect(Self.terms.verdict(kind, holds: true, nil, at: Self.base) == .raised)
      #expect(Self.terms.verdict(kind, holds: false, nil, at: Self.base) == .nothing)
      #expect(verdict(kind, raised: 99_999, seen: 99_999, holds: false) == .nothing)
    }
  }

  @Test(arguments: [
    // Fresh, and looked at again after a quarter of the window.
    (0.0, 0.0, RecoveryAlertVerdict.nothing), (3000, 99.999_999, .nothing), (3000, 100, .lasting),
    // It has lasted until the window and a quarter are over.
    (3000, 500, .lasting), (3000, 500.000_001, .raised),
    // However fresh, it is raised again after an hour.
    (3599.999_999, 50, .nothing), (3600, 50, .raised), (3600, 0, .raised),
    // A clock that was put back raises nothing twice.
    (-5, -5, .nothing),
  ])
  func anAlertLastsAndIsRaisedAgain(
    raised: Double, seen: Double, expected: RecoveryAlertVerdict
  ) {
    #expect(verdict(.failures, raised: raised, seen: seen) == expected)
  }

  @Test func eachKindHasItsOwnWindow() {
    #expect(verdict(.successRate, raised: 3000, seen: 199) == .nothing)
    #expect(verdict(.successRate, raised: 3000, seen: 200) == .lasting)
    #expect(verdict(.successRate, raised: 3000, seen: 1000) == .lasting)
    #expect(verdict(.successRate, raised: 3000, seen: 1001) == .raised)
    // An escalation does not last: it comes again after an hour, or not at all.
    #expect(verdict(.escalation, raised: 3599, seen: 3599) == .nothing)
    #expect(verdict(.escalation, raised: 3600, seen: 3600) == .raised)
  }

  /// Whoever does not look would have found nothing to do.
  @Test func whatIsSettledComesToNothing() {
    for kind in RecoveryAlert.Kind.allCases {
      var settled = 0
      for raised in [0, 200, 3599, 3600, 4000] {
        for seen in stride(from: 0, through: raised, by: 50) {
          let standing = RecoveryAlertStanding(
            number: 1,
            raisedAt: Timestamp(microseconds: Self.base.microseconds - Int64(raised) * 1_000_000),
            seenAt: Timestamp(microseconds: Self.base.microseconds - Int64(seen) * 1_000_000))
          guard Self.terms.isSettled(kind, standing, at: Self.base) else { continue }
          settled += 1
          for holds in [true, false] {
            let verdict = Self.terms.verdict(kind, holds: holds, standing, at: Self.base)
            #expect(verdict == .nothing, "\(kind) \(raised) \(seen)")
          }
        }
      }
      #expect(settled > 0, "\(kind)")
      #expect(!Self.terms.isSettled(kind, nil, at: Self.base))
    }
  }

  @Test func thresholdsAreMetAtTheEdge() {
    #expect(!Self.terms.isMet(failures: 2) && Self.terms.isMet(failures: 3))
    // 33 percent is not under 33, one in four is, and three attempts are too few.
    for (attempts, failures, expected) in [
      (3, 3, false), (4, 3, true), (4, 2, false), (100, 67, false), (100, 68, true),
      (1000, 670, false), (1000, 671, true), (0, 0, false),
    ] {
      let isMet = Self.terms.isMet(attempts: attempts, failures: failures)
      #expect(isMet == expected, "\(failures) of \(attempts)")
    }
    #expect(!RecoveryAlertTerms.none.isMet(failures: 1000))
    #expect(!RecoveryAlertTerms.none.isMet(attempts: 1000, failures: 1000))
  }

  @Test func theAuditLogHasThemInWords() {
    #expect(RecoveryAlertTerms.none.words == "none")
    #expect(
      RecoveryAlertTerms.standard.words
        == "5 failures in 600 s; escalations; again after 3600 s")
    #expect(
      Self.terms.words
        == "3 failures in 400 s; under 33 percent of 4 in 800 s; escalations; again after 3600 s")
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import hansard

struct RetryRuleTests {
  private func refused(_ status: Int, _ code: String, retryAfter: Int? = nil) -> ClientError {
    .refused(.init(status: status, code: code, detail: "", places: [], retryAfter: retryAfter))
  }

  @Test func whatMayHaveBeenDoneIsRepeatedOnlyWhereThatIsSafe() {
    let lost = ClientError.noAnswer("gone")
    #expect(RetryRule.repeatable.allows(after: lost))
    #expect(!RetryRule.once.allows(after: lost))
    let unknown = refused(503, "outcome_unknown")
    #expect(RetryRule.repeatable.allows(after: unknown))
    #expect(!RetryRule.once.allows(after: unknown))
    #expect(lost.mayHaveBeenDone && unknown.mayHaveBeenDone)
  }

  @Test(arguments: [
    "overloaded", "database_unavailable", "storage_unavailable", "audit_unavailable",
  ])
  func whatWasSurelyNotDoneIsRepeated(code: String) {
    #expect(RetryRule.once.allows(after: refused(503, code)))
    #expect(RetryRule.repeatable.allows(after: refused(503, code)))
    #expect(!refused(503, code).mayHaveBeenDone)
  }

  @Test(arguments: [
    (400, "validation_failed"), (401, "unauthenticated"), (403, "forbidden"), (404, "not_found"),
    (409, "recording_not_open"), (413, "event_too_large"), (503, "recording_disabled"),
    (503, "sealed"), (503, "unsafe_database"), (500, "internal_error"), (404, ""),
  ])
  func whatWouldBeRefusedAgainIsNotRepeated(status: Int, code: String) {
    #expect(!RetryRule.repeatable.allows(after: refused(status, code)))
    #expect(!RetryRule.once.allows(after: refused(status, code)))
  }

  /// A rate comes back by itself, a quota only tomorrow.
  @Test func whatCameTooFastIsSentAgainWhenTheServiceSays() {
    let limited = refused(429, "rate_limited", retryAfter: 60)
    #expect(RetryRule.once.allows(after: limited) && RetryRule.repeatable.allows(after: limited))
    #expect(!limited.mayHaveBeenDone)
    #expect((.seconds(60)...(.seconds(72))).contains(RetryRule.pause(before: 1, after: limited)))
    #expect(RetryRule.patience(after: limited) == .seconds(600))
    #expect(RetryRule.patience(after: refused(503, "overloaded", retryAfter: 60)) == .seconds(45))
    let exceeded = refused(429, "quota_exceeded", retryAfter: 86_400)
    #expect(!RetryRule.once.allows(after: exceeded))
    #expect(!RetryRule.repeatable.allows(after: exceeded))
    let absurd = RetryRule.pause(before: 1, after: refused(429, "rate_limited", retryAfter: .max))
    #expect(absurd > RetryRule.patience(after: limited) && absurd < .seconds(200_000))
  }

  @Test func waitsAsLongAsTheServiceAsksAndNeverForEver() {
    for attempt in [0, 1, 3, 60, .max] {
      let pause = RetryRule.pause(before: attempt, after: .noAnswer(""))
      #expect((.milliseconds(200)...(.milliseconds(3600))).contains(pause))
    }
    let asked = RetryRule.pause(before: 1, after: refused(503, "overloaded", retryAfter: 2))
    #expect((.milliseconds(2000)...(.milliseconds(2400))).contains(asked))
    let absurd = RetryRule.pause(before: 1, after: refused(503, "overloaded", retryAfter: .max))
    #expect(absurd <= .seconds(12))
    let negative = RetryRule.pause(before: 1, after: refused(503, "overloaded", retryAfter: -5))
    #expect(negative == .zero)
  }
}

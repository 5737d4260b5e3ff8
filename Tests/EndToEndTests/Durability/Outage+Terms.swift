// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Outage {
  /// What clients may count on while the database is away, and when it is back.
  struct Terms: Sendable {
    /// What a refusal may say.
    var codes: Set<String>
    /// How many requests an outage must have met: figures of fewer say nothing.
    var requests: Int
    /// Within which 99 of 100 are refused, besides what a busy machine adds to any answer; nil: there
    /// is no such bound.
    var usualRefusal: Duration?
    var slowestRefusal: Duration
    /// From the end of PostgreSQL to a `/readyz` that says so; nil: it need not say so.
    var notReady: Duration?
  }

  /// What was not as it must be, in words with the figures; empty where all was.
  var breaches: [String] {
    (breachesOfRefusals + breachesOfHealth).compactMap { $0.holds ? nil : $0.rule }
  }

  private typealias Rule = (rule: String, holds: Bool)

  private var breachesOfRefusals: [Rule] {
    let terms = kind.terms
    let during = during
    let others = during.filter { $0.status != 503 }.map(\.status)
    let refused = during.filter { $0.status == 503 }
    let codes = Set(refused.map(\.code)).subtracting(terms.codes).sorted()
    let hasty = refused.filter { !$0.hasRetryAfter }.count
    let slowest = refusals.maximum
    let usual = refusals.percentile(0.99)
    // What a busy machine adds to any answer shows at `/livez`, which needs no database.
    let bound = terms.usualRefusal.map { $0 + livenessTimes.percentile(0.99) }
    return [
      ("only \(during.count) requests met the outage", during.count >= terms.requests),
      ("answers that are no refusals: \(others)", others.isEmpty),
      ("refusals that say \(codes)", codes.isEmpty),
      ("\(hasty) refusals without Retry-After", hasty == 0),
      ("a refusal took \(slowest)", slowest <= terms.slowestRefusal),
      ("one refusal in a hundred took \(usual)", bound.map { usual <= $0 } ?? true),
    ]
  }

  private var breachesOfHealth: [Rule] {
    let terms = kind.terms
    let dead = liveness.filter { $0.status != 200 }.count
    let liveWithin = livenessTimes.percentile(0.95)
    return [
      ("only \(liveness.count) questions to /livez", liveness.count >= terms.requests),
      ("\(dead) times /livez did not say 200", dead == 0),
      ("/livez took \(liveWithin)", liveWithin <= .milliseconds(50)),
      ("not ready after \(notReadyAfter)", terms.notReady.map { notReadyAfter <= $0 } ?? true),
      ("first success after \(firstSuccessAfter)", firstSuccessAfter <= .seconds(2)),
      ("ready after \(readyAfter)", readyAfter <= .seconds(2)),
    ]
  }
}

extension Outage.Kind {
  var terms: Outage.Terms {
    let unreachable: Set = ["database_unavailable", "outcome_unknown"]
    // Where only the passing of a deadline tells: no request waits longer than 2 s behind others and
    // 5 s for its own exchange.
    let unanswered = Outage.Terms(
      codes: unreachable.union(["overloaded", "audit_unavailable"]), requests: 1,
      slowestRefusal: .seconds(8), notReady: .seconds(6))
    switch self {
    case .stopped:
      return Outage.Terms(
        codes: unreachable, requests: 51, usualRefusal: .milliseconds(500),
        slowestRefusal: .seconds(2), notReady: .seconds(1))
    case .frozen, .silent: return unanswered
    case .locked:
      var terms = unanswered
      terms.notReady = nil
      return terms
    }
  }
}

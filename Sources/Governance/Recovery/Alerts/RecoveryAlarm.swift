// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Raises alerts in the transaction of the attempts that are their cause, so that none is lost, and none told
/// without it.
///
/// Whoever may raise an alert takes a lock of its subject first, behind everything else that it locks, and
/// looks then: two transactions that do not see each other's attempts would both believe that one is missing.
/// While an alert is fresh nobody looks, and nobody waits.
package struct RecoveryAlarm: Sendable {
  /// A planted defect, for tests.
  package enum Defect: Sendable {
    /// Nobody waits for anybody.
    case withoutLock
    /// And nothing keeps two from raising the same alert.
    case withoutLockAndKey
  }

  let tenant: TenantID
  let terms: RecoveryAlertTerms
  let policyVersion: Int
  /// When the attempts were stored, by the database's clock.
  let now: Timestamp
  var defect: Defect?

  /// What an alert may be raised for.
  struct Candidate: Sendable {
    let subject: RecoveryAlert.Subject
    let cause: RecoveryAlert.Cause
  }

  /// What was counted of a subject.
  struct Counts: Sendable {
    var attempts: Int?
    var failures: Int?
  }

  /// The alerts that new attempts, which are to be stored by now, raise in `session`; in order of the kinds,
  /// then of the attempts.
  func raise(
    by attempts: [RecoveryFacts], in session: SessionID, _ transaction: PostgresTransaction
  ) async throws -> [RecoveryAlert] {
    let candidates = candidates(attempts, in: session)
    guard !candidates.isEmpty else { return [] }
    let known = try await transaction.execute(
      .alertStandings(candidates.map(\.subject), of: tenant))
    let standings = try known.map { try RecoveryAlertStanding($0) }
    guard standings.count == candidates.count else { throw DomainError.unreadable }
    let open = zip(candidates, standings).filter { candidate, standing in
      !terms.isSettled(candidate.subject.kind, standing, at: now)
    }
    return open.isEmpty ? [] : try await judge(open.map(\.0), transaction)
  }

  /// Looks at conditions, one transaction after the other.
  private func judge(
    _ candidates: [Candidate], _ transaction: PostgresTransaction
  ) async throws -> [RecoveryAlert] {
    let subjects = candidates.map(\.subject)
    let failing = subjects.filter { $0.kind == .failures }
    let rated = subjects.filter { $0.kind == .successRate }
    // Statements of their own: what is counted must see what whoever held the lock has committed.
    if defect == nil { transaction.enqueue(.lockAlerts(subjects, of: tenant)) }
    let results = try await transaction.pipeline([
      .alertStandings(subjects, of: tenant),
      .countFailures(failing.map(\.name), since: start(of: .failures), of: tenant),
      .countAttempts(rated.map(\.name), since: start(of: .successRate), of: tenant),
    ])
    guard results.count == 3, results[0].count == subjects.count,
      results[1].count == failing.count, results[2].count == rated.count
    else { throw DomainError.unreadable }
    // The candidates are in order of their kinds.
    let counts =
      try results[1].map { try Counts(failures: $0) }
      + results[2].map { try Counts(attempts: $0) }
      + subjects.filter { $0.kind == .escalation }.map { _ in Counts() }
    let standings = try results[0].map { try RecoveryAlertStanding($0) }
    var raised: [RecoveryAlert] = []
    for ((candidate, count), standing) in zip(zip(candidates, counts), standings) {
      switch verdict(on: candidate, count, standing) {
      case .nothing: break
      case .lasting:
        if let standing {
          transaction.enqueue(.keepAlert(candidate.subject, standing.number, now, of: tenant))
        }
      case .raised: raised.append(alert(candidate, count, after: standing))
      }
    }
    return try await store(raised, transaction)
  }

  private func verdict(
    on candidate: Candidate, _ counts: Counts, _ standing: RecoveryAlertStanding?
  ) -> RecoveryAlertVerdict {
    let (kind, failures) = (candidate.subject.kind, counts.failures ?? 0)
    let holds =
      switch kind {
      case .failures: terms.isMet(failures: failures)
      case .successRate: terms.isMet(attempts: counts.attempts ?? 0, failures: failures)
      case .escalation: true
      }
    return terms.verdict(kind, holds: holds, standing, at: now)
  }

  /// Writes alerts down, and returns those that nobody else has raised meanwhile.
  private func store(
    _ alerts: [RecoveryAlert], _ transaction: PostgresTransaction
  ) async throws -> [RecoveryAlert] {
    let results = try await transaction.pipeline(
      alerts.map { .insertAlert($0, of: tenant) })
    return zip(alerts, results).filter { !$1.isEmpty }.map(\.0)
  }
}

extension RecoveryAlarm {
  /// From when on an attempt counts for alerts of a kind.
  private func start(of kind: RecoveryAlert.Kind) -> Timestamp {
    Timestamp(
      microseconds: now.microseconds &- Int64(terms.window(of: kind) ?? 0) &* 1_000_000)
  }

  /// What attempts may raise alerts for, each once, with its latest cause. What was made too long ago is
  /// none: an old trail that is brought in tells nothing of the present.
  func candidates(_ attempts: [RecoveryFacts], in session: SessionID) -> [Candidate] {
    RecoveryAlert.Kind.allCases.flatMap { kind -> [Candidate] in
      guard terms.window(of: kind) != nil else { return [] }
      let start = start(of: kind)
      let names = attempts.map { $0.countsFrom > start ? $0.name(as: kind, in: session) : nil }
      // By their bytes: Swift takes canonically equivalent texts for equal.
      let latest = zip(names, attempts).reduce(into: [[UInt8]: RecoveryFacts]()) { found, pair in
        if let name = pair.0 { found[Array(name.utf8)] = pair.1 }
      }
      return names.compactMap(\.self).withoutRepeats.compactMap { name in
        latest[Array(name.utf8)].map { facts in
          Candidate(
            subject: .init(kind: kind, name: name), cause: .init(facts, in: session))
        }
      }
    }
  }

  private func alert(
    _ candidate: Candidate, _ counts: Counts, after standing: RecoveryAlertStanding?
  ) -> RecoveryAlert {
    let kind = candidate.subject.kind
    let threshold: Int? =
      switch kind {
      case .failures: terms.failures?.count
      case .successRate: terms.successRate?.belowPercent
      case .escalation: nil
      }
    let next = (standing?.number ?? 0) &+ 1
    return RecoveryAlert(
      id: .make(), subject: candidate.subject,
      number: defect == .withoutLockAndKey ? .random(in: 1 << 32..<1 << 62) : next,
      raisedAt: now, policyVersion: policyVersion, threshold: threshold,
      windowSeconds: kind == .escalation ? nil : terms.window(of: kind),
      attempts: counts.attempts, failures: counts.failures, cause: candidate.cause)
  }
}

extension RecoveryFacts {
  /// **seed** The word by which a session hands over to people.
  private static let escalation = "escalate"

  /// When it was made, or received where its client's clock is ahead; the indexes say the same.
  fileprivate var countsFrom: Timestamp { min(occurredAt, recordedAt) }

  /// The subject of alerts that it may raise; nil: it raises none of this kind.
  fileprivate func name(as kind: RecoveryAlert.Kind, in session: SessionID) -> String? {
    switch kind {
    case .failures: success ? nil : errorType
    case .successRate: agent?.rawValue ?? ""
    case .escalation:
      [strategy, nextAction].contains(Self.escalation) ? session.rawValue : nil
    }
  }
}

extension RecoveryAlert.Cause {
  fileprivate init(_ facts: RecoveryFacts, in session: SessionID) {
    self.init(
      session: session, entry: facts.entry, errorType: facts.errorType, agent: facts.agent,
      user: facts.user, recording: facts.event?.recording)
  }
}

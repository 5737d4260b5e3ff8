// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What of recoveries a tenant wants to be alerted to.
package struct RecoveryAlertTerms: Sendable, Equatable {
  /// Attempts at one type of error fail `count` times within the window.
  package struct Failures: Sendable, Equatable {
    package var count: Int
    package var windowSeconds: Int

    /// Creates a condition.
    package init(count: Int, windowSeconds: Int) {
      self.count = count
      self.windowSeconds = windowSeconds
    }
  }

  /// Fewer than `belowPercent` of an agent's attempts within the window succeed, of which there are
  /// `minimumAttempts` at least.
  package struct SuccessRate: Sendable, Equatable {
    package var belowPercent: Int
    package var windowSeconds: Int
    package var minimumAttempts: Int

    /// Creates a condition.
    package init(belowPercent: Int, windowSeconds: Int, minimumAttempts: Int) {
      self.belowPercent = belowPercent
      self.windowSeconds = windowSeconds
      self.minimumAttempts = minimumAttempts
    }
  }

  /// nil: no alert.
  package var failures: Failures?
  /// nil: no alert.
  package var successRate: SuccessRate?
  /// Whether an alert is raised when a session escalates.
  package var tellsEscalations: Bool
  /// After how long an alert that lasts is raised again, in seconds.
  package var repeatAfterSeconds: Int

  /// Creates terms.
  package init(
    failures: Failures?, successRate: SuccessRate?, tellsEscalations: Bool,
    repeatAfterSeconds: Int = Self.standardRepeatSeconds
  ) {
    self.failures = failures
    self.successRate = successRate
    self.tellsEscalations = tellsEscalations
    self.repeatAfterSeconds = repeatAfterSeconds
  }

  /// What holds for a tenant that has settled nothing; the columns' defaults say the same.
  package static let standard = RecoveryAlertTerms(
    failures: Failures(count: 5, windowSeconds: 600), successRate: nil, tellsEscalations: true)
  /// No alert at all.
  package static let none = RecoveryAlertTerms(
    failures: nil, successRate: nil, tellsEscalations: false)

  /// How many failures, and how many attempts a rate is taken of at least.
  package static let countRange = 1...maximumCounted
  /// Windows and repetitions: up to a week.
  package static let secondsRange = 1...604_800
  /// What a rate may have to reach.
  package static let percentRange = 1...100
  /// An hour.
  package static let standardRepeatSeconds = 3600
  /// Of how many attempts a rate is taken at least, unless it is said.
  package static let standardMinimumAttempts = 10
  /// The most attempts that are counted of a subject.
  package static let maximumCounted = 1000
  /// How old an escalation may be that is received: it may have waited for the service, or be brought in from
  /// long ago.
  static let escalationSeconds = 86_400

  /// How long an attempt counts for alerts of a kind, in seconds; nil where there are none of it.
  func window(of kind: RecoveryAlert.Kind) -> Int? {
    switch kind {
    case .failures: failures?.windowSeconds
    case .successRate: successRate?.windowSeconds
    case .escalation: tellsEscalations ? Self.escalationSeconds : nil
    }
  }
}

extension RecoveryAlertTerms {
  /// The terms in one line, for the audit log.
  var words: String {
    var words: [String] = []
    if let failures {
      words.append("\(failures.count) failures in \(failures.windowSeconds) s")
    }
    if let rate = successRate {
      words.append(
        "under \(rate.belowPercent) percent of \(rate.minimumAttempts) in \(rate.windowSeconds) s")
    }
    if tellsEscalations { words.append("escalations") }
    return words.isEmpty
      ? "none" : words.joined(separator: "; ") + "; again after \(repeatAfterSeconds) s"
  }
}

// MARK: - Deciding

/// The latest alert of a subject.
struct RecoveryAlertStanding: Sendable, Equatable {
  var number: Int64
  var raisedAt: Timestamp
  /// When its condition was last found to hold.
  var seenAt: Timestamp
}

/// What comes of looking at a condition.
enum RecoveryAlertVerdict: Sendable, Equatable {
  case nothing
  /// The alert that was raised lasts.
  case lasting
  case raised
}

extension RecoveryAlertTerms {
  /// What comes of a condition that holds or not at `now`.
  ///
  /// An alert lasts as long as its condition is found to hold again within a window and a quarter: it need not
  /// be written down more often than each quarter of a window, and nobody is told again because a count goes
  /// up and down around its threshold. Escalations have no condition that could last.
  func verdict(
    _ kind: RecoveryAlert.Kind, holds: Bool, _ standing: RecoveryAlertStanding?, at now: Timestamp
  ) -> RecoveryAlertVerdict {
    guard holds else { return .nothing }
    guard let standing else { return .raised }
    guard now.seconds(since: standing.raisedAt) < Double(repeatAfterSeconds) else {
      return .raised
    }
    guard kind != .escalation, let window = window(of: kind) else { return .nothing }
    let unseen = now.seconds(since: standing.seenAt)
    if unseen > Double(window) * 1.25 { return .raised }
    return unseen >= Double(window) / 4 ? .lasting : .nothing
  }

  /// Whether nothing can come of looking: then nobody has to wait for anybody.
  func isSettled(
    _ kind: RecoveryAlert.Kind, _ standing: RecoveryAlertStanding?, at now: Timestamp
  ) -> Bool {
    verdict(kind, holds: true, standing, at: now) == .nothing
  }

  /// Whether so many failures are enough.
  func isMet(failures count: Int) -> Bool {
    failures.map { count >= $0.count } ?? false
  }

  /// Whether so few of so many attempts have succeeded.
  func isMet(attempts: Int, failures: Int) -> Bool {
    guard let rate = successRate, attempts >= rate.minimumAttempts else { return false }
    return (attempts - failures) * 100 < rate.belowPercent * attempts
  }
}

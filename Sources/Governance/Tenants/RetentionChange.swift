// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// How long a tenant's recordings are kept, as starts and stops read it.
struct RetentionTerms: Sendable, Equatable {
  /// Nil: the deployment's default.
  var days: Int?
  /// Days before which nothing that has stopped is purged; nil: there is no such time.
  var minimumDays: Int?

  /// Days, whatever the deployment's default has become.
  func effectiveDays(standard: Int) -> Int { max(days ?? standard, minimumDays ?? 1) }
}

extension RetentionTerms {
  /// What a policy asks for.
  init(_ terms: TenantPolicy.Terms) {
    self.init(days: terms.retentionDays, minimumDays: terms.minimumDays)
  }
}

/// A shorter retention that is not applied to all recordings yet.
struct RetentionChange: Sendable, Equatable {
  var id: UUID
  /// What was in force when it was asked for, whatever the deployment's default has become.
  var daysBefore: Int
  var terms: RetentionTerms
  var appliesAt: Timestamp
  /// Whether its time of grace is over and it is in force: then it cannot be undone.
  var hasBegun: Bool
}

/// What a new policy changes about retention.
///
/// Whoever keeps things longer is obeyed at once, for what has stopped already too. Whoever keeps them for a
/// shorter time is obeyed after seven days: until then starts and stops go by what was in force, so that nothing
/// is lost that is kept again when the policy is set back.
struct RetentionStep: Sendable, Equatable {
  enum Shortening: Equatable {
    /// None waits.
    case none
    /// The one that waits goes on waiting.
    case kept
    /// Its grace begins now.
    case begins(RetentionTerms)
  }

  /// What is in force from now on.
  var inForce: RetentionTerms
  var shortening = Shortening.none
  /// Whether what has stopped is kept longer than before.
  var extends = false

  /// - Parameters:
  ///   - inForce: What is in force.
  ///   - waiting: The shorter retention that waits, or is being applied.
  ///   - wanted: What the new policy asks for.
  ///   - standard: The deployment's period.
  init(
    from inForce: RetentionTerms, waiting: RetentionChange?, to wanted: RetentionTerms,
    standard: Int
  ) {
    let (now, then) = (
      inForce.effectiveDays(standard: standard), wanted.effectiveDays(standard: standard)
    )
    let raisesMinimum = (wanted.minimumDays ?? 0) > (inForce.minimumDays ?? 0)
    extends = then > now || raisesMinimum
    guard then < now else {
      self.inForce = wanted
      // What is being applied to one recording after the other must come to its end, or be overtaken.
      if let waiting, waiting.hasBegun, then == now { shortening = .kept }
      return
    }
    // A minimum that is given up is given up with the days, no sooner.
    self.inForce = RetentionTerms(
      days: inForce.days,
      minimumDays: raisesMinimum ? wanted.minimumDays : inForce.minimumDays)
    let isWaitedFor = waiting.map { !$0.hasBegun && $0.terms == wanted } ?? false
    shortening = isWaitedFor ? .kept : .begins(wanted)
  }
}

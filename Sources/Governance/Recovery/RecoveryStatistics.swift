// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// What attempts add up to (**seed**): computed by the database in exact decimal arithmetic on columns in
/// clear, so that it is the same wherever it is shown.
///
/// Numbers are rounded half up from the exact value, never from a rounded one: percentages to two
/// decimals, seconds to three. Texts of numbers have no zeros behind the last digit that says something,
/// and one decimal at least: `70.0`, `15.5`, `1.55`.
package struct RecoveryStatistics: Sendable {
  /// How many attempts have one word in common.
  package struct Share: Sendable, Equatable {
    package var word: String
    package var count: Int64
  }

  /// Sessions with such an attempt.
  package var sessions: Int64 = 0
  package var attempts: Int64 = 0
  package var successes: Int64 = 0
  /// Percent.
  package var successRate = "0.0"
  /// The most frequent first.
  package var strategies: [Share] = []
  /// The most frequent first.
  package var errorTypes: [Share] = []
  package var totalSeconds = "0.0"
  package var averageSeconds = "0.0"
  /// Different ones.
  package var fileCount: Int64 = 0
  /// Their names, in order of the first attempt that modified them; only of one session. Fewer than there are
  /// where they are more than `maximumFiles`, or `maximumFileBytes` long together.
  package var files: [String] = []
  package var rollbacks: Int64 = 0
  package var firstAt: Timestamp?
  package var lastAt: Timestamp?

  /// The most names of files that are told.
  package static let maximumFiles = 10_000
  /// About how many bytes of them.
  package static let maximumFileBytes = 4 << 20

  /// Attempts that failed.
  package var failures: Int64 { attempts - successes }
}

/// Which attempts to add up; every condition given must hold.
package struct RecoveryTotalsFilter: Sendable {
  package var agent: AgentID?
  package var strategy: RecoveryWord?
  package var errorType: RecoveryWord?
  /// Of sessions that were started at or after.
  package var startedAfter: Timestamp?
  /// Of sessions that were started before.
  package var startedBefore: Timestamp?

  /// Creates a filter that lets every attempt through.
  package init() {}
}

/// What attempts are told apart by.
package enum RecoveryGrouping: String, Sendable, CaseIterable {
  case agent
  case strategy
  case errorType = "error_type"
  /// The day on which they were made, UTC.
  case day
}

/// What attempts across sessions add up to.
package struct RecoveryTotals: Sendable {
  /// A part of them.
  package struct Group: Sendable {
    /// The agent's id, a word, or a day `YYYY-MM-DD`; nil: attempts of no agent.
    package var key: String?
    package var statistics: RecoveryStatistics
  }

  package var all: RecoveryStatistics
  package var grouping: RecoveryGrouping?
  /// By key; the first `maximumGroups`.
  package var groups: [Group]
  /// Whether there are more.
  package var isCut: Bool

  /// The most groups that are told.
  package static let maximumGroups = 1000
  /// The most words of a distribution.
  package static let maximumShares = 1000
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import HansardJSON

/// Which attempts are added up across sessions; every condition that is given must hold.
public struct RecoveryTotalsFilter: Sendable, Hashable {
  /// Which agent tried.
  public var agentID: String?
  /// How it was tried.
  public var strategy: RecoveryStrategy?
  /// The kind of error that it was about.
  public var errorType: String?
  /// Of sessions that were started at or after.
  public var startedAfter: Date?
  /// Of sessions that were started before; not earlier than `startedAfter`.
  public var startedBefore: Date?

  /// A filter that lets every attempt through, unless conditions are given.
  public init(
    agentID: String? = nil, strategy: RecoveryStrategy? = nil, errorType: String? = nil,
    startedAfter: Date? = nil, startedBefore: Date? = nil
  ) {
    self.agentID = agentID
    self.strategy = strategy
    self.errorType = errorType
    self.startedAfter = startedAfter
    self.startedBefore = startedBefore
  }
}

/// What attempts are told apart by.
public enum RecoveryGrouping: String, Sendable, Hashable, CaseIterable {
  /// Who tried.
  case agent
  /// How it was tried.
  case strategy
  /// The kind of error.
  case errorType = "error_type"
  /// The day on which it was tried, UTC.
  case day
}

/// What some attempts add up to, of whichever sessions.
public struct RecoverySums: Sendable, Hashable {
  /// Sessions with such an attempt.
  public var totalSessions: Int
  /// All attempts.
  public var totalAttempts: Int
  /// Those that worked.
  public var successfulAttempts: Int
  /// Those that did not.
  public var failedAttempts: Int
  /// Per cent, two decimals.
  public var successRate: Double
  /// Seconds in all, three decimals.
  public var totalDurationSeconds: Double
  /// Seconds on average, three decimals.
  public var averageDurationSeconds: Double
  /// How many different files were changed.
  public var filesModifiedCount: Int
  /// How often changes were undone.
  public var rollbackCount: Int
  /// The earliest attempt, RFC 3339.
  public var firstAttemptTimestamp: String?
  /// The latest.
  public var lastAttemptTimestamp: String?
}

/// The statistics across sessions.
public struct RecoveryTotals: Sendable, Hashable {
  /// The attempts that have something in common.
  public struct Group: Sendable, Hashable {
    /// The agent's id, a word, or a day `YYYY-MM-DD`; nil: attempts of no agent.
    public var key: String?
    /// What they add up to.
    public var sums: RecoverySums
  }

  /// What all attempts add up to.
  public var sums: RecoverySums
  /// How often each strategy was used; the 1000 most frequent.
  public var strategiesUsed: [String: Int]
  /// How often each kind of error came; the 1000 most frequent.
  public var errorTypeDistribution: [String: Int]
  /// What the groups are told apart by; nil: none were asked for.
  public var grouping: RecoveryGrouping?
  /// By key, at most 1000; that of no agent is the last one.
  public var groups: [Group]
  /// Whether there are more groups.
  public var hasMoreGroups: Bool
}

extension RecoveryTotalsFilter {
  /// What follows the path: `?` and the conditions that are given, or nothing. Throws `invalidInput`
  /// for times outside of the years 1 to 9999.
  func query(by grouping: RecoveryGrouping?) throws(HansardClientError) -> String {
    let values: [(name: String, value: String?)] = [
      ("agent_id", agentID), ("strategy", strategy?.rawValue), ("error_type", errorType),
      ("started_after", try Self.text(startedAfter)),
      ("started_before", try Self.text(startedBefore)), ("group_by", grouping?.rawValue),
    ]
    var query = ""
    for (name, value) in values {
      guard let value else { continue }
      query += "\(query.isEmpty ? "?" : "&")\(name)=\(PathSegment.percentEncoded(value))"
    }
    return query
  }

  private static func text(_ date: Date?) throws(HansardClientError) -> String? {
    guard let date else { return nil }
    return try Timestamp.text(date)
  }
}

extension RecoverySums {
  init(_ value: JSONValue) throws(HansardClientError) {
    totalSessions = Int(clamping: try value.needInteger("total_sessions"))
    totalAttempts = Int(clamping: try value.needInteger("total_attempts"))
    successfulAttempts = value.count("successful_attempts")
    failedAttempts = value.count("failed_attempts")
    successRate = value["success_rate"]?.double() ?? 0
    totalDurationSeconds = value["total_duration_seconds"]?.double() ?? 0
    averageDurationSeconds = value["average_duration_seconds"]?.double() ?? 0
    filesModifiedCount = value.count("files_modified_count")
    rollbackCount = value.count("rollback_count")
    firstAttemptTimestamp = value.optionalText("first_attempt_timestamp")
    lastAttemptTimestamp = value.optionalText("last_attempt_timestamp")
  }
}

extension RecoveryTotals {
  init(_ value: JSONValue) throws(HansardClientError) {
    sums = try RecoverySums(value)
    strategiesUsed = value.counts("strategies_used")
    errorTypeDistribution = value.counts("error_type_distribution")
    grouping = value.optionalText("group_by").flatMap { RecoveryGrouping(rawValue: $0) }
    groups = []
    guard let isCut = value["groups_cut"]?.bool() else {
      throw .unreadableAnswer("it has no groups_cut")
    }
    hasMoreGroups = isCut
    guard let list = value["groups"] else { return }
    for element in list.elements {
      let sums = try RecoverySums(element)
      groups.append(Group(key: element.optionalText("key"), sums: sums))
    }
  }
}

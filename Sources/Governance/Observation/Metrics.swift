// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The service's counters: a fixed set of families, with labels from our own vocabulary only, so
/// that no caller can make the set grow.
package final class Metrics: Sendable {
  private let state = Mutex(State())

  /// Creates counters at zero.
  package init() {}

  /// Adds one observation.
  func count(_ observation: Observation) {
    state.withLock { $0.count(observation) }
  }

  /// Sets a gauge to a value of this moment.
  package func set(_ gauge: Gauge, to value: Double) {
    state.withLock { $0.gauges[gauge] = value }
  }

  /// Everything counted, in Prometheus' text exposition format.
  package func text() -> String {
    state.withLock { $0.text() }
  }

  /// What is counted without labels: each is told from the start, at zero, so that the first of its kind is
  /// seen as a change.
  package enum Counter: String, Sendable, CaseIterable {
    case appendRequests = "hansard_append_requests_total"
    case appendsRefused = "hansard_appends_refused_total"
    case archivesDestroyed = "hansard_archives_destroyed_total"
    case auditDenials = "hansard_audit_denials_total"
    case databaseOutages = "hansard_database_outages_total"
    case dutyFailures = "hansard_duty_failures_total"
    case events = "hansard_events_total"
    case eventsPurged = "hansard_events_purged_total"
    case groupsResent = "hansard_append_groups_resent_total"
    case groupsSplit = "hansard_append_groups_split_total"
    case integrityFailures = "hansard_integrity_failures_total"
    case internalErrors = "hansard_internal_errors_total"
    case notices = "hansard_notices_total"
    case overQuota = "hansard_requests_over_quota_total"
    case partitionsDropped = "hansard_partitions_dropped_total"
    case partitionsMade = "hansard_partitions_made_total"
    case rateLimited = "hansard_requests_rate_limited_total"
    case recordingsAbandoned = "hansard_recordings_abandoned_total"
    case recordingsArchived = "hansard_recordings_archived_total"
    case recordingsMoved = "hansard_recordings_moved_total"
    case recordingsPurged = "hansard_recordings_purged_total"
    case recoveryAttempts = "hansard_recovery_attempts_total"
    case recoveryFailures = "hansard_recovery_failures_total"
    case recoveryAttemptsPurged = "hansard_recovery_attempts_purged_total"
    case recoverySessionsPurged = "hansard_recovery_sessions_purged_total"
    case redactions = "hansard_redactions_total"
    case retentionFailures = "hansard_retention_failures_total"
    case tokensRefused = "hansard_tokens_refused_total"
    case webhookDeliveries = "hansard_webhook_deliveries_total"
    case webhookFailures = "hansard_webhook_failures_total"
    case webhooksDisabled = "hansard_webhooks_disabled_total"
  }

  /// Values that go up and down.
  package enum Gauge: String, Sendable, CaseIterable {
    case poolLeased = "hansard_pool_connections_leased"
    case poolIdle = "hansard_pool_connections_idle"
    case poolWaiting = "hansard_pool_waiters"
    case subscribers = "hansard_subscribers"
    /// Unix time at which a run of the retention worker was last through.
    case retentionLastRun = "hansard_retention_last_run_timestamp_seconds"
    /// 1 while nothing is purged because the database's clock has jumped.
    case retentionSuspended = "hansard_retention_suspended"
  }
}

/// One histogram with fixed bounds, in seconds.
private struct Histogram {
  static let bounds: [Double] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
  ]
  var buckets = [UInt64](repeating: 0, count: Self.bounds.count)
  var sum = 0.0
  var count: UInt64 = 0

  mutating func add(_ seconds: Double) {
    sum += seconds
    count &+= 1
    for (index, bound) in Self.bounds.enumerated() where seconds <= bound { buckets[index] &+= 1 }
  }

  func lines(_ name: String, _ labels: String) -> String {
    var text = ""
    let lead = labels.isEmpty ? "" : labels + ","
    for (bound, bucket) in zip(Self.bounds, buckets) {
      text += "\(name)_bucket{\(lead)le=\"\(bound)\"} \(bucket)\n"
    }
    text += "\(name)_bucket{\(lead)le=\"+Inf\"} \(count)\n"
    let braces = labels.isEmpty ? "" : "{\(labels)}"
    return text + "\(name)_sum\(braces) \(sum)\n\(name)_count\(braces) \(count)\n"
  }
}

private struct State {
  struct Route: Hashable {
    var method: String
    var route: String
    var status: Int
  }

  var requests: [Route: UInt64] = [:]
  var durations: [String: Histogram] = [:]
  var commits = Histogram()
  var counters: [Metrics.Counter: UInt64] = [:]
  var gauges: [Metrics.Gauge: Double] = [:]

  mutating func count(_ observation: Observation) {
    switch observation {
    case .requestFinished(let summary): count(summary)
    case .groupCommitted(_, let requests, let events, let duration):
      commits.add(Double(duration.microseconds) / 1_000_000)
      add(.appendRequests, requests)
      add(.events, events)
    case .redacted(let count): add(.redactions, count)
    case .noticesCommitted(let count): add(.notices, count)
    case .recoveriesLogged(let attempts, let failures, let events):
      add(.recoveryAttempts, attempts)
      add(.events, events)
      add(.recoveryFailures, failures)
    case .failedInside: add(.internalErrors)
    case .groupSplit: add(.groupsSplit)
    case .groupResent: add(.groupsResent)
    case .appendRefused: add(.appendsRefused)
    case .databaseUnavailable: add(.databaseOutages)
    case .auditDenied: add(.auditDenials)
    case .dutyFailed(let duty, _), .dutyFailedAgain(let duty): countFailure(of: duty)
    case .recoveriesPurged(_, let sessions, let attempts):
      add(.recoverySessionsPurged, Int(clamping: sessions))
      add(.recoveryAttemptsPurged, Int(clamping: attempts))
    case .recordingsPurged(_, let recordings, let events):
      add(.recordingsPurged, Int(clamping: recordings))
      add(.eventsPurged, Int(clamping: events))
    case .recordingArchived: add(.recordingsArchived)
    case .archivesDestroyed(_, let archives):
      add(.archivesDestroyed, Int(clamping: archives))
    case .recordingMoved: add(.recordingsMoved)
    case .partitionDropped: add(.partitionsDropped)
    case .integrityFailure, .recoveryIntegrityFailure: add(.integrityFailures)
    case .partitionMade: add(.partitionsMade)
    case .tokenRefused: add(.tokensRefused)
    case .webhookDelivered: add(.webhookDeliveries)
    case .webhookFailed: add(.webhookFailures)
    case .webhookDisabled: add(.webhooksDisabled)
    case .recordingAbandoned:
      add(.recordingsAbandoned)
      add(.events)
    case .databaseAvailable, .databaseUnsafe, .dutyResumed, .issuerKeysChanged, .lifecycle,
      .retentionSuspended, .retentionApplied, .erasuresOutstanding, .erasuresLogged:
      break
    }
  }

  func text() -> String {
    var text = "# TYPE hansard_requests_total counter\n"
    let ordered = requests.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
    for (route, count) in ordered {
      text += "hansard_requests_total{method=\"\(route.method)\",route=\"\(route.route)\","
      text += "status=\"\(route.status)\"} \(count)\n"
    }
    text += "# TYPE hansard_request_duration_seconds histogram\n"
    for (route, histogram) in durations.sorted(by: { $0.key < $1.key }) {
      text += histogram.lines("hansard_request_duration_seconds", "route=\"\(route)\"")
    }
    text += "# TYPE hansard_commit_duration_seconds histogram\n"
    text += commits.lines("hansard_commit_duration_seconds", "")
    for name in Metrics.Counter.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      text += "# TYPE \(name.rawValue) counter\n\(name.rawValue) \(counters[name] ?? 0)\n"
    }
    for (gauge, value) in gauges.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      text += "# TYPE \(gauge.rawValue) gauge\n\(gauge.rawValue) \(value)\n"
    }
    return text
  }

  private mutating func count(_ summary: RequestSummary) {
    // The method is the caller's word, the route ours.
    let method = Self.methods.contains(summary.method) ? summary.method : "other"
    let route = Route(method: method, route: summary.route, status: summary.status)
    requests[route, default: 0] &+= 1
    let seconds = Double(summary.duration.microseconds) / 1_000_000
    durations[summary.route, default: Histogram()].add(seconds)
    switch summary.code {
    case DomainError.Code.rateLimited.rawValue: add(.rateLimited)
    case DomainError.Code.quotaExceeded.rawValue: add(.overQuota)
    default: break
    }
  }

  private static let methods: Set<String> = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS",
  ]

  private mutating func countFailure(of duty: String) {
    add(.dutyFailures)
    if duty == RetentionWorker.duty { add(.retentionFailures) }
  }

  private mutating func add(_ counter: Metrics.Counter, _ count: Int = 1) {
    counters[counter, default: 0] &+= UInt64(clamping: count)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Turns observations into log lines and counters.
package struct Observer: Sendable {
  private let logger: Logger
  private let metrics: Metrics

  /// Creates an observer that writes to `logger` and counts in `metrics`.
  package init(logger: Logger, metrics: Metrics = Metrics()) {
    self.logger = logger
    self.metrics = metrics
  }

  /// Takes note of `observation`: counts it, and logs it where it is worth a line.
  package func observe(_ observation: Observation) {
    metrics.count(observation)
    log(observation)
  }

  /// Sets a value of this moment.
  package func set(_ gauge: Metrics.Gauge, to value: Int) {
    metrics.set(gauge, to: Double(value))
  }

  /// The counters in Prometheus' text exposition format, version 0.0.4.
  package func metricsText() -> String { metrics.text() }

  private func log(_ observation: Observation) {
    switch observation {
    case .requestFinished(let summary): log(summary)
    case .failedInside(let request, let what):
      logger.error("failed inside", metadata: request.fields.merging(["what": "\(what)"]))
    case .groupSplit(let lane, let requests, let sqlState):
      logger.warning(
        "group split",
        metadata: [
          "lane": "\(lane)", "requests": "\(requests)", "sqlstate": "\(sqlState ?? "none")",
        ])
    case .groupResent(let lane, let requests):
      logger.warning("group resent", metadata: ["lane": "\(lane)", "requests": "\(requests)"])
    case .databaseUnavailable(let code):
      logger.warning("database unavailable", metadata: ["code": "\(code)"])
    case .databaseAvailable: logger.notice("database available")
    case .databaseUnsafe(let reason):
      logger.error("database unsafe", metadata: ["reason": "\(reason)"])
    case .auditDenied(let sqlState):
      logger.error("audit denied", metadata: ["sqlstate": "\(sqlState)"])
    case .partitionMade(let day): logger.info("partition made", metadata: ["day": "\(day)"])
    case .dutyFailed(let duty, let what):
      logger.error("duty failed", metadata: ["duty": "\(duty)", "what": "\(what)"])
    case .dutyResumed(let duty): logger.notice("duty resumed", metadata: ["duty": "\(duty)"])
    case .recoveriesPurged(let tenant, let sessions, let attempts):
      logger.info(
        "recovery sessions purged",
        metadata: [
          "tenant_id": "\(tenant)", "sessions": "\(sessions)", "attempts": "\(attempts)",
        ])
    case .recordingsPurged(let tenant, let recordings, let events):
      logger.info(
        "recordings purged",
        metadata: [
          "tenant_id": "\(tenant)", "recordings": "\(recordings)", "events": "\(events)",
        ])
    case .recordingArchived(let tenant, let recording, let events, let bytes):
      logger.info(
        "recording archived",
        metadata: [
          "tenant_id": "\(tenant)", "recording_id": "\(recording)", "events": "\(events)",
          "bytes": "\(bytes)",
        ])
    case .archivesDestroyed(let tenant, let archives):
      logger.info(
        "archives destroyed", metadata: ["tenant_id": "\(tenant)", "archives": "\(archives)"])
    case .recordingMoved(let tenant, let recording, let events):
      logger.info(
        "recording moved",
        metadata: [
          "tenant_id": "\(tenant)", "recording_id": "\(recording)", "events": "\(events)",
        ])
    case .partitionDropped(let name):
      logger.info("partition dropped", metadata: ["partition": "\(name)"])
    case .retentionSuspended(let reason):
      logger.critical("retention suspended", metadata: ["reason": "\(reason)"])
    case .erasuresOutstanding(let reason):
      logger.critical("erasures outstanding", metadata: ["reason": "\(reason)"])
    case .erasuresLogged(let count):
      logger.info("erasures logged", metadata: ["count": "\(count)"])
    case .recordingAbandoned(let tenant, let recording):
      logger.info(
        "recording abandoned", metadata: ["tenant_id": "\(tenant)", "recording_id": "\(recording)"])
    case .retentionApplied(let tenant, let recordings):
      logger.info(
        "retention applied", metadata: ["tenant_id": "\(tenant)", "recordings": "\(recordings)"])
    case .tokenRefused(let reason): logger.info("token refused", metadata: ["reason": "\(reason)"])
    case .issuerKeysChanged(let count):
      logger.notice("issuer keys changed", metadata: ["count": "\(count)"])
    case .integrityFailure(let recording, let seq):
      logger.critical(
        "integrity failure", metadata: ["recording_id": "\(recording)", "seq": "\(seq)"])
    case .recoveryIntegrityFailure(let session, let position):
      logger.critical(
        "integrity failure", metadata: ["recovery_id": "\(session)", "position": "\(position)"])
    case .lifecycle(let step): logger.notice("\(step)")
    case .webhookFailed(let tenant, let webhook, let what):
      logger.info(
        "webhook failed",
        metadata: ["tenant_id": "\(tenant)", "webhook_id": "\(webhook)", "what": "\(what)"])
    case .webhookDisabled(let tenant, let webhook, let reason):
      logger.warning(
        "webhook disabled",
        metadata: ["tenant_id": "\(tenant)", "webhook_id": "\(webhook)", "reason": "\(reason)"])
    case .groupCommitted, .appendRefused, .webhookDelivered, .redacted, .noticesCommitted,
      .recoveriesLogged, .dutyFailedAgain:
      break
    }
  }

  private func log(_ summary: RequestSummary) {
    var fields: Logger.Metadata = [
      "request_id": "\(summary.request)", "method": "\(summary.method)",
      "route": "\(summary.route)", "status": "\(summary.status)",
      "duration_us": "\(summary.duration.microseconds)", "bytes_in": "\(summary.bytesIn)",
      "bytes_out": "\(summary.bytesOut)",
    ]
    if let code = summary.code { fields["code"] = "\(code)" }
    if let tenant = summary.tenant { fields["tenant_id"] = "\(tenant)" }
    if let key = summary.key { fields["key_id"] = "\(key)" }
    logger.log(level: summary.status >= 500 ? .warning : .info, "request", metadata: fields)
  }
}

extension RequestID? {
  fileprivate var fields: Logger.Metadata {
    map { ["request_id": "\($0)"] } ?? [:]
  }
}

extension Logger.Metadata {
  fileprivate func merging(_ other: Logger.Metadata) -> Logger.Metadata {
    merging(other) { _, new in new }
  }
}

extension Duration {
  /// Whole microseconds, saturating.
  package var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return overflowed ? .max : sum
  }
}

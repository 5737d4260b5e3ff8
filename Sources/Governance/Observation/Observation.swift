// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Everything that this service logs or counts is one of these.
///
/// A case carries identifiers, codes and measures: never a payload, a caller's text, a token or a
/// database's message, so that no log line can hold one.
package enum Observation: Sendable {
  /// A request was answered. `route` is the template, not the path that was asked for.
  case requestFinished(RequestSummary)
  /// Something failed that is nobody's fault but ours; `what` is a type or code.
  case failedInside(request: RequestID?, what: String)
  /// One transaction of an event writer's lane was committed.
  case groupCommitted(lane: Int, requests: Int, events: Int, duration: Duration)
  /// Secrets and personal data were redacted in events and recovery attempts that were stored.
  case redacted(count: Int)
  /// Notices were committed with what they are about.
  case noticesCommitted(count: Int)
  /// Recovery attempts were stored, of which so many had failed, and so many are events of a recording too.
  case recoveriesLogged(attempts: Int, failures: Int, events: Int)
  /// A group failed as a whole and is being tried again request by request.
  case groupSplit(lane: Int, requests: Int, sqlState: String?)
  /// A lane lost its connection with a group in flight and sends it again.
  case groupResent(lane: Int, requests: Int)
  /// The queue of a lane was full.
  case appendRefused(lane: Int)
  /// The database could not be reached; reported once until it is back.
  case databaseUnavailable(code: String)
  /// The database answers again.
  case databaseAvailable
  /// The database is set up so that an acknowledged event could be lost; nothing is written.
  case databaseUnsafe(reason: String)
  /// An audit entry could not be written, and what it was to tell of was not done.
  case auditDenied(sqlState: String)
  /// A partition for the events of one week was made.
  case partitionMade(day: String)
  /// A background duty failed and will be tried again.
  case dutyFailed(duty: String, what: String)
  /// It failed again and again since; counted, and not logged each time.
  case dutyFailedAgain(duty: String)
  /// It does not fail any more.
  case dutyResumed(duty: String)
  /// Recovery sessions of a tenant were purged, with so many attempts in them.
  case recoveriesPurged(tenant: TenantID, sessions: Int64, attempts: Int64)
  /// Recordings of a tenant were purged, with so many events in them.
  case recordingsPurged(tenant: TenantID, recordings: Int64, events: Int64)
  /// The events of a recording were moved to its archive, which has so many bytes.
  case recordingArchived(tenant: TenantID, recording: RecordingID, events: Int64, bytes: Int64)
  /// Archives of purged recordings were destroyed.
  case archivesDestroyed(tenant: TenantID, archives: Int64)
  /// The events of a recording that is kept were moved out of a partition that goes.
  case recordingMoved(tenant: TenantID, recording: RecordingID, events: Int64)
  /// A partition of events was dropped, of whose recordings none is there any more.
  case partitionDropped(name: String)
  /// Nothing is purged until somebody has looked at the database's clock; `reason` is a word of ours.
  case retentionSuspended(reason: String)
  /// The database is not known to have all erasures, and nothing is served; `reason` is a word of ours.
  case erasuresOutstanding(reason: String)
  /// Erasures were written to their log.
  case erasuresLogged(count: Int64)
  /// A recording that nobody had stopped was completed as failed.
  case recordingAbandoned(tenant: TenantID, recording: RecordingID)
  /// So many recordings of a tenant expire at another time since its policy changed.
  case retentionApplied(tenant: TenantID, recordings: Int64)
  /// A token of an issuer was refused; whoever sent it was only told that.
  case tokenRefused(reason: String)
  /// The keys of the issuer are others than before.
  case issuerKeysChanged(count: Int)
  /// A stored event did not open under its key.
  case integrityFailure(recording: RecordingID, seq: Int64)
  /// A stored recovery attempt did not open under its key, or what stands beside it was changed; `session`
  /// is our own id of its session.
  case recoveryIntegrityFailure(session: String, position: Int64)
  /// A notice was delivered to a webhook.
  case webhookDelivered
  /// An attempt to deliver failed; `what` is a word of ours.
  case webhookFailed(tenant: TenantID, webhook: WebhookID, what: String)
  /// A webhook was disabled, because its receiver is gone or has failed too often.
  case webhookDisabled(tenant: TenantID, webhook: WebhookID, reason: String)
  /// The service began or ceased to serve.
  case lifecycle(String)
}

/// One answered request.
package struct RequestSummary: Sendable {
  package var request: RequestID
  package var method: String
  /// The route's template, such as `/api/canvas/recording/{id}/event`.
  package var route: String
  package var status: Int
  /// The problem's code, for an error.
  package var code: String?
  package var duration: Duration
  package var bytesIn: Int
  package var bytesOut: Int
  package var tenant: TenantID?
  package var key: KeyID?

  /// Creates a summary.
  package init(
    request: RequestID, method: String, route: String, status: Int, code: String?,
    duration: Duration, bytesIn: Int, bytesOut: Int, tenant: TenantID?, key: KeyID?
  ) {
    self.request = request
    self.method = method
    self.route = route
    self.status = status
    self.code = code
    self.duration = duration
    self.bytesIn = bytesIn
    self.bytesOut = bytesOut
    self.tenant = tenant
    self.key = key
  }
}

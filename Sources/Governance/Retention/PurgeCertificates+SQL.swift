// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  private static let certificateColumns = """
    c.recording_id, c.agent_id, c.user_id, c.canvas_id, c.session_id, c.status, c.started_at,
    c.stopped_at, c.event_count, c.merkle_root, c.was_reviewable, c.review_id, c.review_status,
    c.expired_at, c.retain_until, c.policy_version, c.cause, c.reason, c.requested_by, c.purged_at,
    c.purged_by, c.storage_url, c.events_on::text, c.has_remains
    """

  static func certificate(of id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(certificateColumns)
      from hansard.purge_certificates as c
      where c.tenant_id = $1
        and c.recording_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// What `PurgedSubject` reads of the recording that a review was of.
  static func certificate(ofReview id: ReviewID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(certificateColumns)
      from hansard.purge_certificates as c
      where c.tenant_id = $1
        and c.review_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  static func certificates(
    _ filter: PurgeCertificateFilter, after place: PurgeCertificatePlace?, limit: PageLimit,
    of tenant: TenantID
  ) -> Query {
    let time = filter.order == .purged ? "c.purged_at" : "c.started_at"
    var conditions = Conditions()
    conditions.add("c.tenant_id = ", tenant.uuid)
    if let agent = filter.agent { conditions.add("c.agent_id = ", agent.rawValue) }
    if let user = filter.user { conditions.add("c.user_id = ", user.rawValue) }
    if let cause = filter.cause { conditions.add("c.cause = ", cause.rawValue) }
    if let after = filter.startedAfter { conditions.add("c.started_at >= ", after) }
    if let before = filter.startedBefore { conditions.add("c.started_at < ", before) }
    if let after = filter.purgedAfter { conditions.add("c.purged_at >= ", after) }
    if let before = filter.purgedBefore { conditions.add("c.purged_at < ", before) }
    if let place {
      let moment = conditions.bind(place.time)
      let id = conditions.bind(place.recording.uuid)
      conditions.clauses.append("(\(time), c.recording_id) < (\(moment), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(certificateColumns)
      from hansard.purge_certificates as c
      where \(conditions.text)
      order by \(time) desc, c.recording_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension PurgeCertificate {
  init(_ row: Row) throws {
    var column = row.reader()
    recording = try column.serverID()
    agent = try column.callerID()
    user = try column.callerID()
    canvas = try column.optionalCallerID()
    session = try column.optionalCallerID()
    status = try column.word()
    startedAt = try column.next()
    stoppedAt = try column.next()
    eventCount = try column.next()
    root = try column.next()
    wasReviewable = try column.next()
    review = try column.next(UUID?.self).map { ReviewID($0) }
    verdict = try column.next(String?.self).flatMap { Review.Verdict(rawValue: $0) }
    expiredAt = try column.next()
    retainUntil = try column.next()
    policyVersion = Int(try column.next(Int32.self))
    cause = try column.word()
    reason = try column.next()
    requestedBy = try column.next()
    purgedAt = try column.next()
    purgedBy = try column.next()
    storageURL = try column.next()
    eventsOn = try column.next()
    hasRemains = try column.next()
  }
}

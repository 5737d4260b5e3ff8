// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// What is known of a recording that was purged.
  mutating func certificate(_ certificate: PurgeCertificate) {
    object { writer in
      writer.member("recording_id", certificate.recording)
      writer.member("agent_id", certificate.agent.rawValue)
      writer.member("user_id", certificate.user.rawValue)
      writer.member("canvas_id", certificate.canvas?.rawValue)
      writer.member("session_id", certificate.session?.rawValue)
      writer.member("status", certificate.status.rawValue)
      writer.member("started_at", certificate.startedAt)
      writer.member("stopped_at", certificate.stoppedAt)
      writer.key("event_count")
      writer.int(certificate.eventCount)
      writer.member("merkle_root", hex: certificate.root)
      writer.key("was_reviewable")
      writer.bool(certificate.wasReviewable)
      writer.member("review_id", certificate.review)
      writer.member("review_status", certificate.verdict?.rawValue)
      writer.member("expired_at", certificate.expiredAt)
      writer.member("retain_until", certificate.retainUntil)
      writer.key("policy_version")
      writer.int(certificate.policyVersion)
      writer.member("cause", certificate.cause.rawValue)
      writer.member("reason", certificate.reason)
      writer.member("requested_by", certificate.requestedBy)
      writer.member("purged_at", certificate.purgedAt)
      writer.member("purged_by", certificate.purgedBy)
      writer.member("storage_url", certificate.storageURL)
      writer.member("events_on", certificate.eventsOn)
      writer.key("has_remains")
      writer.bool(certificate.hasRemains)
    }
  }
}

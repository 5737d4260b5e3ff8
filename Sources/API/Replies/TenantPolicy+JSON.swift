// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// A policy, with its version and who settled it.
  mutating func policy(_ policy: TenantPolicy) {
    object { writer in
      writer.key("version")
      writer.int(policy.version)
      writer.key("retention_days")
      writer.int(policy.terms.retentionDays)
      writer.member("retention_profile", policy.terms.retentionProfile?.rawValue)
      writer.key("minimum_retention_days")
      writer.int(policy.terms.minimumRetentionDays)
      writer.key("archive_days")
      writer.int(policy.terms.archiveDays)
      writer.member(pending: policy.pendingRetention)
      writer.key("review_sample_percent")
      writer.double(policy.terms.reviewSamplePercent)
      writer.key("new_autonomy_reviews")
      writer.int(policy.terms.newAutonomyReviews)
      writer.key("four_eyes")
      writer.bool(policy.terms.fourEyes)
      writer.members(of: policy.terms.limits)
      writer.key("automatic_recording")
      writer.array { writer in
        for rule in policy.terms.automaticRules { rule.write(to: &writer) }
      }
      writer.member("recovery_alerts", policy.terms.recoveryAlerts)
      writer.member("set_at", policy.setAt)
      writer.member("set_by", policy.setBy)
    }
  }
}

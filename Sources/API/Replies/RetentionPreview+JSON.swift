// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
import Protection

extension JSONWriter {
  /// What would come of other terms of retention.
  mutating func preview(_ preview: RetentionPreview) {
    object { writer in
      for (name, count) in preview.numbers {
        writer.key(name)
        writer.int(count)
      }
      writer.member("applies_at", preview.appliesAt)
      writer.member("oldest_started_at", preview.oldestStartedAt)
      writer.member("newest_started_at", preview.newestStartedAt)
    }
  }

  /// The member `pending_retention`.
  mutating func member(pending change: TenantPolicy.PendingRetention?) {
    key("pending_retention")
    guard let change else { return null() }
    object { writer in
      writer.key("days_before")
      writer.int(change.daysBefore)
      writer.key("days_after")
      writer.int(change.daysAfter)
      writer.member("applies_at", change.appliesAt)
    }
  }
}

extension RetentionPreview {
  /// Its numbers, as the API and the command name them.
  package var numbers: [(name: String, count: Int64?)] {
    [
      ("retention_days", Int64(retentionDays)),
      ("minimum_retention_days", minimumDays.map { Int64($0) }),
      ("expired_recordings", expiredRecordings), ("expired_events", expiredEvents),
      ("expired_anyway", expiredAnyway), ("earlier_recordings", earlierRecordings),
      ("earlier_held", earlierHeld), ("kept_by_minimum", keptByMinimum),
    ]
  }
}

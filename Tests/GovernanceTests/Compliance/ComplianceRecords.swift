// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The rows of one tenant as they lie in the tables, read by a superuser without views, joins or policies.
struct ComplianceRecords {
  /// A row by the names of its columns; null is empty. Times are there as text and, with `_us`, as
  /// microseconds since 1970.
  typealias Row = [String: String]

  let recordings: [Row]
  let events: [Row]
  let flags: [Row]
  let reviews: [Row]
  let steps: [Row]
  let audit: [Row]
  let agents: [Row]
  let recoveries: [Row]
  let attempts: [Row]
  /// By recording.
  let progress: [String: Row]

  static func load(_ tenant: String, from database: TestDatabase) async throws -> ComplianceRecords
  {
    func rows(_ table: String, _ columns: String, times: [String] = []) async throws -> [Row] {
      let names = columns.split(separator: " ").map(String.init)
      let expressions =
        names + times + times.map { "(extract(epoch from \($0)) * 1000000)::bigint" }
      let text = try await database.psql(
        """
        set timezone = 'UTC';
        select \(expressions.joined(separator: ", ")) from hansard.\(table)
        where tenant_id = '\(tenant)'
        """)
      let keys = names + times + times.map { "\($0)_us" }
      return text.split(separator: "\n").map { line in
        let values = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return Row(uniqueKeysWithValues: zip(keys, values))
      }
    }
    let progress = try await rows(
      "recording_progress", "recording_id event_count error_count", times: ["last_event_at"])
    return ComplianceRecords(
      recordings: try await rows(
        "canvas_recordings",
        "recording_id agent_id user_id reason status duration_seconds flagged_for_review recording_metadata",
        times: ["started_at", "expires_at"]),
      events: try await rows(
        "recording_events",
        "recording_id seq event_type recorded_by payload_length redacted_families redacted_counts",
        times: ["occurred_at"]),
      flags: try await rows("recording_flags", "recording_id flagged_by", times: ["flagged_at"]),
      reviews: try await rows(
        "reviews", "review_id recording_id source state review_status",
        times: ["opened_at", "due_at", "decided_at"]),
      steps: try await rows(
        "review_entries", "review_id kind actor review_status overall_rating",
        times: ["occurred_at"]),
      audit: try await rows(
        "canvas_audit",
        """
        audit_id actor actor_role component_type action outcome refusal recording_id session_id user_id agent_id \
        audit_metadata
        """,
        times: ["occurred_at"]),
      agents: try await rows("agent_registry", "agent_id status", times: ["created_at"]),
      recoveries: try await rows(
        "recovery_sessions",
        "session_id agent_id cleared_by clear_reason cleared_attempts cleared_on_expiry",
        times: ["started_at", "expires_at", "cleared_at"]),
      attempts: try await rows(
        "recovery_attempts",
        "session_id agent_id error_type strategy success next_action duration_seconds recording_id",
        times: ["occurred_at"]),
      progress: Dictionary(uniqueKeysWithValues: progress.map { ($0["recording_id"] ?? "", $0) }))
  }
}

extension [String: String] {
  /// A column as text; empty for null and for what is not there.
  func text(_ name: String) -> String { self[name] ?? "" }

  /// A column as a number; 0 where it is none.
  func number(_ name: String) -> Int { Int(self[name] ?? "") ?? 0 }

  /// A time in microseconds since 1970; nil for null.
  func time(_ name: String) -> Int? { Int(self[name + "_us"] ?? "") }
}

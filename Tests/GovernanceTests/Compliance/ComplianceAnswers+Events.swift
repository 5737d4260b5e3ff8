// Hansard
// SPDX-License-Identifier: Apache-2.0

// What happened in recordings, and who looked at them.
extension ComplianceAnswers {
  private var eventsOfBegun: [Row] {
    let chosen = Set(begun.map { $0.text("recording_id") })
    return records.events.filter { chosen.contains($0.text("recording_id")) }
  }

  var eventsByType: [String] {
    ordered(
      Dictionary(grouping: eventsOfBegun) { $0.text("event_type") }.map { type, rows in
        let bytes = rows.reduce(0) { $0 + $1.number("payload_length") }
        return (rows.count, type, [type, "\(rows.count)", "\(bytes)"])
      })
  }

  var timeline: [String] {
    records.events.filter { $0["recording_id"] == recording }
      .sorted { $0.number("seq") < $1.number("seq") }
      .map { row in
        let counts = elements(row.text("redacted_counts")).compactMap { Int($0) }
        return [
          row.text("seq"), row.text("event_type"), row.text("occurred_at"), row.text("recorded_by"),
          row.text("payload_length"), "\(counts.reduce(0, +))",
        ].joined(separator: "|")
      }
  }

  var redactions: [String] {
    var found: [String: (redactions: Int, events: Int, recordings: Set<String>)] = [:]
    for row in eventsOfBegun {
      let counts = elements(row.text("redacted_counts"))
      for (family, count) in zip(elements(row.text("redacted_families")), counts) {
        var entry = found[family] ?? (0, 0, [])
        entry.redactions += Int(count) ?? 0
        entry.events += 1
        entry.recordings.insert(row.text("recording_id"))
        found[family] = entry
      }
    }
    return ordered(
      found.map { family, entry in
        let counts = [entry.redactions, entry.events, entry.recordings.count]
        return (entry.redactions, family, [family] + counts.map(String.init))
      })
  }

  var denials: [String] {
    let denied = eventsOfBegun.filter { $0["event_type"] == "permission_denied" }
    let agents = Dictionary(
      uniqueKeysWithValues: begun.map { ($0.text("recording_id"), $0.text("agent_id")) })
    return ordered(
      Dictionary(grouping: denied) { agents[$0.text("recording_id")] ?? "" }.map { agent, rows in
        let recordings = Set(rows.map { $0.text("recording_id") }).count
        return (rows.count, agent, [agent, "\(rows.count)", "\(recordings)"])
      })
  }

  /// The elements of a PostgreSQL array without quotes.
  private func elements(_ array: String) -> [String] {
    array.dropFirst().dropLast().split(separator: ",").map(String.init)
  }
}

// MARK: - The audit log

extension ComplianceAnswers {
  private static let reads: Set<String> = [
    "read_recording", "read_events", "replay_recording", "export_recording", "follow_recording",
    "read_recovery_history", "read_recovery_statistics", "report_recovery", "export_recovery",
  ]

  var whoLooked: [String] {
    records.audit.filter { row in
      Self.reads.contains(row.text("action")) && row["recording_id"] == recording
    }.sorted { ($0.time("occurred_at") ?? 0) < ($1.time("occurred_at") ?? 0) }
      .map { row in
        ["occurred_at", "actor", "actor_role", "action", "outcome", "refusal"].map(row.text)
          .joined(separator: "|")
      }
  }

  var looks: [String] {
    let rows = records.audit.filter { row in
      Self.reads.contains(row.text("action")) && row["actor"] == actor
        && row["outcome"] == "allowed"
        && falls(row, "occurred_at")
    }
    return ordered(
      Dictionary(grouping: rows) { $0.text("user_id") }.map { user, rows in
        let recordings = Set(rows.compactMap { $0["recording_id"] }.filter { !$0.isEmpty }).count
        let sessions = Set(
          rows.filter { $0["component_type"] == "recovery_audit" }.map { $0.text("session_id") }
        ).count
        return (rows.count, user, [user, "\(rows.count)", "\(recordings)", "\(sessions)"])
      })
  }

  var refusals: [String] {
    let rows = records.audit.filter { $0["outcome"] == "refused" && falls($0, "occurred_at") }
    return ordered(
      Dictionary(grouping: rows) { row in
        ["actor", "action", "refusal"].map(row.text).joined(separator: "|")
      }.map { ($1.count, $0, [$0, "\($1.count)"]) })
  }

  private struct Step {
    let agent: String
    let before: String
    let after: String
    let row: Row
    let time: Int
  }

  /// Each agent's changes in order; what it was before the first one comes from that.
  private var steps: [String: [Step]] {
    let puts = records.audit.filter {
      $0["action"] == "manage_agents" && $0["outcome"] == "allowed"
    }
    let all = puts.map { row in
      let metadata = row.text("audit_metadata")
      return Step(
        agent: row.text("agent_id"), before: member("status_before", of: metadata),
        after: member("status_after", of: metadata), row: row, time: row.time("occurred_at") ?? 0)
    }
    return Dictionary(grouping: all.filter { $0.before != $0.after }, by: \.agent)
      .mapValues { $0.sorted { $0.time < $1.time } }
  }

  var maturities: [String] {
    let steps = steps
    return records.agents.compactMap { agent -> String? in
      let id = agent.text("agent_id")
      let changes = steps[id] ?? []
      if let last = changes.last(where: { $0.time <= period.upperBound }) {
        return "\(id)|\(last.after)|\(last.row.text("occurred_at"))"
      }
      guard (agent.time("created_at") ?? 0) <= period.upperBound else { return nil }
      return "\(id)|\(changes.first?.before ?? agent.text("status"))|\(agent.text("created_at"))"
    }.sorted { agentOf($0) < agentOf($1) }
  }

  private func agentOf(_ line: String) -> String { String(line.prefix { $0 != "|" }) }

  var changes: [String] {
    steps.values.joined().filter { period.contains($0.time) }
      .sorted { ($0.time, $0.agent) < ($1.time, $1.agent) }
      .map { step in
        [step.row.text("occurred_at"), step.agent, step.before, step.after, step.row.text("actor")]
          .joined(separator: "|")
      }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

@testable import Governance

// What was tried against errors, and what of it was destroyed.
extension ComplianceAnswers {
  /// Sessions that have not expired, by their id.
  private var sessions: [String: Row] {
    let now = Int(Timestamp.now().microseconds)
    let there = records.recoveries.filter { ($0.time("expires_at") ?? 0) > now }
    return Dictionary(uniqueKeysWithValues: there.map { ($0.text("session_id"), $0) })
  }

  private var attempts: [Row] {
    let sessions = sessions
    return records.attempts.filter { sessions[$0.text("session_id")] != nil }
  }

  private func isSuccess(_ attempt: Row) -> Bool { attempt["success"] == "t" }

  /// Attempts of sessions that began in the period.
  private var attemptsOfBegun: [Row] {
    let begun = sessions.filter { falls($0.value, "started_at") }
    return records.attempts.filter { begun[$0.text("session_id")] != nil }
  }

  var successes: [String] {
    let rows = attempts.filter { falls($0, "occurred_at") }
    return ordered(
      Dictionary(grouping: rows) { "\($0.text("error_type"))|\($0.text("strategy"))" }
        .map { words, rows in
          let succeeded = rows.count(where: isSuccess)
          let percent = decimal(hundredths(succeeded * 100, of: rows.count))
          return (rows.count, words, [words, "\(rows.count)", "\(succeeded)", percent])
        })
  }

  var repeatedFailures: [String] {
    let sessions = sessions
    let groups = Dictionary(grouping: attemptsOfBegun) {
      [$0.text("session_id"), $0.text("error_type")]
    }
    let lines = groups.compactMap { key, rows -> (Int, String, [String])? in
      let failures = rows.count { !isSuccess($0) }
      let escalations = rows.count {
        $0["next_action"] == "escalate" || $0["strategy"] == "escalate"
      }
      guard failures >= 3 || escalations > 0 else { return nil }
      let agent = sessions[key[0]]?.text("agent_id") ?? ""
      let isSolved = rows.contains(where: isSuccess) ? "t" : "f"
      return (
        failures, key.joined(separator: " "),
        [key[0], agent, key[1], "\(failures)", "\(escalations)", isSolved]
      )
    }
    return Array(ordered(lines).prefix(100))
  }

  var recoveriesOfAgent: [String] {
    let states = Dictionary(
      uniqueKeysWithValues: records.recordings.map { ($0.text("recording_id"), $0.text("status")) })
    let groups = Dictionary(grouping: attemptsOfBegun.filter { $0["agent_id"] == agent }) {
      [$0.text("session_id"), $0.text("recording_id")]
    }
    let lines = groups.compactMap { key, rows -> (time: Int, key: [String], line: String)? in
      let sorted = rows.sorted { ($0.time("occurred_at") ?? 0) < ($1.time("occurred_at") ?? 0) }
      guard let first = sorted.first else { return nil }
      let counts = [rows.count, rows.count(where: isSuccess)].map(String.init)
      let line = key + [states[key[1]] ?? ""] + counts + [first.text("occurred_at")]
      return (first.time("occurred_at") ?? 0, key, line.joined(separator: "|"))
    }
    return lines.sorted { ($0.time, $0.key[0], $0.key[1]) < ($1.time, $1.key[0], $1.key[1]) }
      .map(\.line)
  }

  var timeInRecovery: [String] {
    let rows = attempts.filter { falls($0, "occurred_at") }
    return Dictionary(grouping: rows) {
      [String($0.text("occurred_at").prefix(10)), $0.text("agent_id")]
    }
    .sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
    .map { key, rows in
      let inVain = rows.filter { !isSuccess($0) }
      let line = key + ["\(rows.count)", seconds(of: rows), seconds(of: inVain)]
      return line.joined(separator: "|")
    }
  }

  /// How long attempts took together: exact in ten-thousandths, told in thousandths, half up.
  private func seconds(of rows: [Row]) -> String {
    let sum = rows.reduce(0) { sum, row in
      let parts = row.text("duration_seconds").split(separator: ".")
      let fraction = parts.count > 1 ? String(parts[1].prefix(4)) : ""
      let digits = parts[0] + fraction + String(repeating: "0", count: 4 - fraction.count)
      return sum + (Int(digits) ?? 0)
    }
    let thousandths = (sum + 5) / 10
    let rest = String(thousandths % 1000)
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }

  var purges: [String] {
    let rows = records.recoveries.filter { falls($0, "cleared_at") }
    return ordered(
      Dictionary(grouping: rows) {
        [$0.text("cleared_on_expiry"), $0.text("cleared_by"), $0.text("clear_reason")]
      }
      .map { key, rows in
        let cause = key[0] == "t" ? "expired" : "cleared"
        let destroyed = rows.reduce(0) { $0 + $1.number("cleared_attempts") }
        let who = "\(key[1])|\(key[2])"
        return (
          rows.count, who, ["recovery_session", cause, who, "\(rows.count)", "\(destroyed)"]
        )
      })
  }
}

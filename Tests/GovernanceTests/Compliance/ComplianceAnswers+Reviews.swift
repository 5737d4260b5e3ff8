// Hansard
// SPDX-License-Identifier: Apache-2.0

// Flags, reviews and their verdicts.
extension ComplianceAnswers {
  private static let verdicts = ["approved", "rejected", "needs_changes", ""]

  var flags: [String] {
    let verdicts = Dictionary(
      uniqueKeysWithValues: records.reviews.map {
        ($0.text("recording_id"), $0.text("review_status"))
      })
    let rows = records.flags.filter { falls($0, "flagged_at") }
    return ordered(
      Dictionary(grouping: rows) { $0.text("flagged_by") }.map { actor, rows in
        let given = rows.map { verdicts[$0.text("recording_id")] ?? "" }
        let counts = [rows.count] + Self.verdicts.map { verdict in given.count { $0 == verdict } }
        return (rows.count, actor, [actor] + counts.map(String.init))
      })
  }

  var overdue: [String] {
    let agents = Dictionary(
      uniqueKeysWithValues: records.recordings.map {
        ($0.text("recording_id"), $0.text("agent_id"))
      })
    let rows = records.reviews.filter { row in
      row["state"] != "decided" && (row.time("due_at") ?? 0) < period.upperBound
    }
    return rows.sorted { left, right in
      (left.time("due_at") ?? 0, left.text("review_id"))
        < (right.time("due_at") ?? 0, right.text("review_id"))
    }.prefix(100).map { row in
      [
        row.text("review_id"), row.text("recording_id"), agents[row.text("recording_id")] ?? "",
        row.text("source"), row.text("opened_at"), row.text("due_at"),
      ].joined(separator: "|")
    }
  }

  var turnaround: [String] {
    let reopened = records.steps.filter { $0["kind"] == "reopened" }
      .reduce(into: [String: Int]()) { times, step in
        let id = step.text("review_id")
        times[id] = max(times[id] ?? .min, step.time("occurred_at") ?? .min)
      }
    let rows = records.reviews.filter { falls($0, "decided_at") }
    return Dictionary(grouping: rows) { $0.text("source") }.map { source, rows in
      let hours = rows.map { row in
        let opened = reopened[row.text("review_id")] ?? row.time("opened_at") ?? 0
        // Whole hours, as the records are made.
        return ((row.time("decided_at") ?? 0) - opened) / 3_600_000_000
      }.sorted()
      let late = rows.count { ($0.time("decided_at") ?? 0) > ($0.time("due_at") ?? 0) }
      let percentiles = [50, 95].map { hours[(hours.count * $0 + 99) / 100 - 1] }
      return "\(source)|\(rows.count)|\(percentiles[0])|\(percentiles[1])|\(late)"
    }.sorted()
  }

  var reviewers: [String] {
    let rows = records.steps.filter { $0["kind"] == "decided" && falls($0, "occurred_at") }
    return ordered(
      Dictionary(grouping: rows) { $0.text("actor") }.map { actor, rows in
        let approved = rows.count { $0["review_status"] == "approved" }
        let rejected = rows.count { $0["review_status"] == "rejected" }
        let rating = rows.reduce(0) { $0 + $1.number("overall_rating") }
        let mean = decimal(hundredths(rating, of: rows.count))
        return (rows.count, actor, [actor, "\(rows.count)", "\(approved)", "\(rejected)", mean])
      })
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The answers to sql/queries, computed from the tables' rows without SQL, line by line as `psql` prints them.
struct ComplianceAnswers {
  let records: ComplianceRecords
  /// The period, in microseconds since 1970.
  let period: Range<Int>
  let user: String
  let actor: String
  let recording: String
  let agent: String

  typealias Row = ComplianceRecords.Row

  static let day = 86_400_000_000

  /// By the name of the query.
  var all: [String: [String]] {
    [
      "01-recordings-by-agent": recordingsByAgent, "02-daily-activity": dailyActivity,
      "03-failure-rates": failureRates, "04-longest-recordings": longest,
      "05-still-open": stillOpen,
      "06-recordings-of-a-user": recordingsOfUser, "07-events-by-type": eventsByType,
      "08-timeline-of-a-recording": timeline, "09-redactions-by-family": redactions,
      "10-denied-permissions": denials, "11-who-looked-at-a-recording": whoLooked,
      "12-what-somebody-looked-at": looks, "13-refusals": refusals,
      "14-maturity-at-a-time": maturities, "15-maturity-changes": changes,
      "16-flags-and-verdicts": flags, "17-overdue-reviews": overdue,
      "18-review-turnaround": turnaround,
      "19-verdicts-of-reviewers": reviewers, "20-what-expires": expiring,
      "21-recovery-success": successes, "22-repeated-failures": repeatedFailures,
      "23-recoveries-of-an-agent": recoveriesOfAgent, "24-time-in-recovery": timeInRecovery,
      "25-what-was-purged": purges,
    ]
  }
}

// MARK: - Recordings

extension ComplianceAnswers {
  var begun: [Row] { records.recordings.filter { falls($0, "started_at") } }

  func falls(_ row: Row, _ time: String) -> Bool { row.time(time).map(period.contains) ?? false }

  func progress(_ row: Row) -> Row { records.progress[row.text("recording_id")] ?? [:] }

  func sum(_ rows: [Row], _ name: String) -> Int {
    rows.reduce(0) { $0 + progress($1).number(name) }
  }

  /// Lines in the order of a number, the greatest first, and then of a text.
  func ordered(_ lines: [(by: Int, then: String, line: [String])]) -> [String] {
    lines.sorted { (-$0.by, $0.then) < (-$1.by, $1.then) }.map { $0.line.joined(separator: "|") }
  }

  private var recordingsByAgent: [String] {
    ordered(
      Dictionary(grouping: begun) { $0.text("agent_id") }.map { agent, rows in
        let failed = rows.count { $0["status"] == "failed" }
        let flagged = rows.count { $0["flagged_for_review"] == "t" }
        let counts = [
          rows.count, failed, flagged, sum(rows, "event_count"), sum(rows, "error_count"),
        ]
        return (rows.count, agent, [agent] + counts.map(String.init))
      })
  }

  private var dailyActivity: [String] {
    let days = Dictionary(grouping: begun) {
      [$0.text("started_at").prefix(10), $0.text("agent_id")[...]]
    }
    return days.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map { key, rows in
      let counts = [
        rows.count, Set(rows.map { $0.text("user_id") }).count, sum(rows, "event_count"),
        sum(rows, "error_count"),
      ]
      return (key.map(String.init) + counts.map(String.init)).joined(separator: "|")
    }
  }

  private var failureRates: [String] {
    let ended = begun.filter { $0["status"] != "recording" }
    return ordered(
      Dictionary(grouping: ended) { $0.text("agent_id") }.compactMap { agent, rows in
        guard rows.count >= 10 else { return nil }
        let rate = hundredths(rows.count { $0["status"] == "failed" } * 100, of: rows.count)
        return (rate, agent, [agent, "\(rows.count)", decimal(rate)])
      })
  }

  private var longest: [String] {
    let ended = begun.filter { $0["status"] != "recording" }
    let lines = ordered(
      ended.map { row in
        let names = ["recording_id", "agent_id", "user_id", "started_at", "duration_seconds"]
        return (row.number("duration_seconds"), row.text("recording_id"), names.map(row.text))
      })
    return Array(lines.prefix(20))
  }

  private var stillOpen: [String] {
    records.recordings.filter { row in
      row["status"] == "recording"
        && (period.upperBound - 30 * Self.day..<period.upperBound - Self.day)
          .contains(row.time("started_at") ?? 0)
    }.sorted { ($0.time("started_at") ?? 0) < ($1.time("started_at") ?? 0) }
      .map { row in
        let progress = progress(row)
        return [
          row.text("recording_id"), row.text("agent_id"), row.text("started_at"),
          progress.text("last_event_at"), progress.text("event_count"),
        ].joined(separator: "|")
      }
  }

  private var recordingsOfUser: [String] {
    begun.filter { $0["user_id"] == user }
      .sorted { ($0.time("started_at") ?? 0) < ($1.time("started_at") ?? 0) }
      .map { row in
        // {"agent_name": "agent-1", "agent_maturity": "supervised"}
        let maturity = member("agent_maturity", of: row.text("recording_metadata"))
        return [
          row.text("recording_id"), row.text("agent_id"), maturity, row.text("reason"),
          row.text("status"), row.text("started_at"), progress(row).text("event_count"),
        ].joined(separator: "|")
      }
  }

  private var expiring: [String] {
    let rows = records.recordings.filter { falls($0, "expires_at") && $0["status"] != "recording" }
    let waiting = Set(
      records.reviews.filter { $0["state"] != "decided" }.map { $0.text("recording_id") })
    return Dictionary(grouping: rows) { $0.text("expires_at").prefix(10) }
      .map { day, rows in
        "\(day)|\(rows.count)|\(rows.count { waiting.contains($0.text("recording_id")) })"
      }.sorted()
  }
}

// MARK: - Numbers and texts

extension ComplianceAnswers {
  /// A quotient in hundredths, rounded half up.
  func hundredths(_ dividend: Int, of divisor: Int) -> Int {
    (dividend * 200 + divisor) / (2 * divisor)
  }

  /// Hundredths with two decimal places.
  func decimal(_ hundredths: Int) -> String {
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A text of a flat JSON object as PostgreSQL prints it; empty where it is not there.
  func member(_ name: String, of object: String) -> String {
    let parts = object.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(of: name), place + 2 < parts.count else { return "" }
    return parts[place + 2]
  }
}

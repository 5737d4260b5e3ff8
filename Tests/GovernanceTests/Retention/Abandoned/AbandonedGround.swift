// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

@testable import Governance

/// Recordings whose recorder is gone.
enum AbandonedGround {
  /// Lets recordings that are open close before now, or after.
  static func close(
    _ recordings: [RecordingID], _ period: String = "-1 hour"
  ) async throws {
    let ids = recordings.map { "'\($0)'" }.joined(separator: ", ")
    try await TestDatabase.current.psql(
      """
      update hansard.recording_progress
      set closes_at = clock_timestamp() + interval '\(period)'
      where recording_id in (\(ids));
      \(startedBefore)
      """)
  }

  /// Lets what is open have started seven days before it closes.
  static let startedBefore = """
    update hansard.canvas_recordings as r
    set started_at = p.closes_at - interval '7 days'
    from hansard.recording_progress as p
    where (p.tenant_id, p.recording_id) = (r.tenant_id, r.recording_id) and p.is_open
    """

  /// So many recordings of each tenant with two events each, which nobody has stopped in time.
  static func abandon(_ count: Int, _ fixture: Fixture) async throws -> [RecordingID] {
    var ids: [RecordingID] = []
    for party in [fixture.acme, fixture.globex] {
      for _ in 0..<count {
        let id = try await fixture.recordings.started(by: party)
        _ = try await fixture.recordings.append(
          [.of(), .of(type: "error")], to: id, by: party.recorder)
        ids.append(id)
      }
    }
    try await close(ids)
    return ids
  }

  /// How many recordings go on.
  static func unfinished() async throws -> Int {
    let count = try await TestDatabase.current.psql(
      "select count(*) from hansard.canvas_recordings where status = 'recording'")
    return Int(count.dropLast()) ?? -1
  }

  /// What is not as it has to be; `isOver` where nothing may be left to do.
  static func findings(isOver: Bool = true) async throws -> [String] {
    let rules = always + (isOver ? afterwards : [])
    let counts = try await TestDatabase.current.psql(
      rules.map { "select (\($0.sql))" }.joined(separator: " union all "))
    return zip(rules, counts.split(separator: "\n")).compactMap { rule, count in
      count == "0" ? nil : "\(rule.what): \(count)"
    }
  }

  private static let always: [(what: String, sql: String)] = [
    (
      "half completed",
      """
      select count(*) from hansard.canvas_recordings as r
      join hansard.recording_progress as p using (tenant_id, recording_id)
      where p.is_open <> (r.status = 'recording')
        or r.status <> 'recording' and r.event_count <> p.event_count
      """
    ),
    (
      "events that are not counted, or counted and not there",
      """
      select count(*) from hansard.recording_progress as p
      where p.event_count <> (
        select count(*) from hansard.recording_events as e
        where (e.tenant_id, e.recording_id) = (p.tenant_id, p.recording_id))
      """
    ),
    (
      "failed without one event, review, notice and line of the service's, or with more",
      """
      select count(*) from hansard.canvas_recordings as r
      where r.status = 'failed' and (
        (select count(*) from hansard.recording_events as e
          where (e.tenant_id, e.recording_id) = (r.tenant_id, r.recording_id)
            and e.event_type = 'recording_abandoned' and e.recorded_by = 'system'
            and e.seq = r.event_count),
        (select count(*) from hansard.reviews as v
          where (v.tenant_id, v.recording_id) = (r.tenant_id, r.recording_id)
            and v.source = 'failure'),
        (select count(*) from hansard.notices as n
          where (n.tenant_id, n.recording_id) = (r.tenant_id, r.recording_id)
            and n.notice_type = 'canvas:recording_stopped'),
        (select count(*) from hansard.canvas_audit as a
          where (a.tenant_id, a.recording_id) = (r.tenant_id, r.recording_id)
            and a.action = 'complete_abandoned_recording' and a.actor = 'system'
            and a.outcome = 'allowed')
      ) <> (1, 1, 1, 1)
      """
    ),
    (
      "refusals of the service's own",
      """
      select count(*) from hansard.canvas_audit
      where action = 'complete_abandoned_recording' and outcome <> 'allowed'
      """
    ),
  ]

  private static let afterwards: [(what: String, sql: String)] = [
    (
      "abandoned and not completed",
      """
      select count(*) from hansard.recording_progress
      where is_open and closes_at <= clock_timestamp()
      """
    )
  ]
}

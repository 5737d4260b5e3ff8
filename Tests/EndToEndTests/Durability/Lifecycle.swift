// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization
import TestSupport

/// Whole lives of recordings under fire: started, written, flagged and stopped again and again, and
/// what was acknowledged of each.
final class Lifecycle: Sendable {
  private struct State {
    var started: Set<String> = []
    var flagged: Set<String> = []
    var stopped: Set<String> = []
    var surprises: [String] = []
  }

  private let state = Mutex(State())

  /// Lives one life after the other until `isOver`.
  func live(_ client: Client, until isOver: @Sendable () -> Bool) async throws {
    while !isOver() {
      // A start whose answer is lost may have left a recording that nobody writes: it is complete
      // all the same, and the next start makes another.
      let start = #"{"agent_id":"agent-1","user_id":"alice","reason":"a whole life"}"#
      let answer = try await acknowledged(201) { try await client.post("start", start) }
      guard answer.status == 201 else { continue }
      let id = try answer.text("recording_id")
      state.withLock { _ = $0.started.insert(id) }
      let event = #"{"event_type":"step","event_data":1}"#
      try await acknowledged(201) { try await client.post("\(id)/event", event) }
      let flag = #"{"flag_reason":"a whole life"}"#
      if try await acknowledged(200, { try await client.post("\(id)/flag", flag) }).status == 200 {
        state.withLock { _ = $0.flagged.insert(id) }
      }
      let stop = try await acknowledged(200, again: 409) {
        try await client.post("\(id)/stop", "{}")
      }
      if [200, 409].contains(stop.status) { state.withLock { _ = $0.stopped.insert(id) } }
    }
  }

  /// Sends until there is an answer other than 503, and notes it where it is neither `status` nor,
  /// after a try whose answer was lost or left it open, what a repetition is told.
  @discardableResult
  private func acknowledged(
    _ status: Int, again repeated: Int? = nil,
    _ send: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    var last: Answer?
    var tries = 0
    try await eventually("an answer") {
      tries += 1
      do {
        last = try await send()
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // No answer: the service or the connection is gone.
        return false
      }
      return last?.status != 503
    }
    guard let last else { throw TestSupportError("no answer") }
    if last.status != status, tries == 1 || last.status != repeated {
      state.withLock { $0.surprises.append("\(last.status) \(last.text)") }
    }
    return last
  }

  var count: Int { state.withLock { $0.stopped.count } }

  /// What is wrong in the database with what was acknowledged, or with the database as a whole.
  func faults(_ connection: PostgresConnection) async throws -> [String] {
    let state = state.withLock { $0 }
    var faults = state.surprises
    for (what, wanted, condition) in [
      ("started", state.started, "true"), ("flagged", state.flagged, "flagged_for_review"),
      ("stopped", state.stopped, "status = 'completed'"),
    ] {
      let rows = try await connection.execute(
        Query(
          "select recording_id::text from hansard.canvas_recordings where \(condition)",
          prepared: false))
      let found = try Set(rows.map { try $0.decode(0, as: String.self) })
      faults += wanted.subtracting(found).map { "lost: \($0) is not \(what)" }
    }
    return faults + (try await Self.contradictions(connection))
  }

  /// What must agree in any state that a crash may leave, because one transaction writes it.
  static func contradictions(_ connection: PostgresConnection) async throws -> [String] {
    var found: [String] = []
    for (what, sql) in rules {
      let row = try await connection.execute(Query(sql, prepared: false)).first
      let count = try row?.decode(0, as: Int64.self) ?? -1
      if count != 0 { found.append("\(what): \(count)") }
    }
    return found
  }

  private static let rules = [
    (
      "recordings without progress or key",
      """
      select count(*)
      from hansard.canvas_recordings as r
      left join hansard.recording_progress as p using (tenant_id, recording_id)
      left join hansard.recording_keys as k using (tenant_id, recording_id)
      where p.recording_id is null or k.recording_id is null
        or p.is_open <> (r.status = 'recording')
      """
    ),
    (
      "starts in the audit log that are not starts", audited("start_recording", "canvas_recordings")
    ),
    ("flags in the audit log that are not flags", audited("flag_recording", "recording_flags")),
    (
      "stops in the audit log that are not stops",
      """
      select abs(
        (select count(*) from hansard.canvas_recordings where status <> 'recording')
        - (
          select count(*)
          from hansard.canvas_audit
          where action = 'stop_recording' and outcome = 'allowed'))
      """
    ),
    (
      "recordings whose count is not that of their events",
      """
      select count(*)
      from hansard.recording_progress as p
      join hansard.canvas_recordings as r using (tenant_id, recording_id)
      where p.event_count <> (
          select count(*)
          from hansard.recording_events as e
          where e.tenant_id = p.tenant_id and e.recording_id = p.recording_id)
        or (r.status <> 'recording' and r.event_count <> p.event_count)
      """
    ),
  ]

  private static func audited(_ action: String, _ table: String) -> String {
    """
    select abs(
      (select count(*) from hansard.\(table))
      - (
        select count(*)
        from hansard.canvas_audit
        where action = '\(action)' and outcome = 'allowed'))
    """
  }
}

extension Client {
  fileprivate func post(_ rest: String, _ body: String) async throws -> Answer {
    try await send(.post, "\(Paths.recordings)/\(rest)", json: body)
  }
}

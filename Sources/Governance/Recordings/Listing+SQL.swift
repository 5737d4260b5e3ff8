// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// When a recording was started, also one that was purged since.
  static func start(of id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      select started_at
      from hansard.canvas_recordings
      where tenant_id = $1
        and recording_id = $2
      union all
      select started_at
      from hansard.purge_certificates
      where tenant_id = $1
        and recording_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  ///
  /// The conditions that are not asked for do not appear in the text, so that each combination is
  /// planned for the index that serves it.
  static func list(
    _ filter: RecordingFilter, _ scope: ListScope, after place: ListPlace?, limit: PageLimit,
    of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("r.tenant_id = ", tenant.uuid)
    let isOfSession = filter.session != nil
    conditions.add(filter, isOfSession)
    conditions.add(scope, isOfSession)
    if let place {
      let time = conditions.bind(place.startedAt)
      let id = conditions.bind(place.recording.uuid)
      conditions.clauses.append("(r.started_at, r.recording_id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(StoredRecording.columns)
      from hansard.canvas_recordings as r
      join hansard.recording_progress as p
        on p.tenant_id = r.tenant_id
        and p.recording_id = r.recording_id
      where \(conditions.text)
      order by r.started_at desc, r.recording_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension Conditions {
  /// Without statistics PostgreSQL takes an agent or user for as rare as a session, and may go by theirs; of a
  /// session, which is never large, it is not let.
  private static func column(_ name: String, _ isOfSession: Bool) -> String {
    isOfSession ? "r.\(name) || '' = " : "r.\(name) = "
  }

  fileprivate mutating func add(_ filter: RecordingFilter, _ isOfSession: Bool) {
    if let agent = filter.agent { add(Self.column("agent_id", isOfSession), agent.rawValue) }
    if let user = filter.user { add(Self.column("user_id", isOfSession), user.rawValue) }
    if let canvas = filter.canvas { add("r.canvas_id = ", canvas.rawValue) }
    if let session = filter.session { add("r.session_id = ", session.rawValue) }
    if let status = filter.status { add("r.status = ", status.rawValue) }
    if let tag = filter.tag { add("r.tags @> ", [tag.rawValue]) }
    if let reason = filter.reason { add("r.reason = ", reason.rawValue) }
    if let isFlagged = filter.isFlagged {
      clauses.append(isFlagged ? "r.flagged_for_review" : "not r.flagged_for_review")
    }
    if let after = filter.startedAfter { add("r.started_at >= ", after) }
    if let before = filter.startedBefore { add("r.started_at < ", before) }
  }

  fileprivate mutating func add(_ scope: ListScope, _ isOfSession: Bool) {
    switch scope {
    case .everything: break
    case .own(let user): add(Self.column("user_id", isOfSession), user.rawValue)
    case .flaggedOrOwn(nil): clauses.append("r.flagged_for_review")
    case .flaggedOrOwn(let user?):
      clauses.append("(r.flagged_for_review or r.user_id = \(bind(user.rawValue)))")
    }
  }
}

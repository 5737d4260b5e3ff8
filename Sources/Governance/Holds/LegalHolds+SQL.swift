// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  private static let holdColumns = """
    h.hold_id, h.recording_id, h.reason, h.placed_at, h.placed_by, h.lifted_at, h.lifted_by,
    h.lift_reason
    """

  /// When it was placed; null where there is no such recording.
  static func placeHold(
    _ hold: LegalHoldID, on recording: RecordingID, because reason: String, by actor: String
  ) -> Query {
    Query(
      "select hansard.place_hold($1, $2, $3, $4)", hold.uuid, recording.uuid, reason, actor)
  }

  /// Whether it was in force.
  static func liftHold(
    _ hold: LegalHoldID, because reason: String, by actor: String
  ) -> Query {
    Query("select hansard.lift_hold($1, $2, $3)", hold.uuid, reason, actor)
  }

  /// A hold, and the agent and user of its recording, also where that is gone.
  static func hold(_ id: LegalHoldID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(holdColumns), coalesce(r.agent_id, c.agent_id), coalesce(r.user_id, c.user_id)
      from hansard.legal_holds as h
      left join hansard.canvas_recordings as r
        on r.tenant_id = h.tenant_id
        and r.recording_id = h.recording_id
      left join hansard.purge_certificates as c
        on c.tenant_id = h.tenant_id
        and c.recording_id = h.recording_id
      where h.tenant_id = $1
        and h.hold_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// One more row than `limit` is asked for, to know whether there is a next page.
  static func holds(
    _ filter: LegalHoldFilter, after place: LegalHoldPlace?, limit: PageLimit, of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("h.tenant_id = ", tenant.uuid)
    if let recording = filter.recording { conditions.add("h.recording_id = ", recording.uuid) }
    if let isActive = filter.isActive {
      conditions.clauses.append(isActive ? "h.lifted_at is null" : "h.lifted_at is not null")
    }
    if let place {
      let time = conditions.bind(place.placedAt)
      let id = conditions.bind(place.id.uuid)
      conditions.clauses.append("(h.placed_at, h.hold_id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(holdColumns)
      from hansard.legal_holds as h
      where \(conditions.text)
      order by h.placed_at desc, h.hold_id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension LegalHold {
  /// Reads `Query.holdColumns`.
  init(reading column: inout RowReader) throws {
    id = try column.serverID()
    recording = try column.serverID()
    reason = try column.next()
    placedAt = try column.next()
    placedBy = try column.next()
    let liftedAt = try column.next(Timestamp?.self)
    let liftedBy = try column.next(String?.self)
    let liftReason = try column.next(String?.self)
    if let liftedAt, let liftedBy, let liftReason {
      lifting = Lifting(at: liftedAt, by: liftedBy, reason: liftReason)
    }
  }
}

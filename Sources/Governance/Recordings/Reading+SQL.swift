// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func recordingKey(of id: RecordingID, of tenant: TenantID) -> Query {
    Query(
      """
      select \(WrappedRecordingKey.columns)
      from hansard.recording_keys as k
      join hansard.tenant_keys as t
        on t.tenant_id = k.tenant_id
        and t.tenant_key_id = k.tenant_key_id
      where k.tenant_id = $1
        and k.recording_id = $2
      """, tenant.uuid, id.uuid)
  }

  /// The most that the payloads of one page may add up to, in bytes; the first is always there.
  static let pageBytes: Int64 = 8 << 20

  /// Events in order of position. The day of the recording's partition is a parameter, so that the
  /// others are not even opened: looked up inside, it would be known too late for that.
  static func events(
    of id: RecordingID, of tenant: TenantID, on day: String, afterSeq seq: Int64, limit: Int
  ) -> Query {
    eventPage(
      of: id, of: tenant, on: day, afterSeq: seq, limit: limit, columns: StoredEvent.columns)
  }

  /// The same with other columns, given those of a table's name.
  static func eventPage(
    of id: RecordingID, of tenant: TenantID, on day: String, afterSeq seq: Int64, limit: Int,
    columns: (_ table: String) -> String
  ) -> Query {
    Query(
      """
      select \(columns("e"))
      from (
        select
          \(columns("x")),
          sum(x.payload_length::bigint) over (order by x.seq) - x.payload_length as before
        from hansard.recording_events as x
        where x.tenant_id = $1
          and x.recording_id = $2
          and x.expires_on = ($6::text)::date
          and x.seq > $3
        order by x.seq
        limit $4
      ) as e
      where e.before < $5
      order by e.seq
      """, tenant.uuid, id.uuid, seq, Int64(limit), pageBytes, day)
  }

  /// Events in order of time; the column behind the event's says whether the page was cut
  /// for its size.
  static func replay(
    of id: RecordingID, of tenant: TenantID, on day: String, after place: ReplayPlace?, limit: Int
  ) -> Query {
    Query(
      """
      select \(StoredEvent.columns(of: "e")), e.before + e.payload_length >= $6 and e.follows
      from (
        select
          \(StoredEvent.columns(of: "x")), x.payload_length,
          sum(x.payload_length::bigint) over w - x.payload_length as before,
          lead(x.seq) over w is not null as follows
        from (
          select \(StoredEvent.columns(of: "y")), y.payload_length
          from hansard.recording_events as y
          where y.tenant_id = $1
            and y.recording_id = $2
            and y.expires_on = ($7::text)::date
            and (y.occurred_at, y.seq) > ($3, $4)
          order by y.occurred_at, y.seq
          limit $5
        ) as x
        window w as (order by x.occurred_at, x.seq)
      ) as e
      where e.before < $6
      order by e.occurred_at, e.seq
      """,
      tenant.uuid, id.uuid, place?.occurredAt ?? .negativeInfinity, place?.seq ?? 0, Int64(limit),
      pageBytes, day)
  }
}

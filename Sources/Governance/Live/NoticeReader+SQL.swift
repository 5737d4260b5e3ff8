// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Query {
  /// Writes a notice.
  static func insertNotice(_ notice: NoticeDraft, of tenant: TenantID) -> Query {
    Query(
      """
      insert into hansard.notices (tenant_id, notice_type, recording_id, user_id, content)
      values ($1, $2, $3, $4, ($5::text)::json)
      """, tenant.uuid, notice.kind.rawValue, notice.recording?.uuid, notice.owner?.rawValue,
      String(decoding: notice.content, as: UTF8.self))
  }

  /// Deletes some of what is too old.
  fileprivate static var trimNotices: Query { Query("select hansard.trim_notices()") }

  /// The oldest transaction that has not ended.
  static var noticeHorizon: Query {
    Query("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
  }

  /// The time, and the number that the next transaction gets.
  static var presentTransaction: Query {
    Query("select clock_timestamp(), pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
  }

  /// The highest number; for a planted defect.
  static func lastNotice(of tenant: TenantID) -> Query {
    Query(
      """
      select coalesce(max(notice_id), 0)
      from hansard.notices
      where tenant_id = $1
      """, tenant.uuid)
  }

  /// Notices behind a place, each with the horizon of the same snapshot: from there on one that is
  /// still to be committed may come in between.
  static func notices(after place: NoticePlace, limit: Int, of tenant: TenantID) -> Query {
    Query(
      """
      select
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        \(noticeColumns)
      from hansard.notices
      where tenant_id = $1
        and (xid, notice_id) > ($2, $3)
        and created_at > now() - interval '\(NoticeReader.keptDays) days'
      order by xid, notice_id
      limit $4
      """, tenant.uuid, place.xid, place.id, Int64(limit))
  }

  /// What a reader does that does not know better; for the test that shows the loss.
  static func noticesByNumber(after id: Int64, limit: Int, of tenant: TenantID) -> Query {
    Query(
      """
      select 0::bigint, \(noticeColumns)
      from hansard.notices
      where tenant_id = $1
        and notice_id > $2
      order by notice_id
      limit $3
      """, tenant.uuid, id, Int64(limit))
  }

  private static let noticeColumns =
    "xid, notice_id, notice_type, user_id, created_at, content::text"

  static func deadKeys(among keys: [KeyID], of tenant: TenantID) -> Query {
    Query(
      """
      select key_id
      from hansard.api_keys
      where tenant_id = $1
        and key_id = any ($2)
        and (revoked_at is not null or expires_at <= clock_timestamp())
      """, tenant.uuid, keys.map(\.uuid))
  }

  /// Tells every instance of tenants that have something new.
  static func wake(_ payloads: [String]) -> Query {
    Query(
      "select pg_notify('\(LiveHub.channel)', w.payload) from unnest($1::text[]) as w (payload)",
      payloads)
  }

  /// How far recordings are that somebody follows.
  static func progress(of recordings: [RecordingID], of tenant: TenantID) -> Query {
    Query(
      """
      select recording_id, event_count, is_open and closes_at > clock_timestamp()
      from hansard.recording_progress
      where tenant_id = $1
        and recording_id = any ($2)
      """, tenant.uuid, recordings.map(\.uuid))
  }
}

extension [NoticeDraft] {
  /// The statements that write them, and now and then one that makes room.
  func insertions(of tenant: TenantID) -> [Query] {
    let insertions = map { Query.insertNotice($0, of: tenant) }
    return isEmpty || UInt8.random(in: 0...63) > 0 ? insertions : insertions + [.trimNotices]
  }
}

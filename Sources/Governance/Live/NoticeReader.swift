// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// Reads a tenant's notices in order, so that none is missed and none comes twice.
struct NoticeReader: Sendable {
  /// How many notices a page has.
  static let pageLimit = 100
  /// How long notices are kept for those who come back.
  static let keptDays = 7

  let database: Database
  let tenant: TenantID
  /// A planted defect: goes by numbers alone, so that what is committed late is lost.
  let ignoresHorizon: Bool

  /// Notices that may be told.
  struct Page: Sendable {
    var notices: [Notice] = []
    /// Whether more can be read at once.
    var isFull = false
    /// Whether there are notices that wait for older transactions to end.
    var isHeldUp = false
  }

  /// The place behind everything that can be read by now.
  func end() async throws -> NoticePlace {
    let rows = try await database.read(
      ignoresHorizon ? .lastNotice(of: tenant) : .noticeHorizon, of: tenant)
    guard let row = rows.first else { throw DomainError.unreadable }
    let number = try row.decode(0, as: Int64.self)
    return ignoresHorizon
      ? NoticePlace(xid: 0, id: number) : NoticePlace(xid: number - 1, id: .max)
  }

  /// The notices behind `place`, in order.
  func page(after place: NoticePlace) async throws -> Page {
    let query: Query =
      ignoresHorizon
      ? .noticesByNumber(after: place.id, limit: Self.pageLimit, of: tenant)
      : .notices(after: place, limit: Self.pageLimit, of: tenant)
    let rows = try await database.read(query, of: tenant)
    var page = Page(isFull: rows.count == Self.pageLimit)
    for row in rows {
      var column = row.reader()
      let horizon = try column.next(Int64.self)
      let notice = try Notice(reading: &column, of: tenant)
      guard ignoresHorizon || notice.place.xid < horizon else {
        page.isFull = false
        page.isHeldUp = true
        break
      }
      page.notices.append(notice)
    }
    return page
  }

  /// How far recordings are; those that are not there any more are left out.
  func progress(of recordings: [RecordingID]) async throws -> [RecordingID: RecordingProgress] {
    let rows = try await database.read(.progress(of: recordings, of: tenant), of: tenant)
    return try rows.reduce(into: [:]) { found, row in
      var column = row.reader()
      let recording: RecordingID = try column.serverID()
      found[recording] = RecordingProgress(events: try column.next(), isOpen: try column.next())
    }
  }

  /// The keys among `keys` that are not live any more.
  func deadKeys(among keys: [KeyID]) async throws -> Set<KeyID> {
    let rows = try await database.read(.deadKeys(among: keys, of: tenant), of: tenant)
    return Set(
      try rows.map { row in
        var column = row.reader()
        return try column.serverID()
      })
  }
}

extension Notice {
  fileprivate convenience init(reading column: inout RowReader, of tenant: TenantID) throws {
    let place = NoticePlace(xid: try column.next(), id: try column.next())
    let type = try column.next(String.self)
    let owner: UserID? = try column.optionalCallerID()
    let createdAt = try column.next(Timestamp.self)
    self.init(
      place: place, type: type, owner: owner, content: Array(try column.next(String.self).utf8),
      createdAt: createdAt,
      cursor: NoticeCursor(place: place, handedOutAt: createdAt).cursor(of: tenant))
  }
}

/// Where somebody was who comes back.
struct NoticeCursor: Sendable {
  let place: NoticePlace
  let handedOutAt: Timestamp

  init(place: NoticePlace, handedOutAt: Timestamp) {
    self.place = place
    self.handedOutAt = handedOutAt
  }

  /// - Throws: `badCursor` where it is another tenant's, or so old that notices behind it may have
  ///   been deleted: those are kept for an hour longer than it holds.
  init(_ cursor: Cursor, of tenant: TenantID, at now: Timestamp) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .notice, tenant, count: 24)
    place = NoticePlace(
      xid: Int64(bigEndianBytes: bytes[0..<8]), id: Int64(bigEndianBytes: bytes[8..<16]))
    handedOutAt = try CursorBytes.moment(bytes[16..<24])
    let age = now.seconds(since: handedOutAt)
    guard age < Double(NoticeReader.keptDays * 24 - 1) * 3600 else { throw .badCursor }
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(
      .notice, tenant, [place.xid.bytes, place.id.bytes, handedOutAt.microseconds.bytes])
  }
}

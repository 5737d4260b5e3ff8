// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  /// Sessions or tombstones, newest first; one more row than `limit` is asked for, to know whether there
  /// is a next page.
  static func recoveries(
    _ filter: RecoveryFilter, _ scope: RecoveryScope, after place: RecoveryPlace?,
    limit: PageLimit, of tenant: TenantID
  ) -> Query {
    var conditions = Conditions()
    conditions.add("s.tenant_id = ", tenant.uuid)
    conditions.clauses.append(
      filter.isCleared ? "s.cleared_at is not null" : "s.cleared_at is null")
    // What has expired is not shown before its tombstone is there either.
    if !filter.isCleared { conditions.clauses.append("s.expires_at > clock_timestamp()") }
    if let agent = filter.agent { conditions.add("s.agent_id = ", agent.rawValue) }
    if let user = filter.user { conditions.add("s.user_id = ", user.rawValue) }
    if let after = filter.startedAfter { conditions.add("s.started_at >= ", after) }
    if let before = filter.startedBefore { conditions.add("s.started_at < ", before) }
    conditions.add(scope)
    if let place {
      let time = conditions.bind(place.startedAt)
      let id = conditions.bind(place.uuid)
      conditions.clauses.append("(s.started_at, s.id) < (\(time), \(id))")
    }
    let limit = conditions.bind(Int32(clamping: limit.count + 1))
    return Query(
      """
      select \(StoredRecovery.columns)
      from hansard.recovery_sessions as s
      where \(conditions.text)
      order by s.started_at desc, s.id desc
      limit \(limit)
      """, parameters: conditions.parameters)
  }
}

extension Conditions {
  /// Only sessions, called s, that may be seen.
  mutating func add(_ scope: RecoveryScope) {
    switch scope {
    case .everything: break
    case .naming(let user): add("s.user_id = ", user.rawValue)
    case .nothing: clauses.append("false")
    }
  }
}

/// A place in a list of sessions: after this start and id, going back in time.
struct RecoveryPlace: Sendable {
  let startedAt: Timestamp
  let uuid: UUID

  init(_ stored: StoredRecovery) {
    startedAt = stored.session.startedAt
    uuid = stored.uuid
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .recovery, tenant, count: 24)
    startedAt = try CursorBytes.moment(bytes[..<8])
    uuid = UUID(sixteenBytes: bytes[8...])
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.recovery, tenant, [startedAt.microseconds.bytes, uuid.bytes])
  }
}

/// A place in the history of one session: after this time and position.
struct RecoveryHistoryPlace: Sendable {
  let occurredAt: Timestamp
  let position: Int64

  /// Before everything.
  static let start = RecoveryHistoryPlace(occurredAt: .negativeInfinity, position: 0)

  init(occurredAt: Timestamp, position: Int64) {
    self.occurredAt = occurredAt
    self.position = position
  }

  init(_ attempt: RecoveryAttempt) {
    self.init(occurredAt: attempt.timestamp, position: attempt.position)
  }

  init(
    _ cursor: Cursor, in session: UUID, of tenant: TenantID
  ) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .recoveryHistory, tenant, count: 32)
    guard Array(bytes[..<16]) == session.bytes else { throw .badCursor }
    occurredAt = try CursorBytes.moment(bytes[16..<24])
    position = Int64(bigEndianBytes: bytes[24...])
  }

  func cursor(in session: UUID, of tenant: TenantID) -> Cursor {
    CursorBytes.make(
      .recoveryHistory, tenant, [session.bytes, occurredAt.microseconds.bytes, position.bytes])
  }
}

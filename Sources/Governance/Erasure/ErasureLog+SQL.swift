// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

// For the role hansard_retention.
extension Query {
  static let erasureLogPosition = Query("select hansard.erasure_log_position()")

  /// Files, erasures in none of them, and since when.
  static let erasureLogState = Query(
    "select segment_count, waiting, oldest_waiting from hansard.erasure_log_state()")

  /// Read by `Erasure.init(_:)`.
  static func cutErasures(behind known: Int64, most: Int) -> Query {
    Query(
      """
      select tenant_id, recording_id, commitment, tenant_key_id, erased_at
      from hansard.cut_erasures($1, $2)
      """, known, Int32(clamping: most))
  }

  static func settleErasures(_ segment: Int64, _ erasures: [Erasure]) -> Query {
    Query(
      "select hansard.settle_erasures($1, $2, $3)", segment,
      erasures.compactMap(\.subject.commitment), erasures.compactMap(\.subject.tenantKey))
  }

  /// Places in the list, from 1.
  static func survivingErasures(_ erasures: [Erasure]) -> Query {
    Query(
      "select place from hansard.surviving_erasures($1, $2, $3, $4)", erasures.map(\.tenant.uuid),
      erasures.map(\.subject.recording?.uuid), erasures.map(\.subject.commitment),
      erasures.map(\.subject.tenantKey))
  }

  /// How many keys of recordings, of recovery sessions and of the tenant.
  static func eraseAgain(_ subjects: [Erasure.Subject], because reason: String, by actor: String)
    -> Query
  {
    let data = subjects.filter { $0.commitment != nil }
    return Query(
      """
      select recording_count, session_count, tenant_key_count
      from hansard.erase_again($1, $2, $3, $4, $5)
      """, data.map(\.recording?.uuid), data.map(\.commitment), subjects.compactMap(\.tenantKey),
      actor, reason)
  }
}

extension Erasure {
  init(_ row: Row) throws {
    var column = row.reader()
    tenant = try column.serverID()
    let recording = try column.next(UUID?.self).map { RecordingID($0) }
    let commitment = try column.next([UInt8]?.self)
    let tenantKey = try column.next(UUID?.self)
    erasedAt = try column.next()
    switch (recording, commitment, tenantKey) {
    case (let recording?, let commitment?, nil):
      subject = .recording(recording, commitment: commitment)
    case (nil, let commitment?, nil): subject = .recoverySession(commitment: commitment)
    case (nil, nil, let key?): subject = .tenantKey(key)
    default: throw DomainError.unreadable
    }
  }
}

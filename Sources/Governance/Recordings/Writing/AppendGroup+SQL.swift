// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// What `hansard.append_events` says of each event.
enum AppendVerdict: String, PostgresDecodable {
  case appended
  case known
  case mismatch
  case notOpen = "not_open"
  case notFound = "not_found"
  case unauthenticated

  static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> AppendVerdict {
    let word = try String.decode(bytes, type: type)
    guard let verdict = AppendVerdict(rawValue: word) else {
      throw PostgresError(.decoding, context: "unknown verdict")
    }
    return verdict
  }

  /// The error that this verdict on the event at `index` stands for; nil when it is stored.
  ///
  /// - Parameter isKnown: Whether this very event is the stored one; its siblings in a refused batch
  ///   share the verdict without being at fault.
  func error(at index: Int, isKnown: Bool) -> DomainError? {
    switch self {
    case .appended, .known: return nil
    case .mismatch:
      return DomainError(
        .eventMismatch, "An event with this event_id is stored already and is another event.",
        violations: isKnown
          ? [
            DomainError.Violation(
              pointer: "/\(index)/event_id", code: "idempotency_mismatch",
              reason: "This id belongs to another event of the recording.")
          ] : [])
    case .notOpen: return DomainError(.recordingNotOpen, "The recording is not open any more.")
    case .notFound: return .recordingNotFound
    case .unauthenticated: return .unauthenticated
    }
  }
}

extension Query {
  /// - Parameter mayBeKnown: Look for every event, not only for those whose id the client chose.
  static func appendEvents(_ requests: [AppendRequest], mayBeKnown: Bool) -> Query {
    let events = requests.enumerated().flatMap { index, request in
      request.events.map { (request: Int32(index + 1), event: $0) }
    }
    return Query(
      """
      select ordinal, verdict, seq, recorded_at, leaf_hash
      from hansard.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      order by ordinal
      """,
      requests.map(\.recording.uuid), requests.map { $0.key?.uuid },
      events.map(\.request), events.map(\.event.id.uuid),
      events.map { $0.event.isChosen || mayBeKnown }, events.map(\.event.type.rawValue),
      events.map(\.event.occurredAt), events.map(\.event.recordedBy), events.map(\.event.payload),
      events.map { Int32(clamping: $0.event.payloadLength) }, events.map(\.event.contentMAC),
      events.map(\.event.leafPrefix))
  }
}

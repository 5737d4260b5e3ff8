// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// What `hansard.append_events` says of each event.
enum AppendVerdict: String, PostgresDecodable {
  case appended
  case known
  /// Another event is stored under this id.
  case mismatch
  /// Not at fault, but another event of its request is a mismatch.
  case withheld
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
  func error(at index: Int) -> DomainError? {
    switch self {
    case .appended, .known: nil
    case .mismatch: .eventMismatch(at: index, "This id belongs to another event of the recording.")
    case .withheld: .eventMismatch
    case .notOpen: DomainError(.recordingNotOpen, "The recording is not open any more.")
    case .notFound: .recordingNotFound
    case .unauthenticated: .unauthenticated
    }
  }
}

extension DomainError {
  fileprivate static let eventMismatch = DomainError(
    .eventMismatch, "An event_id was sent with two different events.")

  /// Says which event of a batch bears an id that another event has.
  static func eventMismatch(at index: Int, _ reason: String) -> DomainError {
    var error = eventMismatch
    error.violations = [
      Violation(pointer: "/\(index)/event_id", code: "idempotency_mismatch", reason: reason)
    ]
    return error
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

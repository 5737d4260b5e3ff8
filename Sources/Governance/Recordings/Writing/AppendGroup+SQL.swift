// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

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
    // Its context was found before: it has been purged since.
    case .notFound: .recordingPurged
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
    let call = AppendCall(requests)
    let events = call.events
    return Query(
      """
      select ordinal, verdict, seq, recorded_at, leaf_hash
      from hansard.append_events(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22)
      order by ordinal
      """,
      call.recordings.map(\.id.uuid), call.recordings.map(\.events), call.recordings.map(\.errors),
      call.recordings.map(\.completions), call.keys.map(\.uuid), call.requestRecordings,
      requests.map { $0.key?.uuid }, call.eventRequests, call.eventRecordings, call.eventPlaces,
      events.map(\.id.uuid), events.map { $0.isChosen || mayBeKnown }, events.map(\.type),
      events.map(\.occurredAt), events.map(\.recordedBy), events.map(\.payload),
      events.map { Int32(clamping: $0.payloadLength) }, events.map(\.contentMAC),
      events.map(\.leafPrefix), events.map { Int32(clamping: $0.redactionPolicy) },
      events.map { $0.redactions.literal(\.family) }, events.map { $0.redactions.literal(\.count) })
  }
}

extension [Redaction.Count] {
  /// PostgreSQL's text form of an array; nil for none. Families are words that need no quoting.
  func literal<Value: CustomStringConvertible>(
    _ value: (Redaction.Count) -> Value
  ) -> String? {
    isEmpty ? nil : "{" + map { value($0).description }.joined(separator: ",") + "}"
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

extension Query {
  /// Attempts that are stored already.
  static func knownAttempts(
    _ entries: [RecoveryEntryID], of session: SessionID, _ tenant: TenantID
  ) -> Query {
    Query(
      """
      select
        entry_id, attempt_number, recorded_at, recording_id, event_id, event_seq, content_mac
      from hansard.recovery_attempts
      where tenant_id = $1
        and session_id = $2
        and entry_id = any ($3)
      """, tenant.uuid, session.rawValue, entries.map(\.rawValue))
  }

  /// Counts attempts in, and lets the session name what it did not name before; no row where it was
  /// cleared meanwhile, or has expired.
  static func advanceRecovery(
    _ stored: StoredRecovery, to position: Int64, _ number: Int64, _ agent: AgentID?,
    _ user: UserID?, of tenant: TenantID
  ) -> Query {
    Query(
      """
      update hansard.recovery_sessions
      set
        attempt_count = $3,
        last_attempt_number = $4,
        agent_id = coalesce(agent_id, $5),
        user_id = coalesce(user_id, $6)
      where tenant_id = $1
        and session_id = $2
        and cleared_at is null
        and expires_at > clock_timestamp()
        and attempt_count = $7
      returning clock_timestamp()
      """, tenant.uuid, stored.session.id.rawValue, position, number, agent?.rawValue,
      user?.rawValue, stored.session.attemptCount)
  }

  static func insertAttempts(
    _ attempts: [SealedAttempt], in session: SessionID, of tenant: TenantID
  ) -> Query {
    let facts = attempts.map(\.facts)
    return Query(
      """
      insert into hansard.recovery_attempts (
        tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by,
        error_type, strategy, attempt_number, success, rollback_performed, next_action,
        duration_seconds, agent_id, user_id, canvas_id, recording_id, event_id, event_seq,
        file_digests, payload, payload_length, content_mac, redaction_policy, redacted_families,
        redacted_counts)
      select
        $1, $2, a.position, a.entry_id, a.occurred_at, a.recorded_at, a.recorded_by, a.error_type,
        a.strategy, a.number, a.success, a.rollback, a.next_action, a.duration::numeric,
        a.agent_id, a.user_id, a.canvas_id, a.recording_id, a.event_id, a.event_seq,
        a.digests::bytea[], a.payload, a.payload_length, a.content_mac, a.policy,
        a.families::text[], a.counts::integer[]
      from unnest(
          $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[],
          $9::text[], $10::bigint[], $11::boolean[], $12::boolean[], $13::text[], $14::text[],
          $15::text[], $16::text[], $17::text[], $18::uuid[], $19::uuid[], $20::bigint[],
          $21::text[], $22::bytea[], $23::integer[], $24::bytea[], $25::integer[], $26::text[],
          $27::text[])
        as a (
          position, entry_id, occurred_at, recorded_at, recorded_by, error_type, strategy, number,
          success, rollback, next_action, duration, agent_id, user_id, canvas_id, recording_id,
          event_id, event_seq, digests, payload, payload_length, content_mac, policy, families,
          counts)
      """,
      tenant.uuid, session.rawValue, facts.map(\.position), facts.map(\.entry),
      facts.map(\.occurredAt), facts.map(\.recordedAt), facts.map(\.recordedBy),
      facts.map(\.errorType), facts.map(\.strategy), facts.map(\.number), facts.map(\.success),
      facts.map(\.rollbackPerformed), facts.map(\.nextAction), facts.map(\.duration),
      facts.map { $0.agent?.rawValue }, facts.map { $0.user?.rawValue },
      facts.map { $0.canvas?.rawValue }, facts.map { $0.event?.recording.uuid },
      facts.map { $0.event?.event.uuid }, facts.map { $0.event?.seq },
      attempts.map(\.fileDigests.literal), attempts.map(\.payload),
      attempts.map { Int32(clamping: $0.payloadLength) }, attempts.map(\.contentMAC),
      attempts.map { Int32(clamping: $0.redactionPolicy) },
      attempts.map { $0.redactions.literal(\.family) },
      attempts.map { $0.redactions.literal(\.count) })
  }
}

extension [[UInt8]] {
  /// PostgreSQL's text form of a `bytea[]`.
  fileprivate var literal: String {
    "{" + map { #""\\x\#(Hexadecimal.text(of: $0))""# }.joined(separator: ",") + "}"
  }
}

extension RecoveryPlan.Known {
  /// Reads what `knownAttempts` returns.
  init(_ row: Row, in session: SessionID) throws {
    var column = row.reader()
    let (entry, number) = (try column.next(String.self), try column.next(Int64.self))
    let recordedAt = try column.next(Timestamp.self)
    let event = try RecoveryEvent(reading: &column)
    receipt = RecoveryReceipt(
      session: session, entry: entry, number: number, recordedAt: recordedAt, event: event,
      isReplay: true)
    contentMAC = try column.next()
  }
}

extension RecoveryEvent {
  /// Nil where the attempt was made in no recording.
  init?(reading column: inout RowReader) throws {
    let recording = try column.next(UUID?.self)
    let (event, seq) = (try column.next(UUID?.self), try column.next(Int64?.self))
    guard let recording, let event, let seq else { return nil }
    self.init(recording: RecordingID(recording), event: EventID(event), seq: seq)
  }
}

extension RecoveryFacts {
  private static let columnNames = [
    "entry_id", "position", "occurred_at", "recorded_at", "recorded_by", "error_type",
    "strategy", "attempt_number", "success", "rollback_performed", "next_action",
    "duration_seconds", "agent_id", "user_id", "canvas_id", "recording_id", "event_id",
    "event_seq", "payload", "redacted_families", "redacted_counts",
  ]

  /// The columns that `init(reading:)` and `RecoveryOpener` read, of `recovery_attempts` under a name of
  /// the query's.
  static func columns(of table: String) -> String {
    columnNames.map { $0 == "duration_seconds" ? "\(table).\($0)::text" : "\(table).\($0)" }
      .joined(separator: ", ")
  }

  /// The same as they are.
  static let plainColumns = columnNames.joined(separator: ", ")

  /// How many they are.
  static let columnCount = columnNames.count

  init(reading column: inout RowReader) throws {
    entry = try column.next()
    position = try column.next()
    occurredAt = try column.next()
    recordedAt = try column.next()
    recordedBy = try column.next()
    errorType = try column.next()
    strategy = try column.next()
    number = try column.next()
    success = try column.next()
    rollbackPerformed = try column.next()
    nextAction = try column.next()
    duration = try column.next()
    agent = try column.optionalCallerID()
    user = try column.optionalCallerID()
    canvas = try column.optionalCallerID()
    event = try RecoveryEvent(reading: &column)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// Everything of an attempt that stands beside its payload in clear, and that its payload is bound to.
struct RecoveryFacts: Sendable {
  var entry: String
  var position: Int64
  var occurredAt: Timestamp
  var recordedAt: Timestamp
  var recordedBy: String
  var errorType: String
  var strategy: String
  var number: Int64
  var success: Bool
  var rollbackPerformed: Bool
  var nextAction: String
  var duration: String
  var agent: AgentID?
  var user: UserID?
  var canvas: CanvasID?
  var event: RecoveryEvent?

  /// What the payload is sealed as. Ids are never empty, so an empty text stands for none.
  func context(of tenant: TenantID, _ session: UUID) -> RecoveryContext {
    let seq: String? = event.map { String($0.seq) }
    let facts: [String?] = [
      String(position), String(recordedAt.microseconds), recordedBy, errorType, strategy,
      String(number), String(success), String(rollbackPerformed), nextAction, duration,
      agent?.rawValue, user?.rawValue, canvas?.rawValue, event?.recording.description,
      event?.event.description, seq,
    ]
    return RecoveryContext(
      tenant: tenant.uuid, session: session, entry: entry, occurredAt: occurredAt.microseconds,
      facts: facts.map { $0 ?? "" })
  }
}

/// An attempt as it is inserted.
struct SealedAttempt: Sendable {
  let facts: RecoveryFacts
  let payload: [UInt8]
  let payloadLength: Int
  let contentMAC: [UInt8]
  let fileDigests: [[UInt8]]
  let redactionPolicy: Int
  let redactions: [Redaction.Count]
}

/// The keys of one session.
struct RecoveryKeys: Sendable {
  let data: DataKey
  /// The tenant key that wraps it: files are counted under it as long as the session lasts.
  let tenant: TenantKey

  /// The codes by which attempts are recognised.
  func macs(of attempts: [PreparedAttempt]) throws(DomainError) -> [[UInt8]] {
    do {
      var macs: [[UInt8]] = []
      for attempt in attempts { macs.append(try data.contentMAC(of: attempt.identifyingParts)) }
      return macs
    } catch {
      throw DomainError(sealing: error)
    }
  }

  /// Seals an attempt as what is known of it now.
  func seal(
    _ attempt: PreparedAttempt, as facts: RecoveryFacts, _ mac: [UInt8], of tenantID: TenantID,
    _ session: UUID
  ) throws(DomainError) -> SealedAttempt {
    do {
      return SealedAttempt(
        facts: facts,
        payload: try data.seal(attempt.payload, as: facts.context(of: tenantID, session)),
        payloadLength: attempt.payload.count, contentMAC: mac,
        fileDigests: try tenant.fileDigests(of: attempt.files),
        redactionPolicy: attempt.redactionPolicy, redactions: attempt.redactions)
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

/// Opens the sealed attempts of one session.
struct RecoveryOpener: Sendable {
  let tenant: TenantID
  let session: SessionID
  /// The session's own id.
  let uuid: UUID
  let key: DataKey
  let observer: Observer

  /// What stands in a row, opened.
  ///
  /// - Throws: `integrityFailure` when a payload does not open under its key and what stands beside it.
  func open(_ row: Row) throws -> RecoveryAttempt {
    var column = row.reader()
    let facts = try RecoveryFacts(reading: &column)
    let payload = try column.next([UInt8].self)
    let families = try column.next([String]?.self) ?? []
    let counts = try column.next([Int32]?.self) ?? []
    let bytes: [UInt8]
    do {
      bytes = try key.open(payload, as: facts.context(of: tenant, uuid))
    } catch {
      observer.observe(.recoveryIntegrityFailure(session: uuid.text, position: facts.position))
      throw DomainError(sealing: error)
    }
    return RecoveryAttempt(
      entry: facts.entry, timestamp: facts.occurredAt, session: session,
      errorType: facts.errorType, strategy: facts.strategy, number: facts.number,
      success: facts.success, rollbackPerformed: facts.rollbackPerformed,
      nextAction: facts.nextAction, durationSeconds: facts.duration,
      content: try RecoveryContent(bytes), agent: facts.agent, user: facts.user,
      canvas: facts.canvas, event: facts.event, recordedAt: facts.recordedAt,
      recordedBy: facts.recordedBy,
      redactions: zip(families, counts).map { .init(family: $0, count: Int($1)) },
      position: facts.position)
  }
}

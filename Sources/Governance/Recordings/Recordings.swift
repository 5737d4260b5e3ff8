// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The life of recordings: every operation that starts, writes, ends or shows one.
///
/// Each public method is one transaction behind the gate; appending is a place in the event writer's
/// queue. What a method returns is committed.
package struct Recordings: Sendable {
  /// The switches of a deployment (**seed**).
  package struct Settings: Sendable {
    /// `CANVAS_RECORDING_ENABLED`: false refuses new recordings; running ones go on.
    package var isEnabled = true
    /// `RECORDING_RETENTION_DAYS`, for tenants without a period of their own.
    package var retentionDays = 90
    /// The longest time that a recording stays open.
    package var maximumOpenDays = 7
    /// `HANSARD_ABANDONED_AFTER_SECONDS`: a recording without an event for so long is taken for abandoned;
    /// nil: only one that has been open for too long is.
    package var abandonedAfter: Duration?

    /// The defaults.
    package init() {}
  }

  let gate: Gate
  let vault: KeyVault
  let contexts: RecordingContexts
  let redactors: Redactors
  let writer: EventWriter
  let limiter: Limiter
  let settings: Settings
  /// Where recordings are archived; nil: nowhere.
  let archive: (any ArchiveStore)?
  let observer: Observer

  /// Wires the operations to the gate and the writer.
  init(
    gate: Gate, redactors: Redactors, writer: EventWriter, limiter: Limiter, settings: Settings,
    archive: (any ArchiveStore)?, observer: Observer
  ) {
    self.gate = gate
    contexts = RecordingContexts(database: gate.database, vault: gate.vault)
    vault = gate.vault
    self.redactors = redactors
    self.writer = writer
    self.limiter = limiter
    self.settings = settings
    self.archive = archive
    self.observer = observer
  }

  /// Ends a recording, as completed or failed, with the given summary or a generated one.
  ///
  /// - Throws: `recordingNotOpen` when it ended before: a result is never rewritten.
  package func stop(
    _ id: RecordingID, status: Recording.Status, summary: RecordingText?, by caller: Caller
  ) async throws -> Recording {
    guard status != .recording else {
      throw DomainError.invalid(
        "/status", "not_allowed", "A recording stops as completed or failed.")
    }
    let given: String? =
      if let summary {
        try await redactors.find(caller.tenant).redact(summary.rawValue)
      } else {
        nil
      }
    let stopped = try await gate.perform(
      .stopRecording, by: caller,
      naming: AuditMention(recording: id, details: ["status": status.rawValue]),
      load: { transaction in try await Self.load(id, in: transaction, caller, .locked) },
      work: { transaction, found, note in
        note.amend { $0.details["status"] = status.rawValue }
        guard found.isOpen else {
          throw DomainError(.recordingNotOpen, "The recording was stopped before.")
        }
        let text = given ?? found.counts.summary
        return try await end(
          found, status, text, closing: .close(id, of: caller.tenant), caller, note, transaction)
      })
    contexts.forget(id, of: caller.tenant)
    return stopped
  }

  /// Asks for a review: sets the recording's flag, adds the tag `flagged_review` once, and keeps the
  /// flag in its history.
  package func flag(
    _ id: RecordingID, reason: RecordingText, by caller: Caller
  ) async throws -> (recording: Recording, flags: [Recording.Flag]) {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    return try await gate.perform(
      .flagRecording, by: caller, naming: AuditMention(recording: id),
      load: { transaction in try await Self.load(id, in: transaction, caller, .locked) },
      work: { transaction, found, note in
        try found.requireUnexpired()
        // Nobody undoes a verdict on their own; it turns stale by the flag.
        let isOwn = try await Self.concerns(caller, found.recording, in: transaction)
        transaction.enqueue(.openReview(ofFlagged: id, reopens: !isOwn, by: caller))
        transaction.enqueue(.bringForward(reviewOf: id, of: caller.tenant))
        let results = try await transaction.pipeline([
          .addFlag(.make(), to: id, of: caller.tenant, text, by: caller.principal.actor),
          .markFlagged(id, of: caller.tenant),
          .flags(of: id, of: caller.tenant),
        ])
        guard results.count == 3, let row = results[1].first else {
          throw DomainError.recordingNotFound
        }
        let flags = try results[2].map(Recording.Flag.init(reading:))
        let recording = try StoredRecording(row).recording
        note.announce(.flagged(recording))
        return (recording, flags)
      })
  }

  /// Whether a recording is the caller's own, or that of an agent of theirs.
  private static func concerns(
    _ caller: Caller, _ recording: Recording, in transaction: PostgresTransaction
  ) async throws -> Bool {
    guard let user = caller.principal.user else { return false }
    if user == recording.user { return true }
    let ownership = try await transaction.execute(
      .ownership(of: user, ofAgentIn: recording.id, of: caller.tenant))
    return !ownership.isEmpty
  }

  /// A page of recordings, newest first, stable while others start.
  package func list(
    _ filter: RecordingFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<Recording> {
    try await page(
      filter, .listRecordings, limit, cursor.map { .cursor($0) } ?? .newest, caller)
  }

  /// The same to be taken away, page by page; each page is in the audit log.
  ///
  /// - Throws: `badCursor` where the place is not one of the tenant's.
  package func exportPage(
    _ filter: RecordingFilter, from start: ExportStart, by caller: Caller
  ) async throws -> Page<Recording> {
    try await page(filter, .exportRecordings, .largest, start, caller)
  }

  /// Where a page of an export begins.
  package enum ExportStart: Sendable {
    case newest
    /// Behind the page that gave this.
    case cursor(Cursor)
    /// Behind the last recording that arrived of an export that broke off.
    case behind(RecordingID)
  }

  private func page(
    _ filter: RecordingFilter, _ operation: Operation, _ limit: PageLimit, _ start: ExportStart,
    _ caller: Caller
  ) async throws -> Page<Recording> {
    let scope = ListScope(of: caller.principal)
    let filter = try await redacted(filter, of: caller.tenant)
    return try await gate.perform(
      operation, by: caller, facts: AccessFacts(owner: filter.user),
      naming: AuditMention(
        agent: filter.agent, user: filter.user, canvas: filter.canvas, session: filter.session,
        details: filter.details)
    ) { transaction, note in
      let place = try await Self.place(start, caller.tenant, in: transaction)
      let query = Query.list(filter, scope, after: place, limit: limit, of: caller.tenant)
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(query)
      let found = try rows.prefix(limit.count).map { try StoredRecording($0).recording }
      note.amend(count: found.count)
      let next = rows.count > limit.count ? found.last.map { ListPlace($0) } : nil
      return Page(elements: found, next: next?.cursor(of: caller.tenant))
    }
  }
}

extension Recordings {
  /// A filter that finds what was redacted when it was written. Ids that are tokens find nothing, and
  /// the audit entry would name them.
  private func redacted(
    _ filter: RecordingFilter, of tenant: TenantID
  ) async throws -> RecordingFilter {
    guard filter.namesText else { return filter }
    let redactor = try await redactors.find(tenant)
    try redactor.rules.requireNoToken(in: [
      ("agent_id", filter.agent?.rawValue), ("user_id", filter.user?.rawValue),
      ("canvas_id", filter.canvas?.rawValue), ("session_id", filter.session?.rawValue),
    ])
    var filter = filter
    filter.tag = try filter.tag.map { Tag(verified: try redactor.redact($0.rawValue)) }
    filter.reason = try filter.reason.map {
      RecordingText(verified: try redactor.redact($0.rawValue))
    }
    return filter
  }

  private static func place(
    _ start: ExportStart, _ tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> ListPlace? {
    switch start {
    case .newest: return nil
    case .cursor(let cursor): return try ListPlace(cursor, of: tenant)
    case .behind(let id):
      guard let row = try await transaction.execute(.start(of: id, of: tenant)).first else {
        throw DomainError.badCursor
      }
      return ListPlace(startedAt: try row.decode(0), recording: id)
    }
  }

  /// How a recording is looked up.
  enum Hold {
    case unlocked
    /// With its progress row locked, so that no append comes between.
    case locked
  }

  /// Finds a recording as the subject of an operation.
  static func load(
    _ id: RecordingID, in transaction: PostgresTransaction, _ caller: Caller, _ hold: Hold
  ) async throws -> Gate.Subject<StoredRecording> {
    let rows = try await transaction.execute(.find(id, of: caller.tenant, hold))
    guard let row = rows.first else { throw try await absence(of: id, in: transaction, caller) }
    let found = try StoredRecording(row)
    return Gate.Subject(value: found, facts: found.facts, mention: found.mention)
  }
}

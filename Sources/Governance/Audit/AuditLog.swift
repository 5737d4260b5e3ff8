// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The audit log (**seed** `canvas_audit`), read back.
package struct AuditLog: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// A page of the log, the latest line first. To have read it is a line of its own, which names what
  /// was asked for.
  package func list(
    _ filter: AuditFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<AuditRecord> {
    try await page(filter, .readAudit, limit, cursor.map { .cursor($0) } ?? .latest, caller)
  }

  /// The same to be taken away, page by page; each page is a line of its own.
  ///
  /// - Throws: `badCursor` where the place is not one of the tenant's.
  package func exportPage(
    _ filter: AuditFilter, from start: ExportStart, by caller: Caller
  ) async throws -> Page<AuditRecord> {
    try await page(filter, .exportAudit, .largest, start, caller)
  }

  /// Where a page of an export begins.
  package enum ExportStart: Sendable {
    case latest
    /// Behind the page that gave this.
    case cursor(Cursor)
    /// Behind the last line that arrived of an export that broke off.
    case behind(AuditID)
  }

  private func page(
    _ filter: AuditFilter, _ operation: Operation, _ limit: PageLimit, _ start: ExportStart,
    _ caller: Caller
  ) async throws -> Page<AuditRecord> {
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("agent_id", filter.agent?.rawValue), ("user_id", filter.user?.rawValue),
      ("actor", filter.actor),
    ])
    return try await gate.perform(
      operation, by: caller,
      naming: AuditMention(
        recording: filter.recording, agent: filter.agent, user: filter.user,
        details: filter.details)
    ) { transaction, note in
      let place = try await Self.place(start, caller.tenant, in: transaction)
      let rows = try await transaction.execute(
        .audit(filter, after: place, limit: limit, of: caller.tenant))
      let records = try rows.prefix(limit.count).map { try AuditRecord($0) }
      note.amend(count: records.count)
      let next = rows.count > limit.count ? records.last.map(AuditPlace.init) : nil
      return Page(elements: records, next: next?.cursor(of: caller.tenant))
    }
  }

  private static func place(
    _ start: ExportStart, _ tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> AuditPlace? {
    switch start {
    case .latest: return nil
    case .cursor(let cursor): return try AuditPlace(cursor, of: tenant)
    case .behind(let id):
      guard let row = try await transaction.execute(.auditTime(of: id, of: tenant)).first else {
        throw DomainError.badCursor
      }
      return AuditPlace(occurredAt: try row.decode(0), id: id)
    }
  }
}

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
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("agent_id", filter.agent?.rawValue), ("user_id", filter.user?.rawValue),
    ])
    return try await gate.perform(
      .readAudit, by: caller,
      naming: AuditMention(recording: filter.recording, agent: filter.agent, user: filter.user)
    ) { transaction, _ in
      let place = try cursor.map { try AuditPlace($0, of: caller.tenant) }
      let rows = try await transaction.execute(
        .audit(filter, after: place, limit: limit, of: caller.tenant))
      let records = try rows.prefix(limit.count).map { try AuditRecord($0) }
      let next = rows.count > limit.count ? records.last.map(AuditPlace.init) : nil
      return Page(elements: records, next: next?.cursor(of: caller.tenant))
    }
  }
}

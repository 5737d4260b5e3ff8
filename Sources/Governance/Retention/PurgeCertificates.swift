// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The certificates of what was purged, so that a question about a time whose recordings are gone is answered
/// with what there was.
package struct PurgeCertificates: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// The certificate of a recording.
  ///
  /// - Throws: `notFound` for one that was not purged.
  package func find(_ id: RecordingID, by caller: Caller) async throws -> PurgeCertificate {
    try await gate.perform(
      .readCertificates, by: caller, naming: AuditMention(recording: id)
    ) { transaction, note in
      let certificate = try await Self.load(id, in: transaction, caller)
      note.amend {
        $0.agent = certificate.agent
        $0.user = certificate.user
      }
      return certificate
    }
  }

  /// A page of certificates, newest first: by when the recordings were started where a range of that is asked
  /// for, and otherwise by when they were purged.
  package func list(
    _ filter: PurgeCertificateFilter, limit: PageLimit, cursor: Cursor?, by caller: Caller
  ) async throws -> Page<PurgeCertificate> {
    // The audit entry names what was asked for.
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [
      ("agent_id", filter.agent?.rawValue), ("user_id", filter.user?.rawValue),
    ])
    return try await gate.perform(
      .readCertificates, by: caller,
      naming: AuditMention(agent: filter.agent, user: filter.user, details: filter.details)
    ) { transaction, note in
      let order = filter.order
      let place = try cursor.map {
        try PurgeCertificatePlace($0, order, of: caller.tenant)
      }
      transaction.enqueue(.inOrderOfIndexes)
      let rows = try await transaction.execute(
        .certificates(filter, after: place, limit: limit, of: caller.tenant))
      let found = try rows.prefix(limit.count).map { try PurgeCertificate($0) }
      note.amend(count: found.count)
      let last = rows.count > limit.count ? found.last : nil
      return Page(
        elements: found,
        next: last.map { PurgeCertificatePlace($0, order).cursor(of: caller.tenant) })
    }
  }

  static func load(
    _ id: RecordingID, in transaction: PostgresTransaction, _ caller: Caller
  ) async throws -> PurgeCertificate {
    let rows = try await transaction.execute(.certificate(of: id, of: caller.tenant))
    guard let row = rows.first else {
      throw DomainError(.notFound, "There is no certificate of such a recording.")
    }
    return try PurgeCertificate(row)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What `Restoration.reapply` has destroyed again.
package struct Reapplication: Sendable {
  /// Files of the log that the database had not known.
  package var segments: Int64 = 0
  package var recordings: Int64 = 0
  package var recoverySessions: Int64 = 0
  package var tenantKeys: Int64 = 0
  /// Recordings that were taken away and left a certificate.
  package var certificates: Int64 = 0
  /// Recordings without a key that could not be taken away.
  package var left: Int64 = 0
}

/// Puts a database right that was restored to a time before erasures: what the log says was destroyed is destroyed
/// again. Until then services that know the log are not ready and serve nothing.
package struct Restoration: Sendable {
  /// nil: the deployment has none.
  package let log: ErasureLog?
  let gate: Gate
  let deletions: RecordingDeletions
  /// Where archives are, which may have been written behind the time of the backup.
  let archive: (any ArchiveStore)?

  private static let deadline = Duration.seconds(120)

  /// What stands in certificates, tombstones and lifted holds.
  static let reason = "Erased before the database was restored, and erased again."

  /// Applies the files of the log that the database does not know, in their order. A file counts as known when all
  /// that it says is destroyed: broken off, it is gone on with.
  ///
  /// - Throws: What the store and the database throw, `ErasureLogError`; `notFound` where there is no log.
  package func reapply() async throws -> Reapplication {
    guard let log else {
      throw DomainError(
        .notFound, "There is no log of erasures: HANSARD_ERASURE_LOG_URL is not set.")
    }
    var sum = Reapplication()
    var known = try await log.position()
    guard try await log.isOurs(upTo: known) else { throw ErasureLogError(segment: known) }
    while let erasures = try await log.files.read(known + 1) {
      try await apply(erasures, surviving: try await log.surviving(erasures), &sum)
      try await log.settle(known + 1, erasures)
      known += 1
      sum.segments += 1
    }
    return sum
  }

  /// Keys first, and that a recording is listed last: what is listed counts as surviving, so that whoever is
  /// interrupted has to go on.
  private func apply(
    _ erasures: [Erasure], surviving: [Erasure], _ sum: inout Reapplication
  ) async throws {
    let tenants = Dictionary(grouping: surviving, by: \.tenant)
    for (tenant, erasures) in tenants {
      try await eraseAgain(erasures.map(\.subject), of: tenant, &sum)
    }
    if let archive {
      // Also of recordings that the backup does not know.
      for erasure in erasures {
        guard let id = erasure.subject.recording else { continue }
        try await archive.delete(ArchiveName(id, of: erasure.tenant))
      }
    }
    for (tenant, erasures) in tenants {
      let caller = Caller(principal: .operatorOf(tenant), request: .make())
      let taken = try await deletions.deleteShredded(
        erasures.compactMap(\.subject.recording), because: Self.reason, by: caller)
      sum.certificates += taken.certificates
      sum.left += taken.left
    }
  }

  private func eraseAgain(
    _ subjects: [Erasure.Subject], of tenant: TenantID, _ sum: inout Reapplication
  ) async throws {
    let caller = Caller(principal: .operatorOf(tenant), request: .make())
    let counts = try await gate.perform(.reapplyErasures, by: caller) { transaction, note in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .eraseAgain(subjects, because: Self.reason, by: caller.principal.actor),
        deadline: Self.deadline)
      transaction.enqueue(.actAsService)
      guard let row = rows.first else { throw DomainError.unreadable }
      var column = row.reader()
      let counts: (Int64, Int64, Int64) = (
        try column.next(), try column.next(), try column.next()
      )
      note.amend {
        $0.details["reason"] = Self.reason
        $0.details["recordings"] = "\(counts.0)"
        $0.details["sessions"] = "\(counts.1)"
        $0.details["tenant_keys"] = "\(counts.2)"
      }
      return counts
    }
    sum.recordings += counts.0
    sum.recoverySessions += counts.1
    sum.tenantKeys += counts.2
  }
}

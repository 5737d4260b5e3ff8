// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What the destruction of a tenant's keys has destroyed.
package struct TenantShredding: Sendable {
  /// Tenant keys.
  package var tenantKeys: Int64
  /// Data keys of recordings.
  package var recordings: Int64
  /// Recovery sessions that were cleared.
  package var recoverySessions: Int64
  /// Webhooks, whose secrets are gone.
  package var webhooks: Int64
  /// Recordings that this run has taken away and left a certificate of.
  package var certificates: Int64 = 0
  /// Recordings without a key that could not be taken away: a hold was placed on them meanwhile.
  package var left: Int64 = 0
}

extension TenantKeys {
  /// Destroys all keys of the caller's tenant, in one transaction: from then on nobody can read what was recorded,
  /// whoever has copies of the database's content. Then takes the recordings away, one at a time, with a certificate
  /// of each; run again, it goes on with that. What is recorded afterwards is sealed under a new key.
  ///
  /// - Throws: `recordingHeld` while any recording of the tenant is under a legal hold, `recordingRetained` while its
  ///   policy keeps any of them: then nothing is changed.
  package func shred(
    because reason: RecordingText, by caller: Caller
  ) async throws -> TenantShredding {
    try await vault.verify(against: database)
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    var shredding: TenantShredding = try await gate.perform(.shredTenantKeys, by: caller) {
      transaction, note in
      note.amend { $0.details["reason"] = text }
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .shredTenantKeys(because: text, by: caller.principal.actor), deadline: Self.deadline)
      transaction.enqueue(.actAsService)
      guard let row = rows.first else { throw DomainError.unreadable }
      let shredding = try TenantShredding(row)
      note.amend {
        $0.details["tenant_keys"] = "\(shredding.tenantKeys)"
        $0.details["recordings"] = "\(shredding.recordings)"
        $0.details["sessions"] = "\(shredding.recoverySessions)"
      }
      return shredding
    }
    redactors.forget(caller.tenant)
    (shredding.certificates, shredding.left) = try await deletions.deleteShredded(
      because: text, by: caller)
    return shredding
  }
}

extension TenantShredding {
  /// - Throws: `recordingHeld`, `recordingRetained`, as the verdict says.
  fileprivate init(_ row: Row) throws {
    var column = row.reader()
    switch try column.next(String.self) {
    case "shredded":
      tenantKeys = try column.next()
      recordings = try column.next()
      recoverySessions = try column.next()
      webhooks = try column.next()
    case "held":
      throw DomainError(.recordingHeld, "A recording of the tenant is under a legal hold.")
    case "retained":
      throw DomainError(.recordingRetained, "The tenant's policy keeps a recording for longer.")
    default: throw DomainError.unreadable
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// A row of `tenant_keys`.
struct WrappedTenantKey: Sendable {
  let id: UUID
  let masterKeyID: String
  let fingerprint: [UInt8]
  let wrapped: [UInt8]
  /// What it has taken over from the key before it, wrapped under itself.
  let recognition: [UInt8]?

  /// The columns that `init(reading:)` expects, of `tenant_keys` as `table`.
  static func columns(of table: String) -> String {
    ["tenant_key_id", "master_key_id", "master_key_fingerprint", "wrapped", "recognition"]
      .map { "\(table).\($0)" }.joined(separator: ", ")
  }
}

/// A row of `recording_keys` or `recovery_keys` with the tenant key that opens it.
struct WrappedRecordingKey: Sendable {
  let tenantKey: WrappedTenantKey
  let wrapped: [UInt8]
  let commitment: [UInt8]

  /// The columns that `init(reading:)` expects, of either of them as k and `tenant_keys` as t.
  static let columns = "\(WrappedTenantKey.columns(of: "t")), k.wrapped, k.commitment"
}

extension WrappedTenantKey {
  /// Reads `columns(of:)`.
  init(reading column: inout RowReader) throws(PostgresError) {
    id = try column.next()
    masterKeyID = try column.next()
    fingerprint = try column.next()
    wrapped = try column.next()
    recognition = try column.next()
  }
}

extension KeyVault {
  /// The tenant's active key; made now for a tenant that has none yet. It does not go before the transaction is
  /// over, even if it is replaced meanwhile.
  func activeTenantKey(
    of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> WrappedTenantKey {
    if let row = try await transaction.execute(.activeTenantKey).first {
      var column = row.reader()
      return try WrappedTenantKey(reading: &column)
    }
    let fresh = try makeTenantKey(of: tenant)
    let results = try await transaction.pipeline([
      .insertTenantKey(fresh, of: tenant), .activeTenantKey,
    ])
    guard let row = results.last?.first else { throw DomainError.unreadable }
    var column = row.reader()
    return try WrappedTenantKey(reading: &column)
  }
}

extension WrappedRecordingKey {
  /// Reads `columns`.
  init(reading column: inout RowReader) throws(PostgresError) {
    tenantKey = try WrappedTenantKey(reading: &column)
    wrapped = try column.next()
    commitment = try column.next()
  }

  /// The data key, opened under the vault's keys.
  func dataKey(
    in vault: KeyVault, tenant: TenantID, recording: RecordingID
  ) throws -> DataKey {
    let tenantKey = try vault.tenantKey(tenantKey, of: tenant)
    do {
      return try tenantKey.unwrapDataKey(
        wrapped, commitment: commitment, tenant: tenant.uuid, recording: recording.uuid)
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

extension DomainError {
  /// What the domain says of a failure of keys or ciphers.
  init(sealing error: EnvelopeError) {
    switch error {
    case .unknownMasterKey, .wrongMasterKey:
      self.init(.sealed, "The master key of this data is not loaded.")
    case .authenticationFailed, .commitmentMismatch:
      self.init(.integrityFailure, "A stored key or payload does not open.")
    case .lengthRefused, .outOfMemory, .openSSL:
      self.init(.internalError, "envelope: \(error)")
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
package import Protection
import Synchronization

/// Holds the master keys and opens what is wrapped under them.
///
/// Without a usable master key the service is *sealed*: it runs, says so, and writes nothing. The
/// keys are compared with the fingerprints in the database before the first use, so that a wrong key
/// under the right name wraps nothing.
package final class KeyVault: Sendable {
  /// What the service was given at its start.
  package enum Material: Sendable {
    case keyring(MasterKeyring)
    /// No key could be loaded; the reason is fit for `/readyz`.
    case missing(reason: String)
  }

  private let material: Material
  private let isVerified = Mutex(false)
  /// Unwrapped tenant keys by id. An id is never reused for another key.
  private let tenantKeys =
    BoundedCache<TenantKeyKey, TenantKey>(limit: 1000, lifetime: .seconds(300))

  /// Creates a vault over what was loaded.
  package init(_ material: Material) {
    self.material = material
  }

  /// Why the service is sealed; nil when it is not, as far as has been asked.
  func sealReason() -> String? {
    if case .missing(let reason) = material { return reason }
    return nil
  }

  /// Compares the keyring with the database's fingerprints, once.
  ///
  /// - Throws: `sealed` when a key is missing or wrong, or what the database throws.
  func verify(against database: Database) async throws {
    let keyring = try keyring()
    if isVerified.withLock({ $0 }) { return }
    let rows = try await database.readWithoutTenant(Self.fingerprints)
    for row in rows {
      var column = row.reader()
      let (id, fingerprint) = (try column.next(String.self), try column.next([UInt8].self))
      try sealing { () throws(EnvelopeError) in
        _ = try keyring.key(id: id, fingerprint: fingerprint)
      }
    }
    isVerified.withLock { $0 = true }
  }

  /// A new tenant key, wrapped under the current master key.
  func makeTenantKey(of tenant: TenantID) throws -> WrappedTenantKey {
    let master = try keyring().current
    return try sealing { () throws(EnvelopeError) in
      let key = try TenantKey.generate()
      return WrappedTenantKey(
        id: key.id, masterKeyID: master.id, fingerprint: master.fingerprint,
        wrapped: try master.wrap(tenantKey: key, tenant: tenant.uuid))
    }
  }

  /// Opens a tenant key, or finds it opened.
  func tenantKey(_ row: WrappedTenantKey, of tenant: TenantID) throws -> TenantKey {
    let name = TenantKeyKey(tenant: tenant, id: row.id)
    if let known = tenantKeys[name] { return known }
    let keyring = try keyring()
    let key = try sealing { () throws(EnvelopeError) in
      let master = try keyring.key(id: row.masterKeyID, fingerprint: row.fingerprint)
      return try master.unwrapTenantKey(row.wrapped, id: row.id, tenant: tenant.uuid)
    }
    tenantKeys.put(key, for: name)
    return key
  }

  private static let fingerprints = Query(
    """
    select f.master_key_id, f.fingerprint
    from hansard.master_key_fingerprints() as f
    """)

  private struct TenantKeyKey: Hashable {
    let tenant: TenantID
    let id: UUID
  }

  private func keyring() throws(DomainError) -> MasterKeyring {
    switch material {
    case .keyring(let keyring): return keyring
    case .missing(let reason): throw DomainError(.sealed, reason)
    }
  }

  private func sealing<T>(_ body: () throws(EnvelopeError) -> T) throws(DomainError) -> T {
    do {
      return try body()
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

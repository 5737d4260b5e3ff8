// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
package import Protection
import Synchronization

/// Holds the master keys and opens what is wrapped under them.
///
/// Without a usable master key the service is *sealed*: it runs, says so, and writes nothing. The
/// keys are compared with the fingerprints in the database before the first use, and every half minute from then on,
/// so that a wrong key under the right name wraps nothing.
///
/// Where the database names a master key that is not loaded, the keys are loaded anew: a rotation of the master key
/// needs no restart.
package final class KeyVault: Sendable {
  /// What the service was given at its start.
  package enum Material: Sendable {
    case keyring(MasterKeyring)
    /// No key could be loaded; the reason is fit for `/readyz`.
    case missing(reason: String)
  }

  /// Loads what there is now.
  package typealias Reload = @Sendable () -> Material

  /// How long the database's fingerprints are taken for known.
  private static let verificationLifetime = Duration.seconds(30)
  /// How often the keys are loaded anew at the most.
  private static let reloadInterval = Duration.seconds(1)

  private let state: Mutex<State>
  private let reload: Reload?
  /// Unwrapped tenant keys by id. An id is never reused for another key, so that it does not matter under which
  /// master key one is wrapped by now.
  private let tenantKeys =
    BoundedCache<TenantKeyKey, TenantKey>(limit: 1000, lifetime: .seconds(300))

  private struct State {
    var material: Material
    var verifiedUntil: ContinuousClock.Instant?
    var nextReload: ContinuousClock.Instant?
  }

  /// Creates a vault over what was loaded.
  package init(_ material: Material, reload: Reload? = nil) {
    state = Mutex(State(material: material))
    self.reload = reload
  }

  /// Why the service is sealed; nil when it is not, as far as has been asked.
  func sealReason() -> String? {
    if case .missing(let reason) = state.withLock({ $0.material }) { return reason }
    return nil
  }

  /// The keys that are loaded.
  ///
  /// - Throws: `sealed` where there are none.
  func keyring() throws(DomainError) -> MasterKeyring {
    switch state.withLock({ $0.material }) {
    case .keyring(let keyring): return keyring
    case .missing(let reason): throw DomainError(.sealed, reason)
    }
  }

  /// Compares the keyring with the database's fingerprints, unless that was done a moment ago.
  ///
  /// - Throws: `sealed` when a key is missing or wrong, or what the database throws.
  func verify(against database: Database) async throws {
    _ = try keyring()
    let now = ContinuousClock.now
    if let until = state.withLock({ $0.verifiedUntil }), until > now { return }
    let rows = try await database.readWithoutTenant(Self.fingerprints)
    for row in rows {
      var column = row.reader()
      let (id, fingerprint) = (try column.next(String.self), try column.next([UInt8].self))
      _ = try masterKey(id, fingerprint)
    }
    state.withLock { $0.verifiedUntil = now + Self.verificationLifetime }
  }

  /// A new tenant key, wrapped under the current master key.
  ///
  /// - Parameter other: The key whose place it takes; nil for a tenant's first.
  func makeTenantKey(
    of tenant: TenantID, succeeding other: TenantKey? = nil
  ) throws -> WrappedTenantKey {
    let master = try keyring().current
    return try sealing { () throws(EnvelopeError) in
      let key =
        if let other { try TenantKey.generate(succeeding: other) } else { try TenantKey.generate() }
      return WrappedTenantKey(
        id: key.id, masterKeyID: master.id, fingerprint: master.fingerprint,
        wrapped: try master.wrap(tenantKey: key, tenant: tenant.uuid),
        recognition: other == nil ? nil : try key.wrappedRecognition(tenant: tenant.uuid))
    }
  }

  /// Opens a tenant key, or finds it opened.
  func tenantKey(_ row: WrappedTenantKey, of tenant: TenantID) throws -> TenantKey {
    let name = TenantKeyKey(tenant: tenant, id: row.id)
    if let known = tenantKeys[name] { return known }
    let key = try opened(row, of: tenant)
    tenantKeys.put(key, for: name)
    return key
  }

  /// The same tenant key under the current master key; opened again before it is trusted.
  func rewrapped(_ row: WrappedTenantKey, of tenant: TenantID) throws -> WrappedTenantKey {
    let key = try opened(row, of: tenant)
    let master = try keyring().current
    let fresh = WrappedTenantKey(
      id: row.id, masterKeyID: master.id, fingerprint: master.fingerprint,
      wrapped: try sealing { () throws(EnvelopeError) in
        try master.wrap(tenantKey: key, tenant: tenant.uuid)
      }, recognition: row.recognition)
    _ = try opened(fresh, of: tenant)
    return fresh
  }

  private func opened(_ row: WrappedTenantKey, of tenant: TenantID) throws -> TenantKey {
    let master = try masterKey(row.masterKeyID, row.fingerprint)
    return try sealing { () throws(EnvelopeError) in
      try master.unwrapTenantKey(
        row.wrapped, recognition: row.recognition, id: row.id, tenant: tenant.uuid)
    }
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

  /// The master key of that id, which may have been added to the file since it was read.
  private func masterKey(_ id: String, _ fingerprint: [UInt8]) throws(DomainError) -> MasterKey {
    if try keyring().key(id: id) == nil { loadAnew() }
    let present = try keyring()
    return try sealing { () throws(EnvelopeError) in
      try present.key(id: id, fingerprint: fingerprint)
    }
  }

  /// What was loaded before stays: something may still be wrapped under a key that has been taken out of the file.
  private func loadAnew() {
    guard let reload else { return }
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      if let next = state.nextReload, next > now { return false }
      state.nextReload = now + Self.reloadInterval
      return true
    }
    guard isDue, case .keyring(let fresh) = reload() else { return }
    state.withLock { state in
      guard case .keyring(let present) = state.material else { return }
      state.material = .keyring(fresh.keeping(present))
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

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// What a rotation of the master key has done.
package struct MasterKeyRotation: Sendable {
  /// The master key that everything is wrapped under now.
  package var masterKey: String
  /// Tenant keys that this run has put under it.
  package var rewrapped: Int64 = 0
  /// Tenant keys that did not open under the key that stands beside them; they are left as they are.
  package var unreadable: Int64 = 0
  /// Tenant keys that are still under another.
  package var left: Int64 = 0
}

extension TenantKeys {
  /// Tenants that are looked for at a time.
  private static let pageSize = 100

  /// Puts all tenant keys that are under another master key under the current one, a tenant at a time, with a line
  /// in its audit log.
  ///
  /// - Throws: `sealed` where a master key is missing or wrong that something is wrapped under.
  package func rotateMasterKey() async throws -> MasterKeyRotation {
    try await vault.verify(against: database)
    var rotation = MasterKeyRotation(masterKey: try vault.keyring().current.id)
    let request = RequestID.make()
    var place: TenantID?
    while true {
      let tenants = try await database.tenants(
        .tenantsUnderOtherMasterKeys(than: rotation.masterKey, after: place, most: Self.pageSize),
        deadline: Self.deadline)
      for tenant in tenants {
        try Task.checkCancellation()
        let caller = Caller(principal: .operatorOf(tenant), request: request)
        try await rewrap(under: &rotation, caller)
      }
      guard tenants.count == Self.pageSize, let last = tenants.last else { break }
      place = last
    }
    rotation.left = try await masterKeys().reduce(0) {
      $1.id == rotation.masterKey ? $0 : $0 + $1.tenantKeys
    }
    return rotation
  }

  private func rewrap(under rotation: inout MasterKeyRotation, _ caller: Caller) async throws {
    let masterKey = rotation.masterKey
    do {
      rotation.rewrapped += try await gate.perform(.rotateMasterKey, by: caller) {
        transaction, note in
        let moved = try await rewrap(under: masterKey, caller.tenant, in: transaction)
        guard moved > 0 else { throw NothingToRewrap() }
        note.amend {
          $0.details["master_key_id"] = masterKey
          $0.details["tenant_keys"] = "\(moved)"
        }
        return moved
      }
    } catch is NothingToRewrap {
      // Somebody else was first.
    } catch let error as DomainError where error.code == .integrityFailure {
      // The keys of the others are not kept waiting.
      rotation.unreadable += 1
    }
  }

  private func rewrap(
    under masterKey: String, _ tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> Int64 {
    let rows = try await transaction.execute(.tenantKeys(of: tenant, notUnder: masterKey))
    let swaps = try rows.map { row in
      var column = row.reader()
      let known = try WrappedTenantKey(reading: &column)
      return Query.rewrapTenantKey(known, as: try vault.rewrapped(known, of: tenant))
    }
    transaction.enqueue(.actAsRetention)
    let results = try await transaction.pipeline(swaps)
    transaction.enqueue(.actAsService)
    return try results.reduce(0) { sum, result in
      sum + (try result.first?.decode(0, as: Bool.self) ?? false ? 1 : 0)
    }
  }
}

/// Others were first: no line in the audit log for that.
struct NothingToRewrap: Error {}

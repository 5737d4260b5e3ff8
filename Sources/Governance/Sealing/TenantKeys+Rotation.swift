// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Postgres
import Protection

/// What a rotation of a tenant's key has done.
package struct TenantKeyRotation: Sendable {
  /// The key that takes the others' place.
  package var tenantKey: UUID
  /// Whether this run has made it; else it went on with a rotation that was not over.
  package var isNew: Bool
  /// What this run has wrapped anew.
  package var rewrapped: Int64 = 0
  /// What did not open under the key that stands beside it; it is left as it is, and so is that key.
  package var unreadable: Int64 = 0
  /// Keys that this run has destroyed.
  package var removed: Int64 = 0
  /// What is still under a key that was replaced.
  package var left: Int64 = 0
}

extension TenantKeys {
  /// How often everything is gone through: what was begun under the key before comes late.
  private static let passes = 10

  /// Makes a new key for the caller's tenant, wraps under it what is under others, and destroys those. Where a
  /// rotation is not over, goes on with it instead.
  ///
  /// - Throws: `sealed` where a master key is missing or wrong that something is wrapped under.
  package func rotate(by caller: Caller) async throws -> TenantKeyRotation {
    try await vault.verify(against: database)
    var rotation = try await begin(caller)
    for _ in 0..<Self.passes {
      var pass = RewrapTally()
      for kind in WrappedKind.allCases { pass += try await rewrapAll(kind, of: caller.tenant) }
      rotation.rewrapped += pass.rewrapped
      rotation.unreadable = pass.unreadable
      rotation.removed += try await removeReplaced(caller)
      let replaced = try await list(of: caller.tenant).filter { $0.state == .rotating }
      rotation.left = replaced.reduce(0) { $0 + $1.references }
      if replaced.isEmpty || rotation.left == pass.unreadable && rotation.left > 0 { break }
    }
    return rotation
  }

  private func begin(_ caller: Caller) async throws -> TenantKeyRotation {
    do {
      return try await gate.perform(.rotateTenantKey, by: caller) { transaction, note in
        let row = try await vault.activeTenantKey(of: caller.tenant, in: transaction)
        let active = try vault.tenantKey(row, of: caller.tenant)
        let fresh = try vault.makeTenantKey(of: caller.tenant, succeeding: active)
        guard
          try await transaction.asRetention(.replaceTenantKey(active.id, by: fresh))
        else { throw NothingToRewrap() }
        note.amend {
          $0.details["tenant_key_id"] = "\(fresh.id)".lowercased()
          $0.details["replaced_tenant_key_id"] = "\(active.id)".lowercased()
        }
        return TenantKeyRotation(tenantKey: fresh.id, isNew: true)
      }
    } catch is NothingToRewrap {
      let active = try await list(of: caller.tenant).last { $0.state == .active }
      guard let active else { throw DomainError.unreadable }
      return TenantKeyRotation(tenantKey: active.id, isNew: false)
    }
  }

  /// Destroys the keys that were replaced and that nothing is wrapped under; says how many.
  private func removeReplaced(_ caller: Caller) async throws -> Int64 {
    var removed: Int64 = 0
    for row in try await database.read(.replacedTenantKeys(of: caller.tenant), of: caller.tenant) {
      let id = try row.decode(0, as: UUID.self)
      do {
        try await gate.perform(.rotateTenantKey, by: caller) { transaction, note in
          guard try await transaction.asRetention(.removeTenantKey(id)) else {
            throw NothingToRewrap()
          }
          note.amend { $0.details["removed_tenant_key_id"] = "\(id)".lowercased() }
        }
        removed += 1
      } catch is NothingToRewrap {
        // Something came under it meanwhile, or somebody else was first.
      }
    }
    return removed
  }

  /// Goes once through what is wrapped under a key that was replaced.
  private func rewrapAll(_ kind: WrappedKind, of tenant: TenantID) async throws -> RewrapTally {
    var tally = RewrapTally()
    var place: String?
    repeat {
      try Task.checkCancellation()
      let batch = try await rewrapBatch(kind, after: place, of: tenant)
      tally += batch.tally
      place = batch.next
    } while place != nil
    return tally
  }

  private func rewrapBatch(
    _ kind: WrappedKind, after place: String?, of tenant: TenantID
  ) async throws -> (tally: RewrapTally, next: String?) {
    try await database.transaction(of: tenant) { transaction in
      // Which also keeps it from being removed before this is over.
      let row = try await vault.activeTenantKey(of: tenant, in: transaction)
      let active = try vault.tenantKey(row, of: tenant)
      let rows = try await transaction.execute(
        kind.underOthers(than: active.id, of: tenant, after: place), deadline: Self.deadline)
      let wrapped = try rows.map { try WrappedThing($0) }
      var tally = RewrapTally()
      var swaps: [RewrapSwap] = []
      for thing in wrapped {
        do {
          let key = try vault.tenantKey(thing.tenantKey, of: tenant)
          swaps.append(
            RewrapSwap(
              name: thing.name, known: thing.sealed,
              fresh: try kind.rewrapped(thing, from: key, to: active, tenant)))
        } catch let error as DomainError where error.code == .integrityFailure {
          tally.unreadable += 1
        }
      }
      if !swaps.isEmpty {
        transaction.enqueue(.actAsRetention)
        let result = try await transaction.execute(
          kind.swap(swaps, under: active.id), deadline: Self.deadline)
        transaction.enqueue(.actAsService)
        tally.rewrapped = try result.first?.decode(0, as: Int64.self) ?? 0
      }
      return (tally, wrapped.count < kind.batchSize ? nil : wrapped.last?.name)
    }
  }
}

/// What a pass over wrapped things has met.
struct RewrapTally: Sendable {
  var rewrapped: Int64 = 0
  var unreadable: Int64 = 0

  static func += (sum: inout RewrapTally, other: RewrapTally) {
    sum.rewrapped += other.rewrapped
    sum.unreadable += other.unreadable
  }
}

extension PostgresTransaction {
  /// Asks a yes or no as the role that may change keys.
  func asRetention(_ query: Query) async throws -> Bool {
    enqueue(.actAsRetention)
    let rows = try await execute(query, deadline: TenantKeys.deadline)
    enqueue(.actAsService)
    guard let row = rows.first else { throw DomainError.unreadable }
    return try row.decode(0)
  }
}

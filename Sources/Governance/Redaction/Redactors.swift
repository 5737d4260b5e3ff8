// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// Each tenant's redactor, kept for a few seconds.
struct Redactors: Sendable {
  /// How long another instance may go on with a policy that was replaced.
  static let lifetime = Duration.seconds(5)

  let database: Database
  let vault: KeyVault
  private let redactors = BoundedCache<TenantID, TenantRedactor>(limit: 4096, lifetime: lifetime)
  /// Compiled policies by tenant and version, which never changes.
  private let rules = BoundedCache<PolicyName, RedactionRules>(limit: 64, lifetime: .seconds(3600))

  init(database: Database, vault: KeyVault) {
    self.database = database
    self.vault = vault
  }

  /// The redactor of a tenant.
  ///
  /// - Throws: `sealed` without the tenant's master key.
  func find(_ tenant: TenantID) async throws -> TenantRedactor {
    if let known = redactors[tenant] { return known }
    let row = try await basis(of: tenant)
    var column = row.reader()
    let version = Int(try column.next(Int32.self))
    let key = try vault.tenantKey(try WrappedTenantKey(reading: &column), of: tenant)
    let policy = try await policy(of: tenant, version)
    let redactor = TenantRedactor(policy: policy.version, rules: policy.rules, key: key)
    redactors.put(redactor, for: tenant)
    return redactor
  }

  /// Asks again the next time.
  func forget(_ tenant: TenantID) {
    redactors.remove(tenant)
  }

  /// A tenant's key is made when it is needed first.
  private func basis(of tenant: TenantID) async throws -> Row {
    if let row = try await database.read(.redactionBasis(of: tenant), of: tenant).first {
      return row
    }
    try await vault.verify(against: database)
    let fresh = try vault.makeTenantKey(of: tenant)
    let rows = try await database.transaction(of: tenant) { transaction in
      try await transaction.pipeline([
        .insertTenantKey(fresh, of: tenant), .redactionBasis(of: tenant),
      ])
    }
    guard let row = rows.last?.first else { throw DomainError.unreadable }
    return row
  }

  /// The policy of this version, or a later one that has taken its place meanwhile: events must
  /// name the one that they were redacted under.
  private func policy(
    of tenant: TenantID, _ version: Int
  ) async throws -> (version: Int, rules: RedactionRules) {
    guard version > 0 else { return (0, .standard) }
    if let known = rules[PolicyName(tenant: tenant, version: version)] { return (version, known) }
    let results = try await database.transaction(of: tenant) { transaction in
      try await transaction.pipeline([.policy(of: tenant), .policyRules(of: tenant)])
    }
    guard results.count == 2 else { throw DomainError.unreadable }
    let policy = try RedactionPolicy(results[0].first, rules: results[1])
    let compiled = policy.compiled()
    rules.put(compiled, for: PolicyName(tenant: tenant, version: policy.version))
    return (policy.version, compiled)
  }

  private struct PolicyName: Hashable {
    let tenant: TenantID
    let version: Int
  }
}

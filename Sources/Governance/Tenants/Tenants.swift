// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A tenant: one customer of the platform, walled off from every other.
package struct Tenant: Sendable {
  package var id: TenantID
  package var name: String
}

/// The making of tenants: for operators at the command line, who hold the database anyway.
package struct Tenants: Sendable {
  private let database: Database
  private let vault: KeyVault

  /// Wires the operations to their database and keys.
  package init(database: Database, vault: KeyVault) {
    self.database = database
    self.vault = vault
  }

  /// Makes a tenant with its first tenant key.
  ///
  /// - Throws: `sealed` without a usable master key: a tenant that cannot record is of no use.
  package func create(name: DisplayName) async throws -> Tenant {
    try await vault.verify(against: database)
    let tenant = Tenant(id: .make(), name: name.rawValue)
    let key = try vault.makeTenantKey(of: tenant.id)
    try await database.transaction(of: tenant.id) { transaction in
      transaction.enqueue(.insertTenant(tenant))
      transaction.enqueue(.insertTenantKey(key, of: tenant.id))
    }
    return tenant
  }

  /// The tenant of that id.
  package func find(_ id: TenantID) async throws -> Tenant {
    guard let row = try await database.read(.tenant(id), of: id).first else {
      throw DomainError(.notFound, "There is no such tenant.")
    }
    return Tenant(id: id, name: try row.decode(0))
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization

/// Whether the service can do its work, and if not, why.
package enum Readiness: Sendable, Equatable {
  case ready
  /// Words from a fixed vocabulary: `stopping`, `sealed`, `database_unavailable`, `unsafe_database`,
  /// `schema_mismatch`.
  case notReady([String])
}

/// Answers `/readyz`.
package final class Health: Sendable {
  private let database: Database
  private let vault: KeyVault
  private let schemaVersion: Int
  private let isStopping = Mutex(false)

  /// - Parameter schemaVersion: The latest migration that this binary knows.
  package init(database: Database, vault: KeyVault, schemaVersion: Int) {
    self.database = database
    self.vault = vault
    self.schemaVersion = schemaVersion
  }

  /// From here on the answer is `stopping`.
  package func stopping() {
    isStopping.withLock { $0 = true }
  }

  /// Asks the database for its schema and the vault for its keys.
  package func readiness() async -> Readiness {
    if isStopping.withLock({ $0 }) { return .notReady(["stopping"]) }
    var reasons: [String] = []
    if vault.sealReason() != nil { reasons.append(DomainError.Code.sealed.rawValue) }
    do {
      if try await !hasItsSchema() { reasons.append("schema_mismatch") }
      if reasons.isEmpty { try await vault.verify(against: database) }
    } catch let error as DomainError where error.code == .internalError {
      // A database without our tables, or without the grants on them, refuses the question itself.
      reasons.append("schema_mismatch")
    } catch let error as DomainError {
      reasons.append(error.code.rawValue)
    } catch {
      reasons.append(DomainError.Code.internalError.rawValue)
    }
    return reasons.isEmpty ? .ready : .notReady(reasons)
  }

  /// Whether exactly the migrations that this binary knows are applied, none of them half.
  private func hasItsSchema() async throws -> Bool {
    let rows = try await database.readWithoutTenant(Self.schema)
    let version = try rows.first?.decode(0, as: Int64.self)
    return version == Int64(schemaVersion)
  }

  /// The latest migration; 0 when there is none, or while one is being applied or taken back.
  private static let schema = Query(
    """
    select
      case when bool_and(state = 'applied') then max(version) else 0 end::bigint
    from hansard_migrations.applied
    """)
}

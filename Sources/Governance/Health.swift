// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization

/// Whether the service can do its work, and if not, why.
package enum Readiness: Sendable, Equatable {
  case ready
  /// Words from a fixed vocabulary: `stopping`, `sealed`, `database_unavailable`, `unsafe_database`,
  /// `schema_mismatch`, and those of `ErasureLog.Standing`.
  case notReady([String])
}

/// Answers `/readyz`.
package final class Health: Sendable {
  private let database: Database
  private let vault: KeyVault
  private let schemaVersion: Int
  private let erasures: ErasureGuard?
  private let isStopping = Mutex(false)

  /// - Parameter schemaVersion: The latest migration that this binary knows; 0: none, which is never ready.
  init(database: Database, vault: KeyVault, schemaVersion: Int, erasures: ErasureGuard? = nil) {
    self.erasures = erasures
    self.database = database
    self.vault = vault
    self.schemaVersion = schemaVersion
  }

  /// From here on the answer is `stopping`.
  package func stopping() {
    isStopping.withLock { $0 = true }
  }

  /// Asks the database for its schema, the vault for its keys, and the log for erasures that the database lacks.
  package func readiness() async -> Readiness {
    if isStopping.withLock({ $0 }) { return .notReady(["stopping"]) }
    var reasons: [String] = []
    if vault.sealReason() != nil { reasons.append(DomainError.Code.sealed.rawValue) }
    do {
      if try await !hasItsSchema() { reasons.append("schema_mismatch") }
      if reasons.isEmpty { try await vault.verify(against: database) }
      if reasons.isEmpty, let standing = await erasures?.standing(), standing != .current {
        reasons.append(standing.rawValue)
      }
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

  /// Whether the migrations that this binary knows are applied, none of them half, and beyond them only what
  /// says of itself that this binary works with it.
  private func hasItsSchema() async throws -> Bool {
    var isApplied = false
    for row in try await database.readWithoutTenant(Query(Self.schema, Int64(schemaVersion))) {
      var columns = row.reader()
      let version = try columns.next(Int64.self)
      let isWhole = try columns.next(Bool.self)
      let down = SQLFile(name: "stored down of \(version)", text: try columns.next(String.self))
      switch version {
      case Int64(schemaVersion): isApplied = isWhole
      // Something that it needs is half done.
      case ..<Int64(schemaVersion): return false
      // Half done or not: who works without it and with it works in between.
      default: if (down.compatibleWith ?? .max) > schemaVersion { return false }
      }
    }
    return isApplied
  }

  /// The latest migration that this binary knows, all that are half done, and all beyond.
  private static let schema = """
    select version, state = 'applied', case when version > $1 then down_sql else '' end
    from hansard_migrations.applied
    where version >= $1
      or state <> 'applied'
    order by version
    """
}

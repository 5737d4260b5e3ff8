// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
import Synchronization

/// The database as the domain uses it: every statement inside a transaction of one tenant.
package struct Database: Sendable {
  /// Connections for requests; an event writer's lanes have their own.
  package let pool: ConnectionPool
  let observer: Observer
  private let availability = Availability()

  /// Wraps a pool whose connections were made safe by `ConnectionSafety`.
  package init(pool: ConnectionPool, observer: Observer) {
    self.pool = pool
    self.observer = observer
  }

  /// Runs `body` in one transaction of `tenant`; commits when it returns, rolls back when it throws.
  ///
  /// A transaction that lost a deadlock is run again, twice at the most: nothing of it happened.
  ///
  /// - Throws: `DomainError`, also for everything that the database says.
  func transaction<T: Sendable>(
    of tenant: TenantID, _ body: @escaping @Sendable (PostgresTransaction) async throws -> T
  ) async throws -> T {
    let opening = [Query.setTenant(tenant), .limitLockWaits]
    return try await translating {
      for _ in 0..<2 {
        do {
          return try await pool.withTransaction(opening: opening, body)
        } catch let error as PostgresError where error.lostDeadlock {
          continue
        }
      }
      return try await pool.withTransaction(opening: opening, body)
    }
  }

  /// Answers one read-only query of `tenant` in a single round trip.
  func read(_ query: Query, of tenant: TenantID) async throws -> QueryResult {
    try await translating {
      let results = try await pool.withConnection { connection in
        try await connection.transact([.setTenant(tenant), query])
      }
      return results[1]
    }
  }

  /// Answers one query for a page, which goes by an index that has its order.
  func readPage(_ query: Query, of tenant: TenantID) async throws -> QueryResult {
    try await translating {
      let results = try await pool.withConnection { connection in
        try await connection.transact([.setTenant(tenant), .inOrderOfIndexes, query])
      }
      return results[2]
    }
  }

  /// The same, and then another query.
  func readPage(
    _ query: Query, then other: Query, of tenant: TenantID
  ) async throws -> [QueryResult] {
    try await translating {
      let results = try await pool.withConnection { connection in
        try await connection.transact([.setTenant(tenant), .inOrderOfIndexes, query, other])
      }
      return Array(results.suffix(2))
    }
  }

  /// Answers one read-only query of each of several tenants in a single round trip.
  func read(_ queries: [(tenant: TenantID, query: Query)]) async throws -> [QueryResult] {
    try await translating {
      let results = try await pool.withConnection { connection in
        try await connection.transact(queries.flatMap { [.setTenant($0.tenant), $0.query] })
      }
      return stride(from: 1, to: results.count, by: 2).map { results[$0] }
    }
  }

  /// Answers one query that concerns no tenant and is for the role `hansard_retention`.
  func readAsRetention(_ query: Query, deadline: Duration? = nil) async throws -> QueryResult {
    try await translating {
      let results = try await pool.withConnection { connection in
        try await connection.transact([.actAsRetention, query], deadline: deadline)
      }
      return results[1]
    }
  }

  /// Answers one query that concerns no tenant, such as finding an API key.
  func readWithoutTenant(_ query: Query) async throws -> QueryResult {
    try await translating {
      try await pool.withConnection { connection in try await connection.execute(query) }
    }
  }

  private func translating<T: Sendable>(_ body: () async throws -> T) async throws -> T {
    do {
      let value = try await body()
      availability.succeeded(observer)
      return value
    } catch let error as PostgresError {
      availability.failed(error, observer)
      if error.deniesAudit {
        observer.observe(.auditDenied(sqlState: error.sqlState?.rawValue ?? "none"))
      }
      throw DomainError(translating: error)
    } catch let refusal as ConnectionSafety.Refusal {
      throw DomainError(.unsafeDatabase, refusal.description)
    }
  }
}

extension Query {
  /// Opens a transaction.
  static let begin = Query("begin")
  /// Ends it well.
  static let commit = Query("commit")

  /// Lets the server end a wait for a lock before `PostgresConfiguration.exchangeDeadline` does: then
  /// the transaction is known not to have happened, and the connection is still good.
  static let limitLockWaits = Query("set local lock_timeout = '4s'")

  /// Lets what follows in the transaction be done by the role that may purge, and may do nothing else.
  static let actAsRetention = Query("set local role hansard_retention")
  /// Ends that.
  static let actAsService = Query("set local role hansard_service")

  /// Names the tenant of the present transaction. The text varies and is not worth preparing; the
  /// value is a UUID of ours and can hold nothing else.
  static func setTenant(_ tenant: TenantID) -> Query {
    Query("set local hansard.tenant_id = '\(tenant)'", prepared: false)
  }

  /// For a page of a list or of a recording, up to the end of the transaction: goes by an index that has the
  /// page's order.
  ///
  /// No statistics are kept of what analysts may read, since they could learn of other tenants from them
  /// (migration 17). Without any, PostgreSQL takes every agent for a rare one and every recording for a short
  /// one, and would gather and sort all that a frequent or a long one has for one page.
  static let inOrderOfIndexes = Query("set local enable_sort = off", prepared: false)
}

extension PostgresError {
  /// Whether the transaction was chosen to give way to another, and may be tried again as it was.
  var lostDeadlock: Bool {
    sqlState == .deadlockDetected || sqlState == .serializationFailure
  }
}

/// Whether the database was there the last time anybody asked; reports the change, not each failure.
final class Availability: Sendable {
  private let isAway = Mutex(false)

  func succeeded(_ observer: Observer) {
    let cameBack = isAway.withLock { isAway in
      defer { isAway = false }
      return isAway
    }
    if cameBack { observer.observe(.databaseAvailable) }
  }

  func failed(_ error: PostgresError, _ observer: Observer) {
    guard error.isConnectionFailure else { return }
    let wentAway = isAway.withLock { isAway in
      defer { isAway = true }
      return !isAway
    }
    if wentAway { observer.observe(.databaseUnavailable(code: error.description)) }
  }
}

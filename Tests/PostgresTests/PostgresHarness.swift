// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Postgres

extension TestDatabase {
  func configuration(
    exchangeDeadline: Duration = .seconds(20), cache: StatementCache = .cached(limit: 256),
    role: String? = nil
  ) -> PostgresConfiguration {
    PostgresConfiguration(
      conninfo: superuserConninfo, role: role, connectTimeout: .seconds(20),
      exchangeDeadline: exchangeDeadline, statementCache: cache)
  }

  func connect(
    exchangeDeadline: Duration = .seconds(20), cache: StatementCache = .cached(limit: 256)
  ) async throws -> PostgresConnection {
    try await PostgresConnection.connect(
      configuration(exchangeDeadline: exchangeDeadline, cache: cache))
  }

  func pool(
    size: Int, queueLimit: Int = 1000, waitLimit: Duration = .seconds(20),
    exchangeDeadline: Duration = .seconds(20)
  ) -> ConnectionPool {
    ConnectionPool(
      configuration: configuration(exchangeDeadline: exchangeDeadline), size: size,
      queueLimit: queueLimit, waitLimit: waitLimit)
  }

  /// What the backend is doing, as another session sees it; empty when it is gone.
  func activity(of backend: Int32) async throws -> String {
    try await psql("select state || ': ' || query from pg_stat_activity where pid = \(backend)")
  }

  /// Waits until the backend executes something that contains `text`.
  func waitUntil(_ backend: Int32, runs text: String) async throws {
    try await eventually("backend \(backend) runs \(text)") {
      let activity = try await self.activity(of: backend)
      return activity.hasPrefix("active") && activity.contains(text)
    }
  }

  /// Waits until the backend has gone.
  func waitUntilGone(_ backend: Int32) async throws {
    try await eventually("backend \(backend) is gone") {
      try await self.activity(of: backend).isEmpty
    }
  }
}

extension PostgresConnection {
  /// The only column of the only row.
  func value<T: PostgresDecodable & Sendable>(
    _ query: Query, as type: T.Type = T.self
  ) async throws -> T {
    let result = try await execute(query)
    return try #require(result.first).decode(0, as: type)
  }
}

/// The error that `body` throws, which must be a `PostgresError`.
func postgresError<T: Sendable>(
  _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> T
) async throws -> PostgresError {
  do {
    _ = try await body()
  } catch let error as PostgresError {
    return error
  }
  throw TestSupportError("no PostgresError at \(location)")
}

/// Opens once, for all that wait for it.
final class Latch: Sendable {
  private let isOpen = Mutex(false)

  func open() { isOpen.withLock { $0 = true } }

  /// Bounded, so that a test whose signal never comes fails instead of hanging.
  func wait() async throws {
    try await eventually("the latch is open") { isOpen.withLock { $0 } }
  }
}

/// Counts from many tasks.
final class Tally: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  @discardableResult
  func increase() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }

  func decrease() { count.subtract(1, ordering: .sequentiallyConsistent) }
}

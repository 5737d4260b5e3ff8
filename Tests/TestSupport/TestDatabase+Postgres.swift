// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

extension TestDatabase {
  /// A connection as one of the project's roles, or as `postgres`.
  package func connect(role: String) async throws -> PostgresConnection {
    try await PostgresConnection.connect(settings(role: role))
  }

  /// A pool as one of the project's roles; the caller closes it.
  package func pool(role: String, size: Int = 4) -> ConnectionPool {
    ConnectionPool(
      configuration: settings(role: role), size: size, queueLimit: 1000,
      waitLimit: .seconds(20))
  }

  /// Longer limits than in service: tests share two cores with everything else.
  package func settings(role: String) -> PostgresConfiguration {
    PostgresConfiguration(
      conninfo: conninfo(role: role), applicationName: "hansard-tests",
      connectTimeout: .seconds(30), exchangeDeadline: .seconds(30))
  }
}

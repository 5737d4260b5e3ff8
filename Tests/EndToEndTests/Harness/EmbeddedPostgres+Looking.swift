// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import TestSupport

extension EmbeddedPostgres {
  /// Lends a connection of the superuser, for looking.
  nonisolated func withConnection<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(
        conninfo: conninfo(), connectTimeout: .seconds(30), exchangeDeadline: .seconds(30)))
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  /// The first column of the first row, as superuser.
  nonisolated func value<T: PostgresDecodable & Sendable>(
    _ sql: String, as type: T.Type = T.self
  ) async throws -> T {
    try await withConnection { connection in
      guard let row = try await connection.execute(Query(sql, prepared: false)).first else {
        throw TestSupportError("no row: \(sql)")
      }
      return try row.decode(0, as: T.self)
    }
  }
}

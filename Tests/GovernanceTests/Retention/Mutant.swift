// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

/// A function of the schema with something of it exchanged: a planted defect.
enum Mutant {
  static func make(
    _ function: String, _ changes: [(of: String, to: String)]
  ) async throws {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    let rows = try await connection.execute(
      Query("select pg_get_functiondef('hansard.\(function)'::regproc)", prepared: false))
    var text = try #require(rows.first).decode(0, as: String.self)
    for (old, new) in changes {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    _ = try await connection.execute(Query(text, prepared: false))
    await connection.close()
  }
}

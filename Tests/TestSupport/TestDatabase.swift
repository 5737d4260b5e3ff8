// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Synchronization

/// A database of its own for one test, on the shared server.
package struct TestDatabase: Sendable {
  package let server: SharedServer
  package let name: String

  @TaskLocal static var local: TestDatabase?

  /// The database of the running test, which must carry the `.database` trait. Detached tasks
  /// do not inherit it.
  package static var current: TestDatabase {
    guard let local else { preconditionFailure("this test has no `.database` trait") }
    return local
  }

  /// Connection string for one of the project's roles, or any other.
  package func conninfo(role: String) -> String {
    server.postgres.conninfo(user: role, database: name)
  }

  package var superuserConninfo: String { conninfo(role: "postgres") }

  /// The directory that paths of `pg_relation_filepath` are relative to.
  package var dataDirectory: String { server.postgres.dataDirectory }

  /// Runs SQL through `psql` as superuser; rows are lines, columns are separated by `|`.
  @discardableResult
  package func psql(_ sql: String) async throws -> String {
    try await server.psql(sql, database: name)
  }

  /// The schema as SQL text, equal for equal schemas; with the rows unless `schemaOnly`.
  package func pgDump(schemaOnly: Bool = true) async throws -> String {
    try await Psql(postgres: server.postgres, database: name).dump(schemaOnly: schemaOnly)
  }

  /// Lends a new database for the length of the call: a clone of the migrated template, or one
  /// without anything.
  package static func with<T: Sendable>(
    migrated: Bool, _ body: (TestDatabase) async throws -> T
  ) async throws -> T {
    let server = try await SharedServer.running()
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    let database = TestDatabase(server: server, name: "test_\(number)")
    let template = migrated ? SharedServer.template : "template1"
    // Files are copied in a third of the time that writing all of them to the log takes.
    var making = ["create database \(database.name) template \(template) strategy file_copy"]
    if migrated {
      // A clone has everything of its template but the rights to the database itself.
      making.append("grant create on database \(database.name) to hansard_migrator")
    }
    try await server.psql(making)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(database))
    } catch {
      result = .failure(error)
    }
    try await server.psql("drop database \(database.name) with (force)")
    return try result.get()
  }

  private static let count = Atomic<Int>(0)
}

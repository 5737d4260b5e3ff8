// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension SharedServer {
  /// Applies all migrations of the checkout to the template database.
  func makeTemplate() async throws {
    try await psql("create database \(Self.template)")
    let database = TestDatabase(server: self, name: Self.template)
    let connection = try await database.connect(role: "postgres")
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let result: Result<Void, any Error>
    do {
      try await Migrator(connection: connection, set: set).up()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    // `create database … template` refuses a template that somebody is connected to.
    let processID = connection.backendProcessID
    await connection.close()
    let count = "select count(*) from pg_stat_activity where pid = \(processID)"
    try await eventually { try await psql(count) == "0\n" }
    try result.get()
  }
}

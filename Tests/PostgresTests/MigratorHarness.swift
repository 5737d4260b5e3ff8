// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Postgres

/// A set made in memory: each entry is the up and the down text of a migration.
func migrationSet(_ texts: (up: String, down: String)...) -> MigrationSet {
  migrationSet(texts)
}

func migrationSet(_ texts: [(up: String, down: String)]) -> MigrationSet {
  MigrationSet(
    migrations: texts.enumerated().map { index, text in
      let version = index + 1
      return Migration(
        version: version, name: "step_\(version)",
        up: SQLFile(name: "000\(version)_step_\(version).up.sql", text: text.up),
        down: SQLFile(name: "000\(version)_step_\(version).down.sql", text: text.down))
    })
}

/// Three ordinary migrations that need each other.
let threeMigrations = migrationSet(
  (
    up: "create table book (id bigint primary key, title text not null);",
    down: "-- migrate: destructive\ndrop table book;"
  ),
  (
    up: """
    alter table book add column pages bigint;
    create index book_pages on book (pages);
    """,
    down: "drop index book_pages;\nalter table book drop column pages;"
  ),
  (
    up: "create view thick as select id, title from book where pages > 500;",
    down: "drop view thick;"
  ))

extension TestDatabase {
  /// Lends a migrator with a connection of its own.
  func withMigrator<T: Sendable>(
    _ set: MigrationSet, options: Migrator.Options = .init(),
    _ body: (Migrator) async throws -> T
  ) async throws -> T {
    let connection = try await connect(role: "postgres")
    let result: Result<T, any Error>
    do {
      result = .success(
        try await body(Migrator(connection: connection, set: set, options: options)))
    } catch {
      result = .failure(error)
    }
    await connection.close()
    return try result.get()
  }

  @discardableResult
  func migrateUp(
    _ set: MigrationSet, to target: Int? = nil, options: Migrator.Options = .init()
  ) async throws -> [MigrationPlan.Step] {
    try await withMigrator(set, options: options) { try await $0.up(to: target) }
  }

  @discardableResult
  func migrateDown(
    _ set: MigrationSet, to target: Int? = nil, allowDataLoss: Bool = true
  ) async throws -> [MigrationPlan.Step] {
    try await withMigrator(set) {
      try await $0.down(to: target, allowDataLoss: allowDataLoss)
    }
  }

  /// `version:state` of every row of the version table.
  func appliedVersions() async throws -> [String] {
    let rows = try await psql(
      "select version || ':' || state from hansard_migrations.applied order by version")
    return rows.split(separator: "\n").map(String.init)
  }
}

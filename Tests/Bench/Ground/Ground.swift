// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres

/// What everything is measured on: one private PostgreSQL that flushes, migrated by the program under
/// test, and a master key.
struct Ground: Sendable {
  let postgres: EmbeddedPostgres
  let directory: String
  /// Absolute path of the program under test.
  let program: String

  /// A small server as in production, for yardstick and service alike. Checkpoints are so far apart
  /// that none falls into a measurement of one of the two only.
  private static let settings = [
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    "max_connections": "200", "shared_buffers": "512MB",
    "checkpoint_timeout": "1h", "max_wal_size": "32GB", "min_wal_size": "2GB",
  ]

  /// Lends a ground and takes it down afterwards, also after a failure.
  static func with<T: Sendable>(
    program: String, _ body: (Ground) async throws -> T
  ) async throws -> T {
    let path = URL(fileURLWithPath: program).standardizedFileURL.path
    guard access(path, X_OK) == 0 else { throw BenchError("there is no program \(path)") }
    let directory = try ScratchDirectory.make()
    defer { ScratchDirectory.remove(directory) }
    let postgres = try await EmbeddedPostgres.start(
      .init(dataDirectory: "\(directory)/data", settings: settings))
    let ground = Ground(postgres: postgres, directory: directory, program: path)
    let result: Result<T, any Error>
    do {
      try await ground.furnish()
      result = .success(try await body(ground))
    } catch {
      result = .failure(error)
    }
    await postgres.stop(.immediate, within: .seconds(10))
    return try result.get()
  }

  private func furnish() async throws {
    try await run(["master-key", "create", masterKeyFile])
    try await run(["migrate", "up"])
  }

  private var masterKeyFile: String { file("master.key") }

  /// A path in the directory of the run.
  func file(_ name: String) -> String { "\(directory)/\(name)" }

  /// Writes a file into the directory of the run and returns its path.
  func write(_ text: String, to name: String) throws -> String {
    let path = file(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// As in production: the service logs in as the role that owns nothing.
  var environment: [String: String] {
    [
      "DATABASE_URL": postgres.conninfo(user: "hansard_service"),
      "HANSARD_MIGRATE_DATABASE_URL": postgres.conninfo(),
      "HANSARD_MASTER_KEY_FILE": masterKeyFile,
      "HANSARD_SQL": "\(FileManager.default.currentDirectoryPath)/sql/migrations",
    ]
  }

  /// Runs a command of the program and returns what it printed.
  @discardableResult
  func run(_ arguments: [String]) async throws -> String {
    try await Tool.run([program] + arguments, environment: environment, within: .seconds(60))
  }

  /// The same for a command with `--json`.
  func answer<T: Decodable>(_ arguments: [String], as type: T.Type = T.self) async throws -> T {
    try JSONDecoder().decode(T.self, from: Data(try await run(arguments + ["--json"]).utf8))
  }

  /// Lends a connection of the superuser.
  func withDatabase<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(conninfo: postgres.conninfo(), exchangeDeadline: .seconds(900)))
    let result: Result<T, any Error>
    do {
      result = .success(try await body(connection))
    } catch {
      result = .failure(error)
    }
    await connection.close()
    return try result.get()
  }

  /// Runs statements as superuser.
  func script(_ sql: String) async throws {
    try await withDatabase { try await $0.script(sql) }
  }
}

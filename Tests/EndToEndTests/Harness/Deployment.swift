// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import Synchronization
import TestSupport

/// What a deployment has: a PostgreSQL of its own that flushes, migrated by the program under test,
/// a master key, and as many services as are started.
final class Deployment: Sendable {
  let postgres: EmbeddedPostgres
  private let directory: String
  private let services = Atomic<Int>(0)

  private init(postgres: EmbeddedPostgres, directory: String) {
    self.postgres = postgres
    self.directory = directory
  }

  /// Settings of a small server: a crash of it is over in a fraction of a second.
  static let small = [
    "autovacuum": "off", "max_connections": "60", "shared_buffers": "32MB",
  ]

  /// Lends a deployment and takes it down afterwards. PostgreSQL's data is on `volume`, or else in
  /// the deployment's own directory.
  static func with<T: Sendable>(
    settings: [String: String] = [:], on volume: String? = nil, binaries: ServerBinaries? = nil,
    _ body: (Deployment) async throws -> T
  ) async throws -> T {
    let deployment = try await make(settings: settings, on: volume, binaries: binaries)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(deployment))
    } catch {
      result = .failure(error)
    }
    await deployment.postgres.stop(.immediate, within: .seconds(10))
    TemporaryDirectory.remove(deployment.directory)
    return try result.get()
  }

  /// One deployment that suites share which do not harm it; it ends with the process.
  static func shared() async throws -> Deployment { try await sharing.value }

  private static let sharing = Task { () async throws -> Deployment in
    let deployment = try await make(settings: [:])
    ending.withLock { $0 = deployment }
    atexit {
      guard let deployment = Deployment.ending.withLock({ $0 }) else { return }
      deployment.postgres.stopBlocking(.immediate, within: .seconds(10))
      TemporaryDirectory.remove(deployment.directory)
    }
    return deployment
  }

  private static let ending = Mutex<Deployment?>(nil)

  private static func make(
    settings: [String: String], on volume: String? = nil, binaries: ServerBinaries? = nil
  ) async throws -> Deployment {
    let directory = try TemporaryDirectory.make("deployment")
    let postgres = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: "\(volume ?? directory)/data", settings: small.merging(settings) { $1 },
        logFile: "\(directory)/postgres.log", binaries: binaries))
    let deployment = Deployment(postgres: postgres, directory: directory)
    do {
      try await deployment.run(["master-key", "create", deployment.masterKeyFile])
      try await deployment.run(["migrate", "up"])
      return deployment
    } catch {
      await postgres.stop(.immediate, within: .seconds(10))
      TemporaryDirectory.remove(directory)
      throw error
    }
  }
}

// MARK: - What it is made of

extension Deployment {
  var masterKeyFile: String { "\(directory)/master.key" }

  /// A path in the deployment's own directory.
  func file(_ name: String) -> String { "\(directory)/\(name)" }

  /// As in production: the service logs in as the role that owns nothing.
  var environment: [String: String] {
    [
      "DATABASE_URL": postgres.conninfo(user: "hansard_service"),
      "HANSARD_MIGRATE_DATABASE_URL": postgres.conninfo(user: "postgres"),
      "HANSARD_MASTER_KEY_FILE": masterKeyFile,
      // What a test compares must not be swept away beside it: after the run at the start, none.
      "HANSARD_RETENTION_INTERVAL_SECONDS": "3600",
    ]
  }

  /// Runs a command of the program and returns what it printed; throws with it where it failed.
  @discardableResult
  func run(_ arguments: [String]) async throws -> String {
    let outcome = try await Executable.run(arguments, environment: environment)
    guard outcome.status == .exited(0) else {
      throw TestSupportError(
        "hansard \(arguments.joined(separator: " ")): \(outcome.status)\n\(outcome.output)")
    }
    return outcome.output
  }

  /// The same for a command with `--json`.
  func answer(_ arguments: [String]) async throws -> JSONValue {
    try JSONDocument(parsing: Array(try await run(arguments + ["--json"]).utf8)).root
  }

  /// Purges what is due: the run of a service that has just started would find nothing to change then.
  func settleRetention() async throws {
    try await run(["retention", "run", "--once"])
    try await eventually("nothing that is due") {
      let status = try await answer(["retention", "status"])
      return [
        "due_recordings", "unswept_recordings", "due_recovery_sessions",
        "unswept_recovery_sessions",
      ].allSatisfy { status[$0]?.integer() == 0 }
    }
  }

  /// Starts a service on ports of its own.
  func startService(
    _ more: [String: String] = [:], untilReady: Bool = true
  ) async throws -> Service {
    let number = services.wrappingAdd(1, ordering: .relaxed).newValue
    return try await Service.start(
      .init(
        environment: environment.merging(more) { $1 }, ports: try .free(),
        logFile: file("service-\(number).log")),
      untilReady: untilReady)
  }

  /// Lends a service and stops it afterwards; that it exits with 0 is part of every test.
  func withService<T: Sendable>(
    _ more: [String: String] = [:], untilReady: Bool = true, _ body: (Service) async throws -> T
  ) async throws -> T {
    let service = try await startService(more, untilReady: untilReady)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(service))
    } catch {
      result = .failure(error)
    }
    let status = try await service.stop()
    guard status == .exited(0) else { throw TestSupportError("the service ended with \(status)") }
    return try result.get()
  }

  /// A tenant with nothing in it.
  func makeTenant(_ name: String) async throws -> Tenant {
    let made = try await answer(["tenant", "create", name])
    guard let id = try made["tenant_id"]?.text() else { throw TestSupportError("no tenant") }
    return Tenant(id: id, deployment: self)
  }

  /// Lends a connection of the superuser, for looking.
  func withDatabase<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    try await postgres.withConnection(body)
  }

  /// Restarts the server with another value of a setting; nil: with the one it had.
  func configure(_ name: String, _ value: String?) async throws {
    let change = value.map { "set \(name) = '\($0)'" } ?? "reset \(name)"
    try await Psql(postgres: postgres, database: "postgres").run([
      "-c", "set default_transaction_read_only = off", "-c", "alter system \(change)",
    ])
    try await postgres.restart()
  }

  /// The first column of the first row, as superuser.
  func value<T: PostgresDecodable & Sendable>(_ sql: String, as type: T.Type = T.self)
    async throws -> T
  {
    try await postgres.value(sql)
  }
}

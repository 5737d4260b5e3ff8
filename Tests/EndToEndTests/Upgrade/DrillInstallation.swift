// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import TestSupport

/// Runs the commands and services of several builds on one database.
struct DrillInstallation: Sendable {
  let deployment: Deployment
  /// Further environment of the migrations.
  let environment: [String: String]

  /// The environment of a build's programs.
  private func environment(_ release: Release, on database: String) -> [String: String] {
    let postgres = deployment.postgres
    return deployment.environment.merging([
      "DATABASE_URL": postgres.conninfo(user: "hansard_service", database: database),
      "HANSARD_MIGRATE_DATABASE_URL": postgres.conninfo(user: "postgres", database: database),
      "HANSARD_SQL": release.migrations,
    ]) { $1 }
  }

  /// Runs a command to its end, however it ends.
  func outcome(
    _ release: Release, _ arguments: [String], on database: String = DrillScene.database
  ) async throws -> Executable.Outcome {
    let more = arguments.first == "migrate" ? environment : [:]
    return try await Executable.run(
      arguments, environment: environment(release, on: database).merging(more) { $1 },
      program: release.program, within: .seconds(300))
  }

  /// Runs a command that must succeed, and returns what it printed.
  @discardableResult
  func run(
    _ release: Release, _ arguments: [String], on database: String = DrillScene.database
  ) async throws -> String {
    let outcome = try await outcome(release, arguments, on: database)
    guard outcome.status == .exited(0) else {
      throw TestSupportError("\(arguments): \(outcome.status)\n\(outcome.output)")
    }
    return outcome.output
  }

  /// Starts a service of a build; it answers, ready or not.
  func start(_ release: Release) async throws -> Service {
    try await Service.start(
      .init(
        environment: environment(release, on: DrillScene.database), ports: try .free(),
        logFile: deployment.file("drill-\(release.version).log"), program: release.program))
  }

  /// A tenant with a key of an admin.
  func makeTenant(_ name: String, by release: Release) async throws -> DrillTenant {
    let id = try await answer(release, ["tenant", "create", name], "tenant_id")
    let key = try await answer(
      release, ["key", "create", "--tenant", id, "--role", "admin", "--user", "alice"], "key")
    return DrillTenant(id: id, key: key)
  }

  private func answer(
    _ release: Release, _ arguments: [String], _ member: String
  ) async throws -> String {
    let output = try await run(release, arguments + ["--json"])
    guard let text = try JSONDocument(parsing: Array(output.utf8)).root[member]?.text() else {
      throw TestSupportError("no \(member): \(output)")
    }
    return text
  }

  /// Lends a connection of the superuser to the database that is upgraded.
  func withDatabase<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    let connection = try await connect()
    let result: Result<T, any Error>
    do {
      result = .success(try await body(connection))
    } catch {
      result = .failure(error)
    }
    await connection.close()
    return try result.get()
  }

  func connect() async throws -> PostgresConnection {
    try await PostgresConnection.connect(
      PostgresConfiguration(
        conninfo: deployment.postgres.conninfo(database: DrillScene.database),
        connectTimeout: .seconds(30), exchangeDeadline: .seconds(30)))
  }
}

/// A tenant of a drill.
struct DrillTenant: Sendable {
  let id: String
  /// Of an admin.
  let key: String
  var recordings: [String] = []

  /// Recordings in each state: one that is open, one that is stopped, one that is flagged and stopped.
  mutating func furnish(_ client: Client) async throws {
    for number in 1...3 {
      let id = try await client.startRecording()
      recordings.append(id)
      for event in 1...5 {
        let body = #"{"event_type":"step","event_data":{"recording":\#(number),"event":\#(event)}}"#
        try await client.expect(201, .post, Paths.recording(id, "event"), body)
      }
      if number == 3 {
        try await client.expect(200, .post, Paths.recording(id, "flag"), #"{"flag_reason":"look"}"#)
      }
      if number > 1 { try await client.expect(200, .post, Paths.recording(id, "stop"), "{}") }
    }
  }

  /// Its events as they are read, in their order.
  func events(_ client: Client) async throws -> [String] {
    var events: [String] = []
    for recording in recordings {
      events += try await client.allEvents(of: recording).map(\.raw)
    }
    return events
  }
}

extension Client {
  /// Sends a request that must be answered with `status`.
  @discardableResult
  func expect(
    _ status: Int, _ method: Method, _ path: String, _ body: String
  ) async throws -> Answer {
    let answer = try await send(method, path, json: body)
    guard answer.status == status else {
      throw TestSupportError("\(path): \(answer.status) \(answer.text)")
    }
    return answer
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// A login of the running test's database that reads one tenant, as `hansard analyst create` makes it.
struct AnalystGround: Sendable {
  let login: AnalystLogin
  let tenant: TenantID
  let database: TestDatabase

  /// Lends a login for `tenant`, mapped by a superuser, and drops it afterwards.
  static func with(
    _ tenant: TenantID, _ body: (AnalystGround) async throws -> Void
  ) async throws {
    let ground = AnalystGround(
      login: try AnalystLogin.make(), tenant: tenant, database: TestDatabase.current)
    let connection = try await ground.database.connect(role: "postgres")
    let logins = AnalystLogins(connection)
    let password = try AnalystLogins.makePassword()
    try await logins.make(ground.login, password: password, terms: .init(connections: 4))
    let result: Result<Void, any Error>
    do {
      try await ground.map()
      result = .success(try await body(ground))
    } catch {
      result = .failure(error)
    }
    try await logins.drop(ground.login)
    await connection.close()
    try result.get()
  }

  /// Says which tenant the login reads.
  private func map() async throws {
    try await database.psql(
      """
      insert into hansard.analysts (tenant_id, analyst_id, login, name, created_by)
      values ('\(tenant)', gen_random_uuid(), '\(login)', 'analyst', 'operator')
      """)
  }

  /// Runs `psql` as the login, to the end whatever fails, and returns what it said on both streams.
  func psql(_ arguments: [String]) async throws -> (output: String, errors: String) {
    let directory = try TemporaryDirectory.make("analyst")
    defer { TemporaryDirectory.remove(directory) }
    let program = database.server.postgres.binaries.path("psql")
    let command = ["exec", "\"$@\"", ">'\(directory)/out'", "2>'\(directory)/err'"]
    let answer = try await ChildProcess.run(
      [
        "/bin/sh", "-c", command.joined(separator: " "), "sh", program, "-X", "-q", "-A", "-t",
        "-d",
      ]
        + [database.conninfo(role: login.rawValue)] + arguments, within: .seconds(180))
    guard case .exited = answer.status else { throw TestSupportError("psql: \(answer.status)") }
    func text(_ name: String) throws -> String {
      String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")), as: UTF8.self)
    }
    return (try text("out"), try text("err"))
  }

  /// Runs one statement; throws with what `psql` said where it failed.
  @discardableResult
  func run(_ sql: String) async throws -> String {
    let said = try await psql(["-v", "ON_ERROR_STOP=1", "-c", sql])
    guard said.errors.isEmpty else { throw TestSupportError(said.errors) }
    return said.output
  }
}

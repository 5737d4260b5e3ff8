// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct AnalystLoginsTests {
  /// Lends a connection to a new database.
  private func withDatabase(
    named name: String, _ body: (PostgresConnection) async throws -> Void
  ) async throws {
    let server = TestDatabase.current.server
    try await server.psql("create database \"\(name)\"")
    let result: Result<Void, any Error>
    do {
      let connection = try await PostgresConnection.connect(
        PostgresConfiguration(
          conninfo: server.postgres.conninfo(user: "postgres", database: name),
          connectTimeout: .seconds(30), exchangeDeadline: .seconds(30)))
      result = .success(try await body(connection))
      await connection.close()
    } catch {
      result = .failure(error)
    }
    try await server.psql("drop database \"\(name)\" with (force)")
    try result.get()
  }

  /// The line has the quotes of libpq's list within those of the shell.
  @Test(arguments: [#" o'neil"#, " back\\slash\\", #" $HOME `id` "#, #" '' \' %"#])
  func theLineForPsqlHasItsQuotes(suffix: String) async throws {
    let name = TestDatabase.current.name + suffix
    let binaries = TestDatabase.current.server.postgres.binaries
    try await withDatabase(named: name) { connection in
      let logins = AnalystLogins(connection)
      let login = try AnalystLogin.make()
      try await logins.make(
        login, password: try AnalystLogins.makePassword(), terms: .init(connections: 1))
      let line = await logins.commandLine(login)
      let environment = ChildProcess.plainEnvironment.merging(["PATH": binaries.directory]) { $1 }
      let answer = try await ChildProcess.run(
        ["/bin/sh", "-c", line + " -X -A -t -c 'select current_database(), session_user'"],
        environment: environment)
      try await logins.drop(login)
      #expect(answer.output == "\(name)|\(login)\n", "\(line)")
      #expect(answer.status == .exited(0))
    }
  }
}

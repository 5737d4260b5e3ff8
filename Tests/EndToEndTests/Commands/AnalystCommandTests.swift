// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// `hansard analyst`, on a server that asks for passwords and logs every statement.
@Suite(.serialized, .exclusive)
struct AnalystCommandTests {
  /// A server with a listening port, and the program's environment for it.
  private struct Ground {
    let postgres: EmbeddedPostgres
    let port: Int
    let directory: String
    let environment: [String: String]

    func answer(_ arguments: [String]) async throws -> JSONValue {
      let outcome = try await Executable.run(arguments + ["--json"], environment: environment)
      guard outcome.status == .exited(0) else { throw TestSupportError(outcome.output) }
      return try JSONDocument(parsing: Array(outcome.output.utf8)).root
    }

    /// A session over TCP, where the server asks for the password.
    func connect(_ login: String, _ password: String) async throws -> PostgresConnection {
      try await PostgresConnection.connect(
        PostgresConfiguration(
          conninfo:
            "host=127.0.0.1 port=\(port) user=\(login) password=\(password) dbname=postgres",
          connectTimeout: .seconds(30), exchangeDeadline: .seconds(30)))
    }

    func psql(_ sql: String) async throws -> String {
      try await Psql(postgres: postgres, database: "postgres").run(["-c", sql])
    }

    /// What the printed line says where somebody types it, and a question behind it.
    func answer(to line: String, asking sql: String, _ password: String) async throws -> String {
      let path = "\(postgres.binaries.directory):/usr/bin:/bin"
      let environment = ChildProcess.plainEnvironment.merging(
        ["PATH": path, "PGPASSWORD": password]
      ) { $1 }
      let (status, output) = try await ChildProcess.run(
        ["/bin/sh", "-c", "\(line) -X -A -t -c '\(sql)'"], environment: environment)
      guard status == .exited(0) else { throw TestSupportError(output) }
      return output
    }
  }

  private func withGround(_ body: (Ground) async throws -> Void) async throws {
    let directory = try TemporaryDirectory.make("analysts")
    defer { TemporaryDirectory.remove(directory) }
    let port = try Ports.free().main
    let postgres = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: "\(directory)/data",
        settings: ["log_statement": "all", "shared_buffers": "32MB"],
        listenPort: port, logFile: "\(directory)/server.log"))
    let keyFile = "\(directory)/master.key"
    let ground = Ground(
      postgres: postgres, port: port, directory: directory,
      environment: [
        "DATABASE_URL": postgres.conninfo(user: "hansard_service"),
        "HANSARD_MIGRATE_DATABASE_URL": postgres.conninfo(user: "postgres"),
        "HANSARD_MASTER_KEY_FILE": keyFile,
      ])
    let result: Result<Void, any Error>
    do {
      for command in [["master-key", "create", keyFile], ["migrate", "up"]] {
        let outcome = try await Executable.run(command, environment: ground.environment)
        guard outcome.status == .exited(0) else { throw TestSupportError(outcome.output) }
      }
      result = .success(try await body(ground))
    } catch {
      result = .failure(error)
    }
    await postgres.stop(.immediate, within: .seconds(10))
    try result.get()
  }

  /// How a login is made, in alphabetical order; the last but one is set by superusers alone.
  private static let settings = """
    default_transaction_read_only=on
    idle_in_transaction_session_timeout=60s
    idle_session_timeout=1h
    jit=off
    lock_timeout=5s
    search_path=compliance
    statement_timeout=60s
    temp_file_limit=4GB
    work_mem=32MB

    """

  @Test func aLoginReadsItsTenantUntilItIsDropped() async throws {
    try await withGround { ground in
      let tenant = try #require(
        try await ground.answer(["tenant", "create", "Acme"])["tenant_id"]?.text())
      _ = try await ground.answer(["tenant", "create", "Globex"])
      let of = ["--tenant", tenant]
      let made = try await ground.answer(["analyst", "create", "--name", "Ada Lovelace"] + of)
      let login = try #require(try made["login"]?.text())
      let password = try #require(try made["password"]?.text())
      let line = try #require(try made["psql"]?.text())
      #expect(line.contains("user=\(login)"))

      // It logs in with its password and no other, and reads its tenant.
      let session = try await ground.connect(login, password)
      let rows = try await session.execute(Query("select name from tenant", prepared: false))
      let names = try rows.map { try $0.decode(0, as: String.self) }
      #expect(names == ["Acme"])
      await #expect(throws: PostgresError.self) { try await ground.connect(login, password + "x") }

      // So does the line that was printed, as it stands.
      let said = try await ground.answer(to: line, asking: "select name from tenant", password)
      #expect(said == "Acme\n")
      let limit = try await ground.answer(to: line, asking: "show statement_timeout", password)
      #expect(limit == "1min\n")

      // What its sessions begin with.
      let settings = try await ground.psql(
        """
        select s from pg_roles, unnest(rolconfig) as s where rolname = '\(login)'
        order by s collate "C"
        """)
      #expect(settings == Self.settings)

      // The guards that hold.
      let role = try await ground.psql(
        "select rolconnlimit, rolsuper, rolcreaterole from pg_roles where rolname = '\(login)'")
      #expect(role == "4|f|f\n")
      _ = try await session.execute(
        Query("set default_transaction_read_only = off", prepared: false))
      await #expect(throws: PostgresError.self) {
        try await session.execute(Query("delete from compliance.tenant", prepared: false))
      }
      await #expect(throws: PostgresError.self) {
        try await session.execute(Query("set temp_file_limit = '1TB'", prepared: false))
      }

      // The password is nowhere but with whom it was shown to.
      let log = try String(contentsOfFile: "\(ground.directory)/server.log", encoding: .utf8)
      #expect(log.contains("create role \(login)"))
      #expect(!log.contains(password))

      let listed = try await ground.answer(["analyst", "list"] + of).elements
      #expect(try listed.map { try $0["name"]?.text() } == ["Ada Lovelace"])
      let dropped = try await ground.answer(["analyst", "drop", login] + of)
      #expect(dropped["dropped_at"]?.isNull == false)
      await #expect(throws: PostgresError.self) {
        try await session.execute(Query("select name from tenant", prepared: false))
      }
      await session.close()
      #expect(
        try await ground.psql("select count(*) from pg_roles where rolname = '\(login)'") == "0\n")
      // Again it changes nothing.
      _ = try await ground.answer(["analyst", "drop", login] + of)

      let audit = try await ground.psql(
        """
        select action, actor, audit_metadata ->> 'login' = '\(login)' from hansard.canvas_audit
        where component_type = 'analysts' order by occurred_at
        """)
      #expect(
        audit == """
          create_analyst|operator|t
          read_analysts|operator|
          drop_analyst|operator|t
          drop_analyst|operator|t

          """)
    }
  }

  /// Who may not make roles makes no mapping either, and is told why.
  @Test func withoutTheRightToMakeRolesNothingIsMade() async throws {
    try await withGround { ground in
      let tenant = try #require(
        try await ground.answer(["tenant", "create", "Acme"])["tenant_id"]?.text())
      var environment = ground.environment
      environment["HANSARD_MIGRATE_DATABASE_URL"] = nil
      let outcome = try await Executable.run(
        ["analyst", "create", "--name", "Ada", "--tenant", tenant], environment: environment)
      #expect(outcome.status != .exited(0))
      #expect(outcome.output.contains("permission denied to create role"))
      #expect(!outcome.output.contains("password="))
      let left = try await ground.psql(
        "select (select count(*) from hansard.analysts), (select count(*) from pg_roles where rolname like 'hansard\\_analyst\\_%')"
      )
      #expect(left == "0|0\n")
    }
  }
}

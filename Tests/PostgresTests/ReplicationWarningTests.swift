// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

/// A server that waits at COMMIT for a standby that does not exist.
@Suite(.serialized)
struct ReplicationWarningTests {
  private func withWaitingServer(
    _ body: (EmbeddedPostgres, PostgresConnection, PostgresConnection) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory.make("replication")
    defer { TemporaryDirectory.remove(directory) }
    let server = try await EmbeddedPostgres.start(.init(dataDirectory: "\(directory)/data"))
    do {
      let configuration = PostgresConfiguration(
        conninfo: server.conninfo(), exchangeDeadline: .seconds(20))
      let connection = try await PostgresConnection.connect(configuration)
      let other = try await PostgresConnection.connect(configuration)
      try await connection.script("create table t (id int8); create table probe (id int8)")
      try await other.script("alter system set synchronous_standby_names = 'nobody'")
      try await other.script("select pg_reload_conf()")
      try await waitUntilCommitsWait(connectedBy: configuration, seenBy: other)
      try await body(server, connection, other)
    } catch {
      await server.stop(.immediate)
      throw error
    }
    await server.stop(.immediate)
  }

  /// Commits wait once the checkpointer has read the setting, which is not when a session shows it.
  private func waitUntilCommitsWait(
    connectedBy configuration: PostgresConfiguration, seenBy other: PostgresConnection
  ) async throws {
    let probe = try await PostgresConnection.connect(configuration)
    let task = Task {
      while true { _ = try await probe.execute(Query("insert into probe values (1)")) }
    }
    try await waitForStandbyWait(probe, seenBy: other)
    _ = try await other.execute(Query("select pg_terminate_backend($1)", probe.backendProcessID))
    _ = await task.result
  }

  private func waitForStandbyWait(
    _ connection: PostgresConnection, seenBy other: PostgresConnection
  ) async throws {
    let query = Query(
      "select count(*) from pg_stat_activity where pid = $1 and wait_event = 'SyncRep'",
      connection.backendProcessID)
    try await eventually("the commit waits for its standby") {
      try await other.value(query, as: Int.self) == 1
    }
  }

  @Test(arguments: ["warning", "error"])
  func aCancelledWaitForTheStandbyIsNotACommit(level: String) async throws {
    try await withWaitingServer { server, _, other in
      // A default of the database must not hide the warning.
      let alter = "alter database postgres set client_min_messages = '\(level)'"
      try await other.script("set synchronous_commit = local; \(alter)")
      let connection = try await PostgresConnection.connect(
        PostgresConfiguration(conninfo: server.conninfo(), exchangeDeadline: .seconds(20)))
      let task = Task {
        try await connection.withTransaction { $0.enqueue(Query("insert into t values (1)")) }
      }
      try await waitForStandbyWait(connection, seenBy: other)
      _ = try await other.execute(
        Query("select pg_cancel_backend($1)", connection.backendProcessID))
      let error = try await postgresError { try await task.value }
      #expect(error.code == .notReplicated)
      // The server says that it has happened, and the connection can go on.
      #expect(try await other.value(Query("select count(*) from t"), as: Int.self) == 1)
      #expect(await connection.isReusable)
      _ = try await connection.execute(Query("select 1"))
    }
  }

  @Test func aBackendTerminatedInThatWaitIsNotACommitEither() async throws {
    try await withWaitingServer { _, connection, other in
      let task = Task {
        try await connection.withTransaction { $0.enqueue(Query("insert into t values (1)")) }
      }
      try await waitForStandbyWait(connection, seenBy: other)
      _ = try await other.execute(
        Query("select pg_terminate_backend($1)", connection.backendProcessID))
      let error = try await postgresError { try await task.value }
      #expect(error.code == .notReplicated)
    }
  }
}

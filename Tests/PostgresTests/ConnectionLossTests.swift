// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase)
struct ConnectionLossTests {
  private let database = TestDatabase.current

  @Test func aDeadlineClosesTheConnectionAndEndsTheQuery() async throws {
    let connection = try await database.connect()
    let error = try await postgresError {
      try await connection.execute(Query("select pg_sleep(600)"), deadline: .milliseconds(100))
    }
    #expect(error.code == .timedOut && error.isConnectionFailure)
    #expect(await !connection.isReusable)
    try await database.waitUntilGone(connection.backendProcessID)
    let after = try await postgresError { try await connection.execute(Query("select 1")) }
    #expect(after.code == .connectionLost)
  }

  @Test func theConfigurationsDeadlineHoldsWithoutOneGiven() async throws {
    let connection = try await database.connect(exchangeDeadline: .milliseconds(100))
    let error = try await postgresError {
      try await connection.execute(Query("select pg_sleep(600)"))
    }
    #expect(error.code == .timedOut)
    try await database.waitUntilGone(connection.backendProcessID)
  }

  @Test func cancellingTheTaskClosesTheConnectionAndEndsTheQuery() async throws {
    let connection = try await database.connect()
    let task = Task { try await connection.execute(Query("select pg_sleep(600)")) }
    try await database.waitUntil(connection.backendProcessID, runs: "pg_sleep")
    task.cancel()
    let error = try await postgresError { try await task.value }
    #expect(error.code == .cancelled)
    #expect(await !connection.isReusable)
    try await database.waitUntilGone(connection.backendProcessID)
  }

  @Test func aTaskCancelledBeforehandSendsNothing() async throws {
    let connection = try await database.connect()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await connection.execute(Query("create table never ()"))
    }
    let error = try await postgresError { try await task.value }
    #expect(error.code == .cancelled)
    #expect(await connection.isReusable)
    let exists: Bool = try await connection.value(Query("select to_regclass('never') is not null"))
    #expect(!exists)
  }

  @Test func closingEndsAnExchangeInProgress() async throws {
    let connection = try await database.connect()
    let task = Task { try await connection.execute(Query("select pg_sleep(600)")) }
    try await database.waitUntil(connection.backendProcessID, runs: "pg_sleep")
    await connection.close()
    let error = try await postgresError { try await task.value }
    #expect(error.code == .connectionLost)
    try await database.psql("select pg_terminate_backend(\(connection.backendProcessID))")
  }

  @Test func aTerminatedBackendIsALostConnection() async throws {
    let connection = try await database.connect()
    let task = Task { try await connection.execute(Query("select pg_sleep(600)")) }
    try await database.waitUntil(connection.backendProcessID, runs: "pg_sleep")
    try await database.psql("select pg_terminate_backend(\(connection.backendProcessID))")
    let error = try await postgresError { try await task.value }
    #expect(error.code == .connectionLost && error.sqlState == .adminShutdown)
    #expect(error.isConnectionFailure)
    #expect(await !connection.isReusable)
  }

  @Test func aTerminatedBackendInATransactionIsALostConnection() async throws {
    let connection = try await database.connect()
    let error = try await postgresError {
      try await connection.withTransaction { transaction in
        _ = try await transaction.execute(Query("select 1"))
        try await database.psql("select pg_terminate_backend(\(connection.backendProcessID))")
        _ = try await transaction.execute(Query("select 2"))
      }
    }
    #expect(error.code == .connectionLost)
  }

  /// A table whose rows make COMMIT take as long as the test likes.
  private func makeSlowCommit(_ connection: PostgresConnection) async throws {
    try await connection.script(
      """
      create table t (id int8);
      create function slow() returns trigger language plpgsql as
        'begin perform pg_sleep(600); return null; end';
      create constraint trigger slow after insert on t deferrable initially deferred
        for each row execute function slow();
      """)
  }

  @Test func aBackendTerminatedDuringCommitLeavesTheOutcomeUnknown() async throws {
    let connection = try await database.connect()
    try await makeSlowCommit(connection)
    let task = Task {
      try await connection.withTransaction {
        _ = try await $0.execute(Query("insert into t values (1)"))
      }
    }
    try await database.waitUntil(connection.backendProcessID, runs: "commit")
    try await database.psql("select pg_terminate_backend(\(connection.backendProcessID))")
    let error = try await postgresError { try await task.value }
    #expect(error.code == .outcomeUnknown)
    #expect(!error.isConnectionFailure)
  }

  @Test func aDeadlineDuringCommitLeavesTheOutcomeUnknownAndCancelsNothing() async throws {
    try await makeSlowCommit(try await database.connect())
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration(exchangeDeadline: .milliseconds(500))
    configuration.conninfo = relay.conninfo(database: database.name)
    let committing = try await PostgresConnection.connect(configuration)
    let error = try await postgresError {
      try await committing.withTransaction { $0.enqueue(Query("insert into t values (1)")) }
    }
    #expect(error.code == .outcomeUnknown)
    // What an ordinary exchange sends when its deadline passes, and COMMIT must not.
    let ordinary = try await PostgresConnection.connect(configuration)
    _ = try await postgresError { try await ordinary.execute(Query("select pg_sleep(600)")) }
    try await database.waitUntilGone(ordinary.backendProcessID)
    #expect(relay.clients == 3)
    try await database.psql("select pg_terminate_backend(\(committing.backendProcessID))")
  }

  @Test func cancellingTheTaskDuringCommitWaitsForTheOutcome() async throws {
    let connection = try await database.connect()
    try await connection.script(
      """
      create table t (id int8);
      create function waits() returns trigger language plpgsql as
        'begin perform pg_advisory_xact_lock(42); return null; end';
      create constraint trigger waits after insert on t deferrable initially deferred
        for each row execute function waits();
      """)
    let holder = try await database.connect()
    _ = try await holder.execute(Query("select pg_advisory_lock(42)"))
    let task = Task {
      try await connection.withTransaction {
        _ = try await $0.execute(Query("insert into t values (1)"))
      }
    }
    try await database.waitUntil(connection.backendProcessID, runs: "commit")
    task.cancel()
    _ = try await holder.execute(Query("select pg_advisory_unlock(42)"))
    try await task.value
    #expect(try await connection.value(Query("select count(*) from t"), as: Int.self) == 1)
  }

  @Test func aCommitWhoseAnswerIsLostIsUnknownThoughItHappened() async throws {
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration()
    configuration.conninfo = relay.conninfo(database: database.name)
    let connection = try await PostgresConnection.connect(configuration)
    try await connection.script("create table t (id int8)")
    relay.loseAnswers(to: "commit")
    let error = try await postgresError {
      try await connection.withTransaction {
        _ = try await $0.execute(Query("insert into t values (1)"))
      }
    }
    #expect(error.code == .outcomeUnknown)
    #expect(try await database.psql("select count(*) from t") == "1\n")
  }

  @Test func aConnectionClosedBeforeCommitLeavesNoDoubt() async throws {
    let connection = try await database.connect()
    let error = try await postgresError {
      try await connection.withTransaction { transaction in
        transaction.enqueue(Query("select 1"))
        await connection.close()
      }
    }
    #expect(error.code == .connectionLost)
  }

  @Test func anAnswerLostBeforeCommitIsALostConnection() async throws {
    let relay = try Relay(to: database.server.postgres)
    defer { relay.stop() }
    var configuration = database.configuration()
    configuration.conninfo = relay.conninfo(database: database.name)
    let connection = try await PostgresConnection.connect(configuration)
    relay.loseAnswers(to: "insert")
    let error = try await postgresError {
      try await connection.withTransaction {
        _ = try await $0.execute(Query("insert into t values (1)"))
      }
    }
    #expect(error.code == .connectionLost)
  }

  @Test func aServerThatNeverAnswersIsGivenUp() async throws {
    let silent = try SilentServer()
    defer { silent.stop() }
    var configuration = PostgresConfiguration(conninfo: silent.conninfo)
    configuration.connectTimeout = .milliseconds(100)
    let error = try await postgresError { try await PostgresConnection.connect(configuration) }
    #expect(error.code == .connectionFailed && error.isConnectionFailure)
    configuration.connectTimeout = .seconds(600)
    let task = Task { [configuration] in try await PostgresConnection.connect(configuration) }
    try await silent.waitForClient(number: 2)
    task.cancel()
    let cancelled = try await postgresError { try await task.value }
    #expect(cancelled.code == .cancelled)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres

/// The private PostgreSQL of a `LocalState`: started by us, or found running.
struct PrivateDatabase: Sendable {
  /// The database in it.
  static let name = "hansard"

  private let socketDirectory: String
  private let port: Int
  /// Nil when another process started it, so that it is not ours to stop.
  private let server: EmbeddedPostgres?

  /// Starts the server unless it runs already, and makes the database when it is missing.
  static func open(in state: LocalState) async throws -> PrivateDatabase {
    try state.make()
    let opened: PrivateDatabase
    do throws(EmbeddedPostgresError) {
      let server = try await start(in: state)
      opened = PrivateDatabase(
        socketDirectory: server.socketDirectory, port: server.port, server: server)
    } catch {
      guard case .inUse = error, let running = attach(to: state) else {
        throw CommandFailure("the private PostgreSQL did not start: \(error)")
      }
      opened = running
    }
    do {
      try await opened.makeDatabase()
      return opened
    } catch {
      await opened.close()
      throw error
    }
  }

  /// Stops the server if it is ours: disconnects the clients and writes a checkpoint.
  func close() async {
    guard let server else { return }
    await server.stop(.fast)
    // The server took its socket away; a directory that still holds something stays.
    rmdir(socketDirectory)
  }

  /// The connection string of one of the server's users, as a URI.
  ///
  /// The socket's directory lets nobody in but its owner, so there is no password.
  func url(user: String, database: String = Self.name) -> String {
    let standardPort = 5432
    let suffix = port == standardPort ? "" : "&port=\(port)"
    return "postgresql://\(user)@/\(database)?host=\(socketDirectory)\(suffix)"
  }

  private static func start(
    in state: LocalState
  ) async throws(EmbeddedPostgresError) -> EmbeddedPostgres {
    var configuration = EmbeddedPostgres.Configuration(
      dataDirectory: state.databaseDirectory, socketDirectory: state.socketDirectory)
    do throws(EmbeddedPostgresError) {
      return try await EmbeddedPostgres.start(configuration)
    } catch {
      // The short name under /tmp is taken by somebody else: any other will do.
      guard case .foreign = error else { throw error }
      configuration.socketDirectory = nil
      return try await EmbeddedPostgres.start(configuration)
    }
  }

  /// A server that another process of ours started, found by its `postmaster.pid`: line 4 is the
  /// port and line 5 the socket's directory (PostgreSQL source, `miscadmin.h`).
  private static func attach(to state: LocalState) -> PrivateDatabase? {
    let file = "\(state.databaseDirectory)/postmaster.pid"
    guard let bytes = FileManager.default.contents(atPath: file) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 4, let port = Int(lines[3]), lines[4].hasPrefix("/") else { return nil }
    return PrivateDatabase(socketDirectory: String(lines[4]), port: port, server: nil)
  }

  private func makeDatabase() async throws {
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(conninfo: url(user: "postgres", database: "postgres")))
    do {
      let found = try await connection.execute(
        Query("select 1 from pg_catalog.pg_database where datname = $1", Self.name))
      if found.isEmpty {
        try await connection.script("create database \(Self.name)", deadline: .seconds(60))
      }
      await connection.close()
    } catch {
      await connection.close()
      throw error
    }
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Synchronization
import TestSupport

/// A primary and its standby, which change places: the second of two sockets is the standby's, and
/// each new standby is a fresh copy of the primary of the time.
final class ServerPair: Sendable {
  private struct State {
    var primary: EmbeddedPostgres
    var standby: EmbeddedPostgres?
    var copies = 0
  }

  private let state: Mutex<State>
  private let first: EmbeddedPostgres
  private let directory: String

  private init(primary: EmbeddedPostgres, directory: String) {
    state = Mutex(State(primary: primary))
    first = primary
    self.directory = directory
  }

  /// Lends a pair whose first primary is the deployment's own server.
  static func with<T: Sendable>(
    _ deployment: Deployment, _ body: (ServerPair) async throws -> T
  ) async throws -> T {
    let directory = try TemporaryDirectory.make("standbys")
    defer { TemporaryDirectory.remove(directory) }
    let pair = ServerPair(primary: deployment.postgres, directory: directory)
    do {
      let result = try await body(pair)
      await pair.end()
      return result
    } catch {
      await pair.end()
      throw error
    }
  }

  /// Who takes writes, as far as we have decided.
  var primary: EmbeddedPostgres { state.withLock { $0.primary } }

  /// The service's own words: both servers, whichever takes writes.
  var conninfo: String {
    "host=\(first.socketDirectory),\(secondSocket) port=\(first.port) user=hansard_service "
      + "dbname=postgres target_session_attrs=read-write"
  }

  private var secondSocket: String { "\(directory)/s" }

  /// Copies the primary with `pg_basebackup`, starts the copy, and has the primary wait for it at
  /// each commit from then on.
  func makeStandby(isSynchronous: Bool) async throws -> EmbeddedPostgres {
    let primary = primary
    let copies = state.withLock { state in
      state.copies += 1
      return state.copies
    }
    let data = "\(directory)/copy-\(copies)"
    let socket =
      primary.socketDirectory == first.socketDirectory ? secondSocket : first.socketDirectory
    let (status, output) = try await ChildProcess.run([
      primary.binaries.path("pg_basebackup"), "-D", data, "-R", "-X", "stream", "-c", "fast",
      "-d", "\(primary.conninfo()) application_name=standby",
    ])
    guard status == .exited(0) else { throw TestSupportError("pg_basebackup: \(output)") }
    let standby = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: data, socketDirectory: socket, settings: Deployment.small,
        logFile: "\(directory)/copy-\(copies).log"))
    state.withLock { $0.standby = standby }
    if isSynchronous {
      try await onPrimary([
        "alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()",
      ])
    }
    try await eventually("a standby that follows") {
      try await psql(primary).run([
        "-c", "select sync_state from pg_stat_replication where application_name = 'standby'",
      ]).hasPrefix(isSynchronous ? "sync" : "async")
    }
    return standby
  }

  /// Has the standby take the primary's place, which must have ended: its data goes, for hundreds of
  /// copies have no room. What the deployment began with stays its own.
  func promote(_ standby: EmbeddedPostgres) async throws {
    try await psql(standby).run(["-c", "select pg_promote(true, 30)"])
    let former = state.withLock { state in
      defer {
        state.primary = standby
        state.standby = nil
      }
      return state.primary
    }
    if former !== first {
      try FileManager.default.removeItem(atPath: former.dataDirectory)
    }
  }

  /// Lends a connection of the primary's superuser.
  func withPrimary<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    try await primary.withConnection(body)
  }

  /// Ends what is not the deployment's own.
  private func end() async {
    let (primary, standby) = state.withLock { ($0.primary, $0.standby) }
    for server in [primary, standby] {
      guard let server, server !== first else { continue }
      await server.stop(.immediate, within: .seconds(10))
    }
  }

  private func onPrimary(_ statements: [String]) async throws {
    try await psql(primary).run(statements.flatMap { ["-c", $0] })
  }

  private func psql(_ server: EmbeddedPostgres) -> Psql {
    Psql(postgres: server, database: "postgres")
  }
}

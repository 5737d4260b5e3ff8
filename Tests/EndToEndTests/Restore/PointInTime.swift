// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport

/// A primary whose write-ahead log is archived, a base backup of it, and what is restored from the two: the backups
/// that PostgreSQL's manual describes ("Continuous Archiving and Point-in-Time Recovery").
struct PointInTime: Sendable {
  let deployment: Deployment
  private let directory: String

  /// Lends a deployment that is archived.
  static func with<T: Sendable>(_ body: (PointInTime) async throws -> T) async throws -> T {
    let directory = try TemporaryDirectory.make("wal")
    defer { TemporaryDirectory.remove(directory) }
    let archive = "\(directory)/archive"
    // The server's account writes there.
    try FileManager.default.createDirectory(
      atPath: archive, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o777])
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: archive)
    let settings = [
      "archive_mode": "on",
      "archive_command":
        "test ! -f \(archive)/%f && cp %p \(archive)/%f.part && mv \(archive)/%f.part \(archive)/%f",
    ]
    return try await Deployment.with(settings: settings) { deployment in
      try await body(PointInTime(deployment: deployment, directory: directory))
    }
  }

  private var archive: String { "\(directory)/archive" }
  private var base: String { "\(directory)/base" }

  /// Copies the running primary; the log of the time is left to the archive.
  func makeBaseBackup() async throws {
    let postgres = deployment.postgres
    let (status, output) = try await ChildProcess.run([
      postgres.binaries.path("pg_basebackup"), "-D", base, "-X", "none", "-c", "fast",
      "--no-manifest", "-d", postgres.conninfo(),
    ])
    guard status == .exited(0) else { throw TestSupportError("pg_basebackup: \(output)") }
  }

  /// How much of the log is written and flushed, in bytes from its beginning.
  func position() async throws -> Int64 {
    try await deployment.value("select (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")
  }

  /// Waits until everything up to now is in the archive.
  func archiveAll() async throws {
    let file: String = try await deployment.value(
      "select pg_walfile_name(pg_current_wal_insert_lsn())")
    let _: String = try await deployment.value("select pg_switch_wal()::text")
    try await eventually("an archive with \(file)") {
      FileManager.default.fileExists(atPath: "\(archive)/\(file)")
    }
  }

  /// Lends a server that was restored to a position, and ends it afterwards.
  func restoring<T: Sendable>(
    to position: Int64, as name: String, _ body: (EmbeddedPostgres) async throws -> T
  ) async throws -> T {
    let data = "\(directory)/\(name)"
    let (status, output) = try await ChildProcess.run(["/bin/cp", "-a", base, data])
    guard status == .exited(0) else { throw TestSupportError("cp: \(output)") }
    try Data().write(to: URL(fileURLWithPath: "\(data)/recovery.signal"))
    let lsn = String(position >> 32, radix: 16) + "/" + String(position & 0xFFFF_FFFF, radix: 16)
    let settings = [
      "archive_mode": "off", "hot_standby": "off", "restore_command": "cp \(archive)/%f %p",
      "recovery_target_lsn": lsn, "recovery_target_action": "promote",
    ]
    let server = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: data, settings: Deployment.small.merging(settings) { $1 },
        logFile: "\(directory)/\(name).log"))
    let result: Result<T, any Error>
    do {
      // Before it has come to its position it lets nobody in.
      try await eventually("a restored server") { await isPromoted(server) }
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    await server.stop(.immediate, within: .seconds(10))
    TemporaryDirectory.remove(data)
    return try result.get()
  }

  private func isPromoted(_ server: EmbeddedPostgres) async -> Bool {
    do {
      return try await Psql(postgres: server, database: "postgres")
        .run(["-c", "select pg_is_in_recovery()"]) == "f\n"
    } catch {
      return false
    }
  }
}

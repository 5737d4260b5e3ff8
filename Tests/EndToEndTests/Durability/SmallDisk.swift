// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// A file system in memory with so little room that a test can fill it.
struct SmallDisk: Sendable {
  /// Where it is mounted.
  let path: String
  private var filling: String { "\(path)/filling" }

  /// Lends a disk of `megabytes` and unmounts it afterwards.
  static func with<T: Sendable>(
    megabytes: Int, _ body: (SmallDisk) async throws -> T
  ) async throws -> T {
    let path = try TemporaryDirectory.make("small")
    defer { TemporaryDirectory.remove(path) }
    try await command(
      ["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0755", "hansard-test", path])
    let result: Result<T, any Error>
    do {
      result = .success(try await body(SmallDisk(path: path)))
    } catch {
      result = .failure(error)
    }
    try await command(["umount", "-l", path])
    return try result.get()
  }

  fileprivate static func command(_ words: [String]) async throws {
    let (status, output) = try await ChildProcess.run(["/usr/bin/env"] + words)
    guard status == .exited(0) else {
      throw TestSupportError("\(words.joined(separator: " ")): \(output)")
    }
  }

  /// Takes all the room there is.
  func fill() throws {
    let descriptor = open(filling, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw TestSupportError("cannot fill the disk: \(errno)") }
    defer { close(descriptor) }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    // The last piece is written in part; then nothing is.
    while write(descriptor, zeros, zeros.count) > 0 {}
    guard errno == ENOSPC else { throw TestSupportError("cannot fill the disk: \(errno)") }
  }

  /// Gives it back.
  func clear() { unlink(filling) }

  /// Why this machine cannot have one; nil where it can.
  static let obstacle: String? = {
    guard geteuid() == 0 else { return "only root may mount a file system of a given size" }
    do {
      let status = try ChildProcess.runBlocking(["/usr/bin/unshare", "-m", "/bin/true"]).status
      return status == .exited(0) ? nil : "file systems may not be mounted here"
    } catch {
      return "\(error)"
    }
  }()
}

extension Deployment {
  /// Moves PostgreSQL's log to `directory`, as its manual says it is done, and cuts it in segments of
  /// 1 MiB instead of 16, none of them used again: so it soon needs another one, for which there may be
  /// no room.
  func moveLog(to directory: String) async throws {
    let data = postgres.dataDirectory
    try await Psql(postgres: postgres, database: "postgres")
      .run(["-c", "alter system set wal_recycle = off"])
    await postgres.stop(.fast)
    for words in [
      ["cp", "-a", "\(data)/pg_wal", directory], ["rm", "-r", "\(data)/pg_wal"],
      ["ln", "-s", "\(directory)/pg_wal", "\(data)/pg_wal"],
      // It refuses to run as root, who alone may have such a disk.
      ["--chdir=/", "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        + [postgres.binaries.path("pg_resetwal"), "--wal-segsize=1", "--pgdata=\(data)"],
    ] {
      try await SmallDisk.command(words)
    }
    try await postgres.restart()
  }
}

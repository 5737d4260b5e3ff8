// Hansard
// SPDX-License-Identifier: Apache-2.0

package import EmbeddedPostgres
import Foundation

/// A PgBouncer of our own before a server, in transaction mode: each transaction may get another session of the
/// server's. It listens on a socket in a directory of its own and on no port.
package struct PgBouncer: Sendable {
  /// Where the program is; nil where it is not installed: `scripts/setup --test` does that.
  package static let program: String? = [
    "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer",
  ].first { FileManager.default.isExecutableFile(atPath: $0) }

  private static let port = 6432
  private let directory: String

  /// As `EmbeddedPostgres.conninfo`, by way of the pooler.
  package func conninfo(user: String, database: String = "postgres") -> String {
    "host=\(directory) port=\(Self.port) user=\(user) dbname=\(database)"
  }

  /// Lends one with at most `size` sessions of the server's for each user and database.
  package static func with<T: Sendable>(
    to postgres: EmbeddedPostgres, size: Int, _ body: (PgBouncer) async throws -> T
  ) async throws -> T {
    guard let program else { throw TestSupportError("there is no pgbouncer") }
    let directory = try TemporaryDirectory.make("pgbouncer")
    defer { TemporaryDirectory.remove(directory) }
    let settings = "\(directory)/pgbouncer.ini"
    try write(ini(to: postgres, size: size, in: directory), to: settings)
    try write(#""hansard_service" """#, to: "\(directory)/users.txt")
    let child = try ChildProcess.start(
      .init(command: try account(owning: directory) + [program, "-q", settings], ownSession: true))
    let result: Result<T, any Error>
    do {
      let bouncer = PgBouncer(directory: directory)
      try await bouncer.listens(child)
      result = .success(try await body(bouncer))
    } catch {
      result = .failure(error)
    }
    child.send(SIGTERM)
    _ = await child.wait()
    return try result.get()
  }

  private static func ini(to postgres: EmbeddedPostgres, size: Int, in directory: String) -> String
  {
    """
    [databases]
    * = host=\(postgres.socketDirectory) port=\(postgres.port)
    [pgbouncer]
    listen_addr =
    listen_port = \(port)
    unix_socket_dir = \(directory)
    auth_type = trust
    auth_file = \(directory)/users.txt
    pool_mode = transaction
    default_pool_size = \(size)
    max_client_conn = 200
    ; After a server that could not be reached nobody is let in for fifteen seconds unless this is said.
    server_login_retry = 0.1
    logfile = \(directory)/log
    """
  }

  private static func write(_ text: String, to file: String) throws {
    try text.write(toFile: file, atomically: false, encoding: .utf8)
  }

  /// It refuses to run as root, and must be let into the server's directory: it gets the server's account.
  private static func account(owning directory: String) throws -> [String] {
    let setpriv = "/usr/bin/setpriv"
    let isGuarded = FileManager.default.isExecutableFile(atPath: setpriv)
    guard geteuid() == 0 else { return isGuarded ? [setpriv, "--pdeathsig", "KILL", "--"] : [] }
    let name = "postgres"
    try FileManager.default.setAttributes([.ownerAccountName: name], ofItemAtPath: directory)
    return [
      "/usr/bin/env", "--chdir=/", setpriv, "--reuid=\(name)", "--regid=\(name)", "--init-groups",
      "--pdeathsig", "KILL", "--",
    ]
  }

  private func listens(_ child: ChildProcess) async throws {
    try await eventually("a pgbouncer that listens") {
      if let status = child.exitStatus {
        let log = FileManager.default.contents(atPath: "\(directory)/log") ?? Data()
        throw TestSupportError(
          "pgbouncer ended: \(status)\n\(String(decoding: log, as: UTF8.self))")
      }
      return FileManager.default.fileExists(atPath: "\(directory)/.s.PGSQL.\(Self.port)")
    }
  }
}

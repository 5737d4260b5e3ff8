// Hansard
// SPDX-License-Identifier: Apache-2.0

package import EmbeddedPostgres
import Foundation
import Synchronization

/// The PostgreSQL server that all tests of one process share.
///
/// It starts with the first test that needs it and ends with the process. It does not flush
/// (`fsync=off`): tests of durability start a server of their own. With `HANSARD_MEASURE_FLUSHED=1`
/// it does, as PostgreSQL does by itself: for figures that a disk has its part in.
package struct SharedServer: Sendable {
  package let postgres: EmbeddedPostgres
  /// A database with all migrations of the project applied, which test databases are cloned from.
  static let template = "hansard_template"

  /// The server; starts it when this is the first call of the process.
  package static func running() async throws -> SharedServer { try await starting.value }

  /// Runs SQL through `psql` as superuser and returns its unaligned output without headers.
  ///
  /// Independent of our own client, so that its tests can look at the database through it.
  @discardableResult
  package func psql(_ sql: String, database: String = "postgres") async throws -> String {
    try await psql([sql], database: database)
  }

  /// The same for several statements, each in a transaction of its own.
  @discardableResult
  func psql(_ statements: [String], database: String = "postgres") async throws -> String {
    try await Psql(postgres: postgres, database: database).run(statements.flatMap { ["-c", $0] })
  }

  private static let starting = Task { () async throws -> SharedServer in
    let directory = try TemporaryDirectory.make("tests")
    let postgres = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: "\(directory)/data", socketDirectory: "\(directory)/socket",
        settings: isFlushed ? quick.filter { !unsafe.contains($0.key) } : quick))
    ending.withLock { $0 = (postgres, directory) }
    atexit { SharedServer.end() }
    let server = SharedServer(postgres: postgres)
    try await server.makeTemplate()
    return server
  }

  /// Settings for tests that may lose everything.
  package static let quick = [
    "fsync": "off", "full_page_writes": "off", "max_connections": "200",
    "autovacuum": "off", "shared_buffers": "64MB", "max_wal_size": "4GB",
  ]

  private static let unsafe = ["fsync", "full_page_writes"]
  private static let isFlushed =
    ProcessInfo.processInfo.environment["HANSARD_MEASURE_FLUSHED"] == "1"

  private static let ending = Mutex<(EmbeddedPostgres, directory: String)?>(nil)

  private static func end() {
    guard let (postgres, directory) = ending.withLock({ $0 }) else { return }
    postgres.stopBlocking(.immediate, within: .seconds(10))
    TemporaryDirectory.remove(directory)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation

/// The yardstick: what PostgreSQL itself does with the same row.
struct Pgbench: Sendable {
  private let ground: Ground
  private let program: String
  private let singleScript: String
  private let multiScript: String

  /// Rows of one multi-row insert.
  static let multiRows = 1000

  /// Makes the plain table and the two scripts.
  static func prepare(on ground: Ground) async throws -> Pgbench {
    try await ground.script(PlainTable.create)
    return Pgbench(
      ground: ground,
      program: try Tool.find("pgbench", in: [ground.postgres.binaries.directory]),
      singleScript: try ground.write(PlainTable.insertOne, to: "single.sql"),
      multiScript: try ground.write(PlainTable.insertMany(multiRows), to: "multi.sql"))
  }

  /// Single-row inserts per second.
  func singleRows(clients: Int, seconds: Int) async throws -> Double {
    try await run(singleScript, clients: clients, seconds: seconds)
  }

  /// Rows per second by multi-row inserts.
  func multiRows(clients: Int, seconds: Int) async throws -> Double {
    try await run(multiScript, clients: clients, seconds: seconds) * Double(Self.multiRows)
  }

  private func run(_ script: String, clients: Int, seconds: Int) async throws -> Double {
    try await ground.script(PlainTable.empty)
    let output = try await Tool.run(
      [
        program, "-n", "-M", "prepared", "-c", String(clients), "-j", String(min(2, clients)),
        "-T", String(seconds), "-D", "body=\(EventText.data(0))", "-f", script,
        "-h", ground.postgres.socketDirectory, "-p", String(ground.postgres.port),
        "-U", "postgres", "postgres",
      ], within: .seconds(seconds + 60))
    return try PgbenchReport(parsing: output).rate
  }
}

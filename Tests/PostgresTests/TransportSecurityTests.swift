// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The protocol over TLS, with password. PostgreSQL 15 sends records that libpq reads whole, so this
/// does not reach the case of input that is left inside OpenSSL.
struct TransportSecurityTests {
  @Test func readsEverythingOverTLS() async throws {
    let directory = try TemporaryDirectory.make("tls")
    defer { TemporaryDirectory.remove(directory) }
    let server = try await EmbeddedPostgres.start(
      .init(
        dataDirectory: "\(directory)/data", settings: SharedServer.quick,
        listenPort: Int.random(in: 20_000..<30_000)))
    do {
      try await exercise(server)
    } catch {
      await server.stop(.immediate)
      throw error
    }
    await server.stop(.immediate)
  }

  private func exercise(_ server: EmbeddedPostgres) async throws {
    let admin = try await PostgresConnection.connect(
      PostgresConfiguration(conninfo: server.conninfo()))
    try await makeCertificate(in: server.dataDirectory)
    for setting in ["ssl = on", "password_encryption = 'scram-sha-256'"] {
      try await admin.script("alter system set \(setting)")
    }
    try await admin.script("select pg_reload_conf(); alter role postgres password 'secret-4711'")
    let conninfo =
      "host=127.0.0.1 port=\(server.port) user=postgres dbname=postgres sslmode=require"
    var configuration = PostgresConfiguration(
      conninfo: conninfo + " password=secret-4711", connectTimeout: .seconds(20),
      exchangeDeadline: .seconds(20))
    let connection = try await PostgresConnection.connect(configuration)
    let isEncrypted: Bool = try await connection.value(
      Query("select ssl from pg_stat_ssl where pid = pg_backend_pid()"))
    #expect(isEncrypted)
    for size in [1, 100, 8_191, 8_192, 16_383, 16_384, 16_385, 40_000, 1 << 20, 20 << 20] {
      let text: String = try await connection.value(Query("select repeat('x', $1)", Int32(size)))
      #expect(text.utf8.count == size)
      let bytes = [UInt8](repeating: 3, count: size)
      let results = try await connection.pipeline([
        Query("select $1::bytea", bytes), Query("select generate_series(1, 2000)"),
      ])
      #expect(try results[0][0].decode(0, as: [UInt8].self) == bytes && results[1].count == 2000)
    }
    configuration.conninfo = conninfo + " password=wrong-4711"
    let refused = try await postgresError { [configuration] in
      try await PostgresConnection.connect(configuration)
    }
    #expect(refused.sqlState == .invalidPassword && !"\(refused)".contains("4711"))
    await connection.close()
    await admin.close()
  }

  private func makeCertificate(in directory: String) async throws {
    let answer = try await ChildProcess.run([
      "/usr/bin/openssl", "req", "-new", "-x509", "-days", "2", "-nodes", "-text", "-subj",
      "/CN=localhost", "-out", "\(directory)/server.crt", "-keyout", "\(directory)/server.key",
    ])
    guard answer.status == .exited(0) else { throw TestSupportError(answer.output) }
    let manager = FileManager.default
    let owner = try manager.attributesOfItem(atPath: "\(directory)/PG_VERSION")
    var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
    attributes[.ownerAccountID] = owner[.ownerAccountID]
    attributes[.groupOwnerAccountID] = owner[.groupOwnerAccountID]
    for name in ["server.crt", "server.key"] {
      try manager.setAttributes(attributes, ofItemAtPath: "\(directory)/\(name)")
    }
  }
}

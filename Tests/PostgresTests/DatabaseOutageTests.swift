// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

struct DatabaseOutageTests {
  private func pool(_ server: EmbeddedPostgres) -> ConnectionPool {
    ConnectionPool(
      configuration: PostgresConfiguration(
        conninfo: server.conninfo(), exchangeDeadline: .seconds(20)),
      size: 4, queueLimit: 100, waitLimit: .seconds(60))
  }

  private func borrow(_ pool: ConnectionPool) async throws -> Int {
    try await pool.withConnection { try await $0.value(Query("select 1::int8")) }
  }

  @Test func failsFastWhileAwayAndRecoversByItself() async throws {
    let directory = try TemporaryDirectory.make("outage")
    defer { TemporaryDirectory.remove(directory) }
    let server = try await EmbeddedPostgres.start(
      .init(dataDirectory: "\(directory)/data", settings: SharedServer.quick))
    let pool = pool(server)
    #expect(try await borrow(pool) == 1)
    let clock = ContinuousClock()
    for _ in 0..<2 {
      await server.kill()
      let duration = await clock.measure {
        let errors = await withTaskGroup(of: PostgresError.Code?.self) { group in
          for _ in 0..<50 {
            group.addTask {
              do { _ = try await borrow(pool) } catch { return (error as? PostgresError)?.code }
              return nil
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0 == .connectionFailed || $0 == .connectionLost })
      }
      // Far below the limit of a wait: nobody waited for a database that is away.
      #expect(duration < .seconds(10))
      try await server.restart()
      #expect(try await borrow(pool) == 1)
    }
    await pool.close()
    await server.stop(.immediate)
  }
}

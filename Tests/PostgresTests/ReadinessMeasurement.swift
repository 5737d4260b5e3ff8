// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

/// Compares the epoll reactor with a thread per connection that blocks in `poll(2)`, in one run,
/// in alternating rounds, by medians. Prints a table; asserts nothing about times.
///
/// `HANSARD_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter ReadinessMeasurement`
@Suite(
  .emptyDatabase, .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["HANSARD_MEASURE"] == "1"))
struct ReadinessMeasurement {
  private static let rounds = 21

  private struct Workload {
    let name: String
    let connections: Int
    /// Exchanges per connection and round.
    let exchanges: Int
    /// Statements per exchange.
    let statements: Int
  }

  private static let workloads = [
    Workload(name: "select 1, 1 connection", connections: 1, exchanges: 2000, statements: 1),
    Workload(name: "select 1, 8 connections", connections: 8, exchanges: 500, statements: 1),
    Workload(name: "100 statements, 1 connection", connections: 1, exchanges: 200, statements: 100),
    Workload(name: "100 statements, 8 connections", connections: 8, exchanges: 50, statements: 100),
  ]

  @Test func reactorAgainstThreads() async throws {
    let conninfo = TestDatabase.current.superuserConninfo
    var reactor: [PostgresConnection] = []
    for _ in 0..<8 {
      reactor.append(
        try await PostgresConnection.connect(PostgresConfiguration(conninfo: conninfo)))
    }
    let bare = try (0..<8).map { _ in try PollingConnection(conninfo: conninfo) }
    let threaded = try (0..<8).map { _ in try ThreadedConnection(conninfo: conninfo) }
    defer { for connection in threaded { connection.stop() } }
    print("| workload | reactor | thread behind async | bare blocking thread | ratios |")
    print("|---|---|---|---|---|")
    for workload in Self.workloads {
      var times: [[Double]] = [[], [], []]
      for round in 0...Self.rounds {
        let measured = [
          try await time(workload, reactor), await time(workload, threaded),
          await time(workload, bare),
        ]
        // The first round warms up.
        if round > 0 { for (kind, value) in measured.enumerated() { times[kind].append(value) } }
      }
      report(workload, times.map { $0.sorted()[$0.count / 2] })
    }
  }

  /// Wall time of one round per exchange, in microseconds.
  private func perExchange(
    _ workload: Workload, _ body: () async throws -> Void
  ) async rethrows -> Double {
    let duration = try await ContinuousClock().measure(body)
    let total = Double(workload.exchanges * workload.connections)
    return Double(duration.components.attoseconds) / 1e12 / total
      + Double(duration.components.seconds) * 1e6 / total
  }

  private func time(
    _ workload: Workload, _ connections: [PostgresConnection]
  ) async throws -> Double {
    let query = Query("select 1")
    let queries = [Query](repeating: query, count: workload.statements)
    return try await perExchange(workload) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for connection in connections.prefix(workload.connections) {
          group.addTask {
            for _ in 0..<workload.exchanges {
              if queries.count == 1 {
                _ = try await connection.execute(query)
              } else {
                _ = try await connection.pipeline(queries)
              }
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  private func time(_ workload: Workload, _ connections: [ThreadedConnection]) async -> Double {
    await perExchange(workload) {
      await withTaskGroup(of: Void.self) { group in
        for connection in connections.prefix(workload.connections) {
          group.addTask {
            for _ in 0..<workload.exchanges { await connection.run(workload.statements) }
          }
        }
      }
    }
  }

  private func time(_ workload: Workload, _ connections: [PollingConnection]) async -> Double {
    await perExchange(workload) {
      await withCheckedContinuation { continuation in
        let done = DispatchGroup()
        for connection in connections.prefix(workload.connections) {
          done.enter()
          Thread {
            for _ in 0..<workload.exchanges { connection.run(workload.statements) }
            done.leave()
          }.start()
        }
        done.notify(queue: .global()) { continuation.resume() }
      }
    }
  }

  private func report(_ workload: Workload, _ medians: [Double]) {
    let cells = medians.map { String(format: "%.1f µs", $0) }
    let ratios = medians.dropFirst().map { String(format: "%.2f", medians[0] / $0) }
    print(
      "| \(workload.name) | \(cells.joined(separator: " | ")) | \(ratios.joined(separator: ", ")) |"
    )
  }
}

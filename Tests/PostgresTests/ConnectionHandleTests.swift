// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase)
struct ConnectionHandleTests {
  private let database = TestDatabase.current

  /// libpq closes the socket of a broken connection by itself, and its number is soon another's.
  @Test func closingABrokenConnectionLeavesTheNextOwnerOfItsNumberAlone() async throws {
    let reactor = Reactor()
    defer { reactor.stop() }
    for _ in 0..<50 {
      let (handle, number) = try await brokenHandle(reactor)
      var ends: [Int32] = [-1, -1]
      guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { continue }
      defer { for end in ends { Glibc.close(end) } }
      // The lowest free number is given out; another test may have been faster.
      guard let near = ends.first(where: { $0 == number }) else { continue }
      let far = near == ends[0] ? ends[1] : ends[0]
      let wait = Task {
        await reactor.wait(for: .readable, on: near, until: .after(.seconds(20)))
      }
      try await eventually {
        reactor.state.withLock { $0.waiters.values.contains { $0.descriptor == near } }
      }
      handle.close()
      #expect(write(far, "x", 1) == 1)
      #expect(await wait.value == .ready)
      return
    }
    Issue.record("the number was never given out again")
  }

  /// A handle whose connection broke before our eyes, and the number that its socket had.
  private func brokenHandle(_ reactor: Reactor) async throws -> (ConnectionHandle, Int32) {
    let handle = try await PostgresConnection.establish(
      database.configuration(), reactor, .after(.seconds(20)))
    let number = handle.socket
    let connection = try #require(handle.connection)
    try await database.psql("select pg_terminate_backend(\(PQbackendPID(connection)), 20000)")
    try await eventually("libpq has seen the end") {
      PQconsumeInput(connection) == 0
    }
    #expect(handle.socket == -1)
    return (handle, number)
  }
}

// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Foundation
import Postgres
import TestSupport

/// What the reactor is measured against: libpq driven by a thread that blocks in `poll(2)`.
///
/// `@unchecked Sendable`: one thread at a time uses it, the measurement sees to that.
final class PollingConnection: @unchecked Sendable {
  private let connection: OpaquePointer

  init(conninfo: String) throws {
    guard let connection = PQconnectdb(conninfo), PQstatus(connection) == CONNECTION_OK else {
      throw TestSupportError("yardstick cannot connect")
    }
    self.connection = connection
    PQsetnonblocking(connection, 1)
    PQclear(PQprepare(connection, "one", "select 1", 0, nil))
    PQenterPipelineMode(connection)
  }

  deinit { PQfinish(connection) }

  /// Runs `select 1` so many times in one round trip.
  func run(_ count: Int) {
    for _ in 0..<count { PQsendQueryPrepared(connection, "one", 0, nil, nil, nil, 1) }
    PQpipelineSync(connection)
    while PQflush(connection) == 1 {
      wait(Int16(POLLIN | POLLOUT))
      PQconsumeInput(connection)
    }
    for _ in 0..<count {
      while let result = next() { PQclear(result) }
    }
    PQclear(next())
  }

  private func next() -> OpaquePointer? {
    while PQisBusy(connection) == 1 {
      wait(Int16(POLLIN))
      PQconsumeInput(connection)
    }
    return PQgetResult(connection)
  }

  private func wait(_ events: Int16) {
    var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
    poll(&descriptor, 1, -1)
  }
}

/// A polling connection on a thread of its own, behind an asynchronous call: what a service of
/// tasks would use if each connection had a thread.
final class ThreadedConnection: @unchecked Sendable {
  private let connection: PollingConnection
  /// Guards `jobs` and `isStopped`; the thread waits on it.
  private let condition = NSCondition()
  private var jobs: [(Int, CheckedContinuation<Void, Never>)] = []
  private var isStopped = false

  init(conninfo: String) throws {
    connection = try PollingConnection(conninfo: conninfo)
    Thread { self.work() }.start()
  }

  func run(_ count: Int) async {
    await withCheckedContinuation { continuation in
      condition.withLock {
        jobs.append((count, continuation))
        condition.signal()
      }
    }
  }

  func stop() {
    condition.withLock {
      isStopped = true
      condition.signal()
    }
  }

  private func work() {
    while let (count, continuation) = nextJob() {
      connection.run(count)
      continuation.resume()
    }
  }

  private func nextJob() -> (Int, CheckedContinuation<Void, Never>)? {
    condition.withLock {
      while jobs.isEmpty, !isStopped { condition.wait() }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }
  }
}

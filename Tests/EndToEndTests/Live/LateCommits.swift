// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport

/// Writers whose transactions commit in another order than they begin, and readers who come and go.
struct LateCommits: Sendable {
  let deployment: Deployment
  /// The same tenant on each instance.
  let stages: [LiveStage]
  let writers: Int
  /// Notices of each writer.
  let each: Int

  /// What a reader heard, in order.
  typealias Heard = [Int]

  /// Lets all of them work; returns what each of `readers` heard until the last notice.
  func run(readers: Int) async throws -> [Heard] {
    try await withThrowingTaskGroup(of: Heard.self) { group in
      let starts = try await starts(of: readers)
      for (index, start) in starts.enumerated() {
        group.addTask { try await listen(from: start, seed: index) }
      }
      try await write()
      try await deployment.withDatabase { connection in
        try await write(Int.max, on: connection, delayed: false)
      }
      var heard: [Heard] = []
      for try await one in group { heard.append(one) }
      return heard
    }
  }

  /// Where each reader begins: before the first notice.
  private func starts(of readers: Int) async throws -> [String?] {
    var starts: [String?] = []
    for index in 0..<readers {
      let (client, ready) = try await stages[index % stages.count].listen("auditor")
      starts.append(ready.id)
      await client.drop()
    }
    return starts
  }

  private func write() async throws {
    try await withThrowingTaskGroup { group in
      for writer in 0..<writers {
        group.addTask {
          try await deployment.withDatabase { connection in
            for n in 0..<each { try await write(writer * each + n, on: connection) }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func write(
    _ number: Int, on connection: PostgresConnection, delayed: Bool = true
  ) async throws {
    let seconds = delayed ? Double.random(in: 0...0.02) : 0
    _ = try await connection.transact([
      Query("set local hansard.tenant_id = '\(stages[0].tenant.id)'", prepared: false),
      Query(
        """
        insert into hansard.notices (tenant_id, notice_type, content)
        values (hansard.tenant(), 'test:number', json_build_object('n', $1::bigint))
        """, Int64(number)),
      Query("select pg_sleep($1)", seconds),
      // As instances call the tenant (`WakeUp`).
      Query(
        """
        select pg_notify('hansard_notices', translate(
          encode(sha256(convert_to('hansard/v1/wake ' || hansard.tenant(), 'UTF8')), 'base64'),
          '+/=', '-_'))
        """),
    ])
  }

  /// Listens with a new connection again and again, each time for some notices and at any instance.
  private func listen(from start: String?, seed: Int) async throws -> Heard {
    var random = SeededGenerator(seed: UInt64(seed) + 1)
    var heard: Heard = []
    var last = start
    while true {
      let stage = stages[Int.random(in: stages.indices, using: &random)]
      let (client, first) = try await stage.listen("auditor", after: last)
      guard first.type == "ready" else { throw TestSupportError("told to look for itself") }
      do {
        for _ in 0..<Int.random(in: 1...400, using: &random) {
          let notice = try await client.next(within: .seconds(30))
          guard let number = notice.data["n"]?.integer() else {
            throw TestSupportError("no number")
          }
          if number == Int64.max { return heard }
          heard.append(Int(number))
          last = notice.id
        }
      } catch let closed as LiveClient.Closed {
        // One that did not keep up comes back as well.
        guard closed.code == 1013 else { throw closed }
      }
      await client.drop()
    }
  }
}

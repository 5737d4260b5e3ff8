// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization
import TestSupport

@testable import Governance

/// Five workers purge at once, while sessions expire, attempts are added and an admin clears sessions.
struct PurgeRace: Sendable {
  let fixture: Fixture
  /// Sessions of each tenant that have expired.
  let expired: Int
  /// Sessions that an admin clears meanwhile.
  let cleared: Int
  /// Sessions that expire while attempts are added.
  let busy: Int

  private static let workers = 5
  /// That many are there in each tenant and do not expire.
  private static let kept = 100

  /// What was told those who took part.
  private struct Told {
    /// What workers say to have purged.
    var tally = RetentionTally()
    /// How many clearings succeeded.
    var clearings = 0
    /// Acknowledged attempts, by session.
    var attempts: [String: Int64] = [:]
    var failures: [String] = []
  }

  private final class Board: Sendable {
    let told = Mutex(Told())
    /// How many of those who disturb are still at it.
    let busy = Atomic<Int>(0)
  }

  /// What does not hold afterwards; empty where all is well.
  func findings() async throws -> [String] {
    try await furnish()
    let board = Board()
    try await withThrowingTaskGroup { group in
      let sessions = (1...busy).map { "busy-\($0)" }
      board.busy.store(8, ordering: .relaxed)
      for part in 0..<4 {
        group.addTask { try await add(to: sessions, board) }
        group.addTask { try await clear(part, board) }
      }
      for _ in 0..<Self.workers { group.addTask { try await work(board) } }
      try await group.waitForAll()
    }
    return try await PlantedRecoveries.findings() + judge(board.told.withLock { $0 })
  }

  private func furnish() async throws {
    for party in [fixture.acme, fixture.globex] {
      try await PlantedRecoveries.plant(
        expired, "e", attempts: 2, expiringIn: "-1 hour", of: party.tenant)
      try await PlantedRecoveries.plant(
        Self.kept, "kept", attempts: 1, expiringIn: "1 hour", of: party.tenant)
    }
    try await PlantedRecoveries.plant(
      cleared, "c", attempts: 3, expiringIn: "-1 minute", of: fixture.acme.tenant)
    for number in 1...busy {
      _ = try await fixture.hansard.recovery.log(
        [.of()], in: .named("busy-\(number)"), by: fixture.acme.recorder)
    }
    try await TestDatabase.current.psql(
      """
      update hansard.recovery_sessions
      set expires_at = clock_timestamp() + random() * interval '1 second'
      where session_id like 'busy-%'
      """)
  }

  /// Another instance, until nobody disturbs any more and nothing is due.
  private func work(_ board: Board) async throws {
    var settings = fixture.settings
    settings.poolSize = 1
    let instance = Hansard(settings, observer: .quiet())
    var isLast = false
    while !isLast {
      isLast = board.busy.load(ordering: .relaxed) == 0
      let run = await instance.retention.run()
      board.told.withLock { told in
        told.tally.recoverySessions += run.tally.recoverySessions
        told.tally.recoveryAttempts += run.tally.recoveryAttempts
        if let failure = run.failure { told.failures.append("\(failure)") }
      }
    }
    await instance.close()
  }

  /// Adds attempts to each session in turn until it is told that the session has expired.
  private func add(to sessions: [String], _ board: Board) async throws {
    defer { board.busy.subtract(1, ordering: .relaxed) }
    var open = sessions.shuffled()
    while !open.isEmpty {
      for name in open {
        do {
          _ = try await fixture.hansard.recovery.log(
            [.of()], in: .named(name), by: fixture.acme.recorder)
          board.told.withLock { $0.attempts[name, default: 0] += 1 }
        } catch let error as DomainError where error.code == .sessionExpired {
          open.removeAll { $0 == name }
        }
      }
    }
  }

  private func clear(_ part: Int, _ board: Board) async throws {
    defer { board.busy.subtract(1, ordering: .relaxed) }
    for number in 1...cleared where number % 4 == part {
      do {
        _ = try await fixture.hansard.recovery.clear(
          .named("c-\(number)"), because: .reason("x"), by: fixture.acme.admin)
        board.told.withLock { $0.clearings += 1 }
      } catch let error as DomainError where error.code == .sessionExpired {
        // The worker was first.
      }
    }
  }

  private func judge(_ told: Told) async throws -> [String] {
    var findings = told.failures
    let psql = TestDatabase.current.psql
    let purged = try await psql(
      """
      select count(*), coalesce(sum(cleared_attempts), 0)
      from hansard.recovery_sessions where cleared_on_expiry
      """)
    let tally = "\(told.tally.recoverySessions)|\(told.tally.recoveryAttempts)\n"
    if purged != tally { findings.append("purged \(purged), the workers say \(tally)") }
    let clearings = try await psql(
      """
      select count(*) from hansard.recovery_sessions
      where cleared_at is not null and not cleared_on_expiry
      """)
    if clearings != "\(told.clearings)\n" { findings.append("\(told.clearings) of \(clearings)") }
    let kept = try await psql(
      """
      select count(*) from hansard.recovery_sessions
      where session_id like 'kept-%' and cleared_at is null
      """)
    if kept != "\(2 * Self.kept)\n" { findings.append("kept: \(kept)") }
    let attempts = try await psql(
      """
      select session_id, cleared_attempts from hansard.recovery_sessions
      where session_id like 'busy-%'
      """)
    for line in attempts.split(separator: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      // One more than was added: that which began the session.
      let added = told.attempts[String(cells[0])] ?? 0
      if cells[1] != "\(added + 1)" { findings.append("\(line), \(added + 1) acknowledged") }
    }
    return findings
  }
}

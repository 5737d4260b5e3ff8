// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization
import TestSupport

@testable import Governance

/// Five workers purge at once, behind a head of held recordings, while recordings expire and others place and lift
/// holds on them.
struct RecordingRace: Sendable {
  let fixture: Fixture
  /// Recordings of each tenant that have expired.
  let expired: Int
  /// Recordings that are held and expired before all others.
  let held: Int
  /// Recordings that expire while holds are placed on them, and on half of them lifted.
  let contested: Int

  private static let workers = 5
  /// That many are there in each tenant and do not expire.
  private static let kept = 50

  private struct Told {
    var tally = RetentionTally()
    /// Contested recordings that a hold was acknowledged on and not lifted.
    var held: Set<String> = []
    /// Those for which it was too late.
    var late = 0
    var failures: [String] = []
  }

  private final class Board: Sendable {
    let told = Mutex(Told())
    let busy = Atomic<Int>(0)
  }

  /// What does not hold afterwards; empty where all is well.
  func findings() async throws -> [String] {
    try await furnish()
    let ids = try await TestDatabase.current.psql(
      "select recording_id from hansard.canvas_recordings where reason like 'contested-%'"
    ).split(separator: "\n").map(String.init)
    let board = Board()
    board.busy.store(4, ordering: .relaxed)
    try await withThrowingTaskGroup { group in
      for part in 0..<4 {
        group.addTask {
          try await hold(stride(from: part, to: ids.count, by: 4).map { ids[$0] }, board)
        }
      }
      for _ in 0..<Self.workers { group.addTask { try await work(board) } }
      try await group.waitForAll()
    }
    return try await PlantedRecordings.findings() + judge(board.told.withLock { $0 })
  }

  private func furnish() async throws {
    for party in [fixture.acme, fixture.globex] {
      try await PlantedRecordings(name: "e", count: expired, events: 2, expiringIn: "-1 hour")
        .plant(of: party.tenant)
      try await PlantedRecordings(name: "kept", count: Self.kept, events: 1, expiringIn: "1 hour")
        .plant(of: party.tenant)
    }
    try await PlantedRecordings(name: "head", count: held, events: 1, expiringIn: "-1 year")
      .plant(of: fixture.acme.tenant)
    try await PlantedRecordings(name: "contested", count: contested, events: 1, expiringIn: "1 day")
      .plant(of: fixture.acme.tenant)
    try await TestDatabase.current.psql(
      """
      insert into hansard.legal_holds (tenant_id, hold_id, recording_id, reason, placed_by)
      select tenant_id, gen_random_uuid(), recording_id, 'x', 'x'
      from hansard.canvas_recordings where reason like 'head-%';
      update hansard.canvas_recordings set hold_count = 1 where reason like 'head-%';
      update hansard.canvas_recordings
      set expires_at = clock_timestamp() + random() * interval '1.5 seconds'
      where reason like 'contested-%'
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
        told.tally.recordings += run.tally.recordings
        told.tally.events += run.tally.events
        if let failure = run.failure { told.failures.append("\(failure)") }
      }
    }
    await instance.close()
  }

  /// Places a hold on each; on every other one it is lifted and placed again, until it is too late.
  private func hold(_ ids: [String], _ board: Board) async throws {
    defer { board.busy.subtract(1, ordering: .relaxed) }
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    var wavering: [String] = []
    for (number, id) in ids.shuffled().enumerated() {
      let hold = try await place(on: id, connection)
      if number.isMultiple(of: 2) {
        if let hold { try await lift(hold, connection) }
        wavering.append(id)
      } else if hold != nil {
        board.told.withLock { _ = $0.held.insert(id) }
      }
    }
    while !wavering.isEmpty {
      for id in wavering {
        if let hold = try await place(on: id, connection) {
          try await lift(hold, connection)
        } else {
          board.told.withLock { $0.late += 1 }
          wavering.removeAll { $0 == id }
        }
      }
    }
    await connection.close()
  }

  /// Nil where the recording is gone.
  private func place(
    on id: String, _ connection: PostgresConnection
  ) async throws -> String? {
    let place = Query(
      """
      select h.hold_id::text, hansard.place_hold(h.hold_id, '\(id)', 'x', 'x')
      from (select gen_random_uuid() as hold_id offset 0) as h
      """, prepared: false)
    let rows = try await connection.transact([.setTenant(fixture.acme.tenant), place])[1]
    guard let row = rows.first, try row.decode(1, as: Timestamp?.self) != nil else { return nil }
    return try row.decode(0, as: String.self)
  }

  private func lift(_ hold: String, _ connection: PostgresConnection) async throws {
    let lift = Query("select hansard.lift_hold('\(hold)', 'x', 'x')", prepared: false)
    _ = try await connection.transact([.setTenant(fixture.acme.tenant), lift])
  }

  private func judge(_ told: Told) async throws -> [String] {
    var findings = told.failures
    let psql = TestDatabase.current.psql
    let purged = try await psql(
      "select count(*), coalesce(sum(event_count), 0) from hansard.purge_certificates")
    let tally = "\(told.tally.recordings)|\(told.tally.events)\n"
    if purged != tally { findings.append("purged \(purged), the workers say \(tally)") }
    for (name, count) in [("kept", 2 * Self.kept), ("head", held), ("e", 0)] {
      let left = try await psql(
        "select count(*) from hansard.canvas_recordings where reason like '\(name)-%'")
      if left != "\(count)\n" { findings.append("\(name): \(left)") }
    }
    let left = try await psql(
      "select recording_id from hansard.canvas_recordings where reason like 'contested-%'")
    let there = Set(left.split(separator: "\n").map(String.init))
    if there != told.held {
      findings.append("held \(told.held.count), there \(there.count): others are there or gone")
    }
    // The harness itself: it was a race.
    if told.late == 0 || told.held.isEmpty { findings.append("nobody was late, or everybody") }
    return findings
  }
}

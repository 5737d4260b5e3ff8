// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Somebody places a hold while the recording is purged or deleted, on two connections, at each step of both.
struct HoldRace {
  /// What would destroy the recording.
  enum Destroyer: CaseIterable {
    case purge, deletion
  }

  /// Who is where when the other one comes.
  enum Step: CaseIterable {
    /// The recording was found, and its root computed; then the hold is committed.
    case heldBeforeTheLocks
    /// The hold is not committed yet; then it is, or it is taken back.
    case holding, holdTakenBack
    /// The recording is destroyed, which is not committed yet; then it is, or it is taken back.
    case destroying, destructionTakenBack
  }

  let fixture: Fixture
  let destroyer: Destroyer
  let step: Step

  private static let events = 3
  private var tenant: TenantID { fixture.acme.tenant }

  /// What does not hold afterwards; empty where all is well.
  func findings() async throws -> [String] {
    let id = try await fixture.stopped(events: Self.events)
    if destroyer == .purge { try await StoppedRecordings.expire(id) }
    let holder = try await Party(id)
    let other = try await Party(id)
    let outcome = try await outcome(holder, other)
    await holder.connection.close()
    await other.connection.close()
    return try await judge(id, isHeld: outcome.isHeld, isDestroyed: outcome.isDestroyed)
  }

  private func outcome(
    _ holder: Party, _ other: Party
  ) async throws -> (isHeld: Bool, isDestroyed: Bool) {
    switch step {
    case .heldBeforeTheLocks:
      let isHeld = try await holder.run(hold, "commit")
      return (isHeld, try await other.run(destruction, "commit"))
    case .holding, .holdTakenBack:
      let end = step == .holding ? "commit" : "rollback"
      let met = try await meet(holder, hold, end, other, destruction)
      return (met.first, met.second)
    case .destroying, .destructionTakenBack:
      let end = step == .destroying ? "commit" : "rollback"
      let met = try await meet(other, destruction, end, holder, hold)
      return (met.second, met.first)
    }
  }

  /// The first one has done its part and not ended; the second one comes; then the first one ends.
  private func meet(
    _ first: Party, _ deed: Deed, _ end: String, _ second: Party, _ other: Deed
  ) async throws -> (first: Bool, second: Bool) {
    let wasDone = try await first.begin(deed)
    async let met = second.run(other, "commit")
    // A purge leaves what somebody holds, and waits for nobody.
    if other.waits {
      try await eventually("somebody who waits") {
        try await TestDatabase.current.psql(
          """
          select count(*) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'
          """) != "0\n"
      }
    } else {
      _ = try await met
    }
    try await first.end(end)
    return (wasDone && end == "commit", try await met)
  }

  /// The recording is whole and can be read, or it is gone and certified: never half of it, and never gone where
  /// somebody was told that it is held.
  private func judge(
    _ id: RecordingID, isHeld: Bool, isDestroyed: Bool
  ) async throws -> [String] {
    var findings: [String] = []
    if isHeld && isDestroyed { findings.append("held and destroyed") }
    let expected = isDestroyed ? StoppedRecordings.gone : StoppedRecordings.whole
    let rows = try await StoppedRecordings.rows(of: id)
    if rows != expected { findings.append("rows \(rows), not \(expected)") }
    let holds = try await TestDatabase.current.psql(
      "select count(*) from hansard.legal_holds where recording_id = '\(id)'")
    if holds != (isHeld ? "1\n" : "0\n") { findings.append("holds: \(holds)") }
    // What has expired is read by nobody, unless it is held.
    let isShown = isHeld || !isDestroyed && destroyer == .deletion
    do {
      let count = try await fixture.recordings.allEvents(of: id, by: fixture.acme.ann).count
      if !isShown || count != Self.events { findings.append("shown: \(count)") }
    } catch let error as DomainError {
      if isShown || error.code != .recordingExpired { findings.append("\(error.code)") }
    }
    return findings
  }
}

extension HoldRace {
  /// What one of the two does.
  fileprivate struct Deed: Sendable {
    let queries: @Sendable (RecordingID) -> [Query]
    /// What its last answer begins with where it was done.
    let isDone: @Sendable (Row) throws -> Bool
    /// Whether it waits for who has the recording.
    var waits = true
  }

  private var hold: Deed {
    Deed(
      queries: { [tenant] id in
        [.setTenant(tenant), .placeHold(.make(), on: id, because: "x", by: "x")]
      },
      isDone: { row in
        var column = row.reader()
        return try column.next(Timestamp?.self) != nil
      })
  }

  private var destruction: Deed {
    let root = [UInt8](repeating: 0, count: 32)
    switch destroyer {
    case .deletion:
      return Deed(
        queries: { [tenant] id in
          [
            .setTenant(tenant), .actAsRetention,
            .deleteRecording(
              id, root: root, events: Int64(Self.events), because: "x", askedBy: "x", by: "x"),
          ]
        },
        isDone: { try $0.decode(0, as: String.self) == "deleted" })
    case .purge:
      return Deed(
        queries: { [tenant] id in
          [
            .setTenant(tenant), .actAsRetention,
            Query(
              """
              select recordings
              from hansard.purge_recordings(array[$1::uuid], array[$2::bytea], array[$3::bigint])
              """, id.uuid, root, Int64(Self.events)),
          ]
        },
        isDone: { try $0.decode(0, as: Int64.self) == 1 }, waits: false)
    }
  }

  /// One of the two, on its own connection.
  fileprivate struct Party: Sendable {
    let recording: RecordingID
    let connection: PostgresConnection

    init(_ recording: RecordingID) async throws {
      self.recording = recording
      connection = try await TestDatabase.current.connect(role: "hansard_service")
    }

    /// Does it in a transaction that goes on; whether it was done.
    func begin(_ deed: Deed) async throws -> Bool {
      _ = try await connection.execute(.begin)
      var isDone = false
      for query in deed.queries(recording) {
        if let row = try await connection.execute(query).first { isDone = try deed.isDone(row) }
      }
      return isDone
    }

    func end(_ statement: String) async throws {
      _ = try await connection.execute(Query(statement, prepared: false))
    }

    func run(_ deed: Deed, _ statement: String) async throws -> Bool {
      let isDone = try await begin(deed)
      try await end(statement)
      return isDone
    }
  }
}

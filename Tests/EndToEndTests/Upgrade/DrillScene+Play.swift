// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Synchronization
import TestSupport

/// The phases, one after the other, under load throughout.
extension DrillScene {
  private typealias Phase = UpgradeDrill.Phase

  /// Half of the load is on the old service all the time; the other half goes where there is a choice.
  func play() async throws {
    try await withCrew(0, on: oldService) {
      let newService = try await withCrew(1, on: oldService) { try await upgrade() }
      waits.begin(Phase.both)
      try await withCrew(2, on: newService) {
        try await cross(to: newService)
        try await doWhatIsNew(on: newService)
        try await eventsArrive()
        try await probe(Phase.both)
      }
      let status = try await newService.stop()
      if status != .exited(0) { journal.surprised("the new service ended with \(status)") }
      try await withCrew(3, on: oldService) { try await downgrade() }
    }
  }

  private func upgrade() async throws -> Service {
    waits.begin(Phase.before)
    try await eventsArrive()
    try await probe(Phase.before)
    waits.begin(Phase.upgrade)
    try await migrate(drill.new, ["migrate", "up"])
    waits.begin(Phase.oldAlone)
    try await eventsArrive()
    try await probe(Phase.oldAlone)
    return try await installation.start(drill.new)
  }

  private func downgrade() async throws {
    let down = ["migrate", "down", "--to", String(drill.old.version)]
    let plan = try await installation.run(
      drill.new, ["migrate", "plan", "--to", String(drill.old.version)])
    let refused = try await installation.outcome(drill.old, down)
    if refused.status == .exited(0) { journal.surprised("data was lost without leave") }
    told.withLock {
      $0.plan = plan
      $0.refusal = refused.output
    }
    waits.begin(Phase.downgrade)
    try await migrate(drill.old, down + ["--allow-data-loss"])
    waits.begin(Phase.after)
    try await eventsArrive()
    try await probe(Phase.after)
  }

  /// Runs a migration while a reader holds the tables that it wants, for a while.
  private func migrate(_ release: Release, _ arguments: [String]) async throws {
    let reader = try await installation.connect()
    try await reader.script(
      "begin; select count(*) from hansard.recording_events, hansard.canvas_recordings")
    async let migration = installation.run(release, arguments)
    try await installation.withDatabase { connection in
      try await eventually("a migration that waits") {
        let row = try await connection.execute(Query(Self.waiting, prepared: false)).first
        return try row?.decode(0, as: Bool.self) ?? false
      }
    }
    let end = ContinuousClock.now + drill.readerStays
    try await eventually { ContinuousClock.now >= end }
    await reader.close()
    _ = try await migration
  }

  private static let waiting = """
    select count(*) > 0
    from pg_locks as l
    join pg_stat_activity as a using (pid)
    where not l.granted
      and a.application_name = 'hansard migrate'
    """

  private func eventsArrive() async throws {
    let wanted = journal.acknowledgedCount + drill.eventsPerPhase
    try await eventually(within: .seconds(120), "acknowledgements") {
      journal.acknowledgedCount >= wanted
    }
  }

  /// Whether the old service is ready, and whether it answers questions about everything that is there.
  private func probe(_ phase: String) async throws {
    let status = await oldService.probe("/readyz")?.status ?? 0
    told.withLock { $0.readiness.append((phase, status)) }
    try await askAround(phase)
  }

  /// Writes with eight writers to a service for as long as `body` takes: half of the load.
  private func withCrew<T: Sendable>(
    _ number: Int, on service: Service, _ body: () async throws -> T
  ) async throws -> T {
    let isOver = Whistle()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        let writer = Writer(
          number: 8 * number + index, recording: tenant.recordings[index % tenant.recordings.count],
          client: service.client(tenant.key), journal: journal, rate: drill.eventsPerSecond / 16,
          waited: { [waits] in waits.add($0) })
        group.addTask { try await writer.write { isOver.isBlown } }
      }
      let result: Result<T, any Error>
      do {
        result = .success(try await body())
      } catch {
        result = .failure(error)
      }
      isOver.blow()
      try await group.waitForAll()
      return try result.get()
    }
  }
}

/// Blown once, heard by all.
private final class Whistle: Sendable {
  private let state = Atomic(false)

  var isBlown: Bool { state.load(ordering: .acquiring) }

  func blow() { state.store(true, ordering: .releasing) }
}

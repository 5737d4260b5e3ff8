// Hansard
// SPDX-License-Identifier: Apache-2.0

import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Governance

/// What was logged, line by line.
private final class KeptLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct KeepingLogHandler: LogHandler {
  let lines: KeptLines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    lines.add("\(event.level) \(event.message) \(event.metadata?["what"] ?? "")")
  }
}

/// The service that purges again and again.
@Suite(.serialized, .database)
struct RetentionWorkerTests {
  private struct Stage {
    let fixture: Fixture
    let metrics = Metrics()
    let lines = KeptLines()

    /// Runs a worker of an instance with one connection for the length of `body`.
    func withWorker(_ body: () async throws -> Void) async throws {
      var settings = fixture.settings
      settings.poolSize = 1
      let logger = Logger(label: "test") { [lines] _ in KeepingLogHandler(lines: lines) }
      let instance = Hansard(settings, observer: Observer(logger: logger, metrics: metrics))
      let worker = RetentionWorker(retention: instance.retention, interval: .milliseconds(5))
      try await withThrowingTaskGroup { group in
        group.addTask { try await worker.run() }
        try await body()
        group.cancelAll()
        try await group.waitForAll()
      }
      await instance.close()
    }
  }

  private func purged(_ count: Int) async throws -> Bool {
    try await TestDatabase.current.psql(
      "select count(*) from hansard.recovery_sessions where cleared_on_expiry") == "\(count)\n"
  }

  @Test func purgesByItselfOnOneConnection() async throws {
    try await Fixture.run { fixture in
      let stage = Stage(fixture: fixture)
      try await stage.withWorker {
        for round in 1...3 {
          for party in [fixture.acme, fixture.globex] {
            try await PlantedRecoveries.plant(
              150, "r\(round)", attempts: 2, expiringIn: "0.1 seconds", of: party.tenant)
          }
          try await eventually("a purge") {
            try await self.purged(300 * round)
          }
        }
        try await eventually("the end of a run") {
          stage.metrics.sample("hansard_retention_last_run_timestamp_seconds") ?? 0 > 1_700_000_000
        }
        // The attempts go after the keys.
        try await eventually("the end of the rest") {
          try await PlantedRecoveries.findings() == []
        }
      }
      #expect(stage.metrics.sample("hansard_recovery_sessions_purged_total") == 900)
      #expect(stage.metrics.sample("hansard_recovery_attempts_purged_total") == 1800)
      #expect(stage.metrics.sample("hansard_retention_failures_total") == 0)
      #expect(try await PlantedRecoveries.findings() == [])
    }
  }

  /// What goes wrong again and again is told once, and its end too.
  @Test func aFailureIsToldOnceAndTriedAgain() async throws {
    try await Fixture.run { fixture in
      let stage = Stage(fixture: fixture)
      try await PlantedRecoveries.plant(
        2, "s", attempts: 1, expiringIn: "-1 hour", of: fixture.acme.tenant)
      let function = "alter function hansard."
      try await TestDatabase.current.psql(
        "\(function)purge_recovery_sessions(integer) rename to gone")
      try await stage.withWorker {
        try await eventually("two failures") {
          stage.metrics.sample("hansard_retention_failures_total") ?? 0 >= 2
        }
        try await TestDatabase.current.psql(
          "\(function)gone(integer) rename to purge_recovery_sessions")
        try await eventually("a purge") { try await self.purged(2) }
        try await eventually("that it is told") {
          stage.lines.all.contains { $0.contains("duty resumed") }
        }
      }
      let failures = stage.metrics.sample("hansard_retention_failures_total")
      #expect(failures == stage.metrics.sample("hansard_duty_failures_total"))
      let told = stage.lines.all.filter { $0.contains("duty") }
      #expect(told.count == 2, "\(told)")
      #expect(told.first == "error duty failed internal_error")
    }
  }

  @Test func pausesGrowAfterFailures() async throws {
    try await Fixture.run { fixture in
      let worker = RetentionWorker(
        retention: fixture.hansard.retention, interval: .seconds(3600))
      #expect(worker.pause(after: 0, jitter: 0.5) == .seconds(1800))
      let pauses = (1...8).map { worker.pause(after: $0, jitter: 1) }
      #expect(pauses == [1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
      #expect(worker.pause(after: .max, jitter: 1) == .seconds(30))
    }
  }

  @Test func stopsWhenAskedTo() async throws {
    try await Fixture.run { fixture in
      try await PlantedRecoveries.plant(
        400, "s", attempts: 2, expiringIn: "-1 hour", of: fixture.acme.tenant)
      for round in 0..<40 {
        let worker = RetentionWorker(
          retention: fixture.hansard.retention, interval: .milliseconds(round % 4))
        let group = ServiceGroup(
          configuration: .init(
            services: [worker], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        async let run: Void = group.run()
        for _ in 0..<round { await Task.yield() }
        await group.triggerGracefulShutdown()
        try await run
      }
      #expect(try await PlantedRecoveries.findings(isOver: false) == [])
      #expect(await fixture.hansard.retention.run().failure == nil)
      #expect(try await PlantedRecoveries.findings() == [])
    }
  }
}
